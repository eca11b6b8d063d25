"""Somebody who adopts what was made in the portal, with a Pulumi that keeps a state and imports what it is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from operating import PROJECT, READER, Operator, ServedClock, asked
from portal import Portal, credentials, made_in_the_portal

from emulator import Emulator
from emulator.company import seed as seeds
from emulator.company.store import Kind
from emulator.web.server import Served
from provisioning.operations.deployed import Ended
from provisioning.operations.stack_configuration import as_told

STACK = "urn:pulumi:dev::provisioning::"
COMPONENT = "elium:index:EliumProvisioning"
APP = "azuread:index/applicationFromTemplate:ApplicationFromTemplate"


@dataclass
class Adopter(Operator):
    """An operator with a set-up of the portal, and a stack that has nothing."""

    portal: Portal = field(kw_only=True)
    state: dict[str, Any] | None = None
    """The state of the stack ``dev``; ``None`` before it is made."""

    def pulumi(self, command: Sequence[str], folder: Path) -> Ended:
        """Answer as the engine 3.259 does for a stack ``dev``."""
        assert (command[0], folder) == ("pulumi", self.folder)
        self.asked_of_pulumi.append(command)
        if command[1:] == ("version",):
            return Ended(0, f"v{version('pulumi')}\n", "")
        answers: dict[tuple[str, str], Callable[[], Ended]] = {
            ("stack", "init"): self._make,
            ("stack", "export"): self._export,
            ("stack", "import"): partial(self._take, command),
            ("import", "--yes"): partial(self._import, command),
            ("preview", "--expect-no-changes"): lambda: Ended(0, "", ""),
            ("config", "--json"): self._config,
            ("config", "--stack"): self._config,
        }
        if command[1:3] == ("config", "get"):
            return Ended(0, f"{self.secret}\n", "")
        return answers[command[1], command[2]]()

    @property
    def verbs(self) -> list[str]:
        """What the engine was told that changes something."""
        told = [" ".join(each for each in command[1:3] if not each.startswith("-")) for command in self.asked_of_pulumi]
        return [each for each in told if each in {"stack init", "import", "stack import"}]

    @property
    def file(self) -> Path:
        return self.folder / "Pulumi.dev.yaml"

    @property
    def settings(self) -> dict[str, Any]:
        """What the stack's file declares, without the namespace; address and token aside."""
        written = yaml.safe_load(self.file.read_text(encoding="utf-8"))["config"]
        named = {key.removeprefix("elium:"): value for key, value in written.items()}
        return {name: value for name, value in named.items() if name not in {"tenantUrl", "secretToken"}}

    @property
    def portal_token(self) -> str:
        """Give the token that the administrator saved."""
        return credentials(self.served)["SecretToken"]

    def declare(self, **settings: Any) -> None:
        """Write the stack's file."""
        written = {"config": {f"elium:{name}": value for name, value in settings.items()}}
        self.file.write_text(yaml.safe_dump(written), encoding="utf-8")

    def held(self, kind: str) -> list[dict[str, Any]]:
        """Give what the state holds of a type, by its last name."""
        resources = (self.state or {}).get("deployment", {}).get("resources") or []
        return [one for one in resources if one["type"].endswith(f":{kind}")]

    def _make(self) -> Ended:
        self.state = {"version": 3, "deployment": {}}
        return Ended(0, "", "")

    def _export(self) -> Ended:
        if self.state is None:
            return Ended(6, "", "error: no stack named 'dev' found")
        return Ended(0, json.dumps(self.state), "")

    def _take(self, command: Sequence[str]) -> Ended:
        self.state = _document(command)
        return Ended(0, "", "")

    def _import(self, command: Sequence[str]) -> Ended:
        assert self.state is not None
        resources = self.state["deployment"].setdefault("resources", [])
        listed = _document(command)
        named = dict(listed["nameTable"])
        for one in listed["resources"]:
            resources.append(self._imported(one, named))
            named[one["name"]] = resources[-1]["urn"]
        return Ended(0, "", "")

    def _imported(self, one: Mapping[str, Any], named: Mapping[str, str]) -> dict[str, Any]:
        if one.get("component"):
            return {"type": one["type"], "urn": f"{STACK}{one['type']}::{one['name']}"}
        read = self._app_read() if one["type"] == APP else {}
        urn = f"{named[one['parent']].rpartition('::')[0]}${one['type']}::{one['name']}"
        kept = {"type": one["type"], "urn": urn, "id": one["id"], "parent": named[one["parent"]], "custom": True}
        return {**kept, "inputs": read, "outputs": read, "provider": "urn:provider::1"}

    def _app_read(self) -> dict[str, str]:
        template = self.portal.app["applicationTemplateId"]
        names = {"templateId": template, "servicePrincipalObjectId": self.portal.principal}
        return {**names, "displayName": self.portal.app["displayName"], "applicationObjectId": self.portal.application}

    def _config(self) -> Ended:
        told = as_told(yaml.safe_load(self.file.read_text(encoding="utf-8"))["config"], "provisioning")
        values = {
            key: {"value": value if isinstance(value, str) else json.dumps(value)} for key, value in told.values.items()
        }
        secret = {key: {"value": self.secret, "secret": True} for key in told.secret}
        return Ended(0, json.dumps(values | secret), "")


def _document(command: Sequence[str]) -> Any:
    return json.loads(Path(command[command.index("--file") + 1]).read_text(encoding="utf-8"))


@contextmanager
def adopting(
    *,
    name: str = "Elium",
    roles: Sequence[str] | None = None,
    knows_token: bool = True,
    edits: Sequence[Callable[[dict[str, Any]], None]] = (),
) -> Iterator[Adopter]:
    """Serve a company whose administrator made an app called *name*, "Elium users" assigned, and a job that has run.

    *roles* are the permissions that ``elium-reader`` has, instead of the seed's; *edits* change how users are mapped.
    """
    seed = seeds.read()
    for client in seed.clients:
        if roles is not None and client.display_name == READER:
            client.roles = list(roles)
    with Emulator(seed=seed).serve() as served, TemporaryDirectory() as folder:
        (Path(folder) / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
        operator = adopter_of(served, Path(folder), name, knows_token=knows_token)
        for edit in edits:
            operator.portal.edit(edit)
        yield operator


def adopter_of(served: Served, folder: Path, name: str = "Elium", *, knows_token: bool = True) -> Adopter:
    """Let an administrator make it in the portal."""
    portal = made_in_the_portal(served, partial(asked, served), name)
    known = {"ELIUM_SECRET_TOKEN": credentials(served)["SecretToken"]} if knows_token else {}
    environment = {key: value for key, value in served.environment.items() if not key.startswith("ELIUM_")} | known
    clock = ServedClock(served)
    operator = Adopter(served, portal.principal, portal.job, environment, clock, folder, portal=portal)
    groups = operator.tenant.directory.all(Kind.GROUP)
    portal.assign(next(each.id for each in groups if each.properties["displayName"] == "Elium users"))
    portal.start()
    return operator
