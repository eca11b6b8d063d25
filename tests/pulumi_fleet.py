"""A fleet of this project in a folder of its own: ``elium fleet`` with the real engine, against a served emulator."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from operating import Stream, typing
from pulumi_stack import SECONDS_AT_MOST, Stack

from emulator import Emulator, Knobs
from emulator.company import seed as seeds
from emulator.company.seed_parts import ClientSeed, EliumSeed, Seed
from emulator.company.store import Directory, DirectoryObject, Kind
from emulator.web.server import Served
from provisioning.commands.elium import run
from provisioning.commands.screen import Screen, secrets_in
from provisioning.commands.surroundings import Surroundings
from provisioning.graph.patience import Clock

NAMES = ("acme", "bolt", "cone", "dune")

GROUP = "Elium users"

CALLS = "pulumi.calls"
"""The file in which each start of ``pulumi`` has a line."""


@dataclass(frozen=True)
class Ended:
    """What came of a command line."""

    code: int
    out: str
    err: str
    shown: str
    """Both together, as a terminal shows them."""

    @property
    def documents(self) -> dict[str, Any]:
        """The lines of JSON on stdout, by tenant."""
        lines = [json.loads(line) for line in self.out.splitlines()]
        return {line["tenant"]: line for line in lines}

    @property
    def verdicts(self) -> dict[str, str]:
        """How each tenant stands, in the order in which it was told."""
        return {name: line["verdict"] for name, line in self.documents.items()}


@dataclass
class Fleet:
    """A project with a file of tenants."""

    served: Served
    folder: Path
    environment: dict[str, str]
    rows: list[dict[str, Any]]
    defaults: dict[str, Any] = field(default_factory=lambda: {"groups": [GROUP]})
    clock: Clock | None = None
    """By which the commands wait, if not by the real one."""

    def declare(self) -> None:
        """Write the file as it is declared now."""
        text = yaml.safe_dump({"defaults": self.defaults, "tenants": self.rows}, sort_keys=False)
        (self.folder / "tenants.yaml").write_text(text, encoding="utf-8")

    def row(self, name: str) -> dict[str, Any]:
        """Give the row of a tenant, to be changed."""
        return next(row for row in self.rows if row["name"] == name)

    def elium(self, *arguments: str, answer: str = "") -> Ended:
        """Run ``elium fleet`` in this process; *answer* is what is typed when it asks."""
        return self.elium_itself("fleet", *arguments, answer=answer)

    def elium_itself(self, *arguments: str, answer: str = "") -> Ended:
        """Run ``elium`` in this process."""
        self.declare()
        terminal = io.StringIO()
        out, err = Stream(terminal), Stream(terminal)
        screen = Screen(out, err, secrets_in(self.environment), typing(answer, err) if answer else None)
        code = run(arguments, Surroundings(self.environment, self.folder, screen, self.clock))
        return Ended(code, out.getvalue(), err.getvalue(), terminal.getvalue())

    def begun(self, *arguments: str) -> subprocess.Popen[str]:
        """Start ``elium fleet`` as a process, whose stderr can be read as it comes."""
        self.declare()
        command = [str(Path(sys.executable).with_name("elium")), "fleet", *arguments]
        return subprocess.Popen(  # noqa: S603 - ours
            command,
            cwd=self.folder,
            env=dict(self.environment),
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )

    @property
    def asked_of_pulumi(self) -> list[str]:
        """What ``pulumi`` was started for since this was asked last, such as ``stack export``, in order."""
        log = self.folder / CALLS
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return [" ".join(word for word in line.split()[:2] if not word.startswith("-")) for line in lines]

    def pulumi(self, name: str, *arguments: str) -> str:
        """Run Pulumi on a tenant's stack, in its folder."""
        ended = subprocess.run(  # noqa: S603 - ours
            ["pulumi", *arguments, "--stack", name, "--non-interactive", "--color=never"],  # noqa: S607 - on the PATH
            cwd=self.folder / ".state" / "fleet" / name,
            env=dict(self.environment),
            text=True,
            capture_output=True,
            check=True,
            timeout=SECONDS_AT_MOST,
        )
        return ended.stdout + ended.stderr

    def apps(self, display_name: str) -> Sequence[Any]:
        """List the service principals at Entra that are called so."""
        return [one for one in self.all_apps if one.properties["displayName"] == display_name]

    @property
    def all_apps(self) -> Sequence[Any]:
        """List all service principals at Entra."""
        directory = self.served.emulator.world.tenant(self.served.environment["ARM_TENANT_ID"]).directory
        # In the emulator's own turn, since it goes on meanwhile in a thread of its own.
        return asyncio.run_coroutine_threadsafe(_listed(directory), self.served.loop).result()

    def hire(self, number: int, *, into: str) -> None:
        """Make a group of so many people who are new."""
        directory = self.served.emulator.world.tenant(self.served.environment["ARM_TENANT_ID"]).directory

        async def hired() -> None:
            group = directory.add(
                Kind.GROUP, {"id": str(uuid4()), "displayName": into, "securityEnabled": True, "groupTypes": []}
            )
            for name in (f"new.{one}@contoso.com" for one in range(number)):
                named = {"displayName": name, "userPrincipalName": name, "mail": name, "mailNickname": name}
                user = directory.add(Kind.USER, {"id": str(uuid4()), "accountEnabled": True, **named})
                directory.add_member(group.id, user.id)

        asyncio.run_coroutine_threadsafe(hired(), self.served.loop).result()

    def jobs(self, name: str) -> Sequence[Any]:
        """List the jobs of a tenant's apps."""
        world = self.served.emulator.world.tenant(self.served.environment["ARM_TENANT_ID"])
        return [job for app in self.apps(f"Elium {name}") for job in world.synchronization_of(app.id).jobs]

    def active(self, name: str) -> int:
        """Count the active accounts at one Elium."""
        return sum(1 for user in self.served.emulator.elium.tenant(name).users if user["active"])


def variable_of(name: str) -> str:
    """Name the variable in which a tenant's token lies."""
    return f"{name.upper().replace('-', '_')}_TOKEN"


def _watched(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Put a ``pulumi`` before the real one that writes down what it is started for, and becomes it."""
    real, ours = shutil.which("pulumi", path=environment["PATH"]), folder / "watched"
    ours.mkdir()
    script = (
        f'#!/bin/sh\nprintf "%s\\n" "$*" >> {shlex.quote(str(folder / CALLS))}\nexec {shlex.quote(str(real))} "$@"\n'
    )
    (ours / "pulumi").write_text(script, encoding="utf-8")
    (ours / "pulumi").chmod(0o755)
    return {**environment, "PATH": f"{ours}{os.pathsep}{environment['PATH']}"}


async def _listed(directory: Directory) -> list[DirectoryObject]:
    return list(directory.all(Kind.SERVICE_PRINCIPAL))


def company(names: Sequence[str], clients: Sequence[ClientSeed] = ()) -> Seed:
    """Make the company of the emulator with an Elium platform for each name, and more *clients* that sign in."""
    seed = seeds.read(None)
    platforms = [EliumSeed(name=name, token=f"token-of-{name}-0123456789") for name in names]
    return seed.model_copy(update={"elium": platforms, "clients": [*seed.clients, *clients]})


@contextmanager
def fleet(
    folder: Path, names: Sequence[str] = NAMES, clients: Sequence[ClientSeed] = (), knobs: Knobs | None = None
) -> Iterator[Fleet]:
    """Give a fleet of which nothing is brought about yet."""
    with Emulator(seed=company(names, clients), knobs=knobs or Knobs()).serve() as served:
        stack = Stack.of_this_project(folder, served.environment)
        tokens = {variable_of(name): f"token-of-{name}-0123456789" for name in names}
        rows = [
            {
                "name": name,
                "tenantUrl": f"{served.origin}/elium/{name}",
                "secretToken": f"env:{variable_of(name)}",
                "displayName": f"Elium {name}",
            }
            for name in names
        ]
        environment = {**_watched(folder, stack.variables), **tokens, "PULUMI_CONFIG_PASSPHRASE": "of a test"}
        environment.pop("PULUMI_CONFIG_PASSPHRASE_FILE", None)
        yield Fleet(served, folder, environment, rows)
    gc.collect()
