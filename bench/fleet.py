"""What a fleet costs: many tenants onboarded from nothing, unchanged, and asked how they are; beside a shell's loop.

``python -m bench.fleet`` prints it, for a hundred tenants of the emulator and the stand-in for azuread: seconds, and
the largest memory of all processes but the emulator's. The loop, ``pulumi up`` for one after the other, is run over
fewer, since it would take all night otherwise. What the durable engine itself costs is measured up to a thousand
tenants with acts that do nothing, so that all waiting is left out.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
import yaml

from provisioning.fleet.acts import TenantOutcome, TenantPlan, Verdict
from provisioning.fleet.durable import Order, durable
from provisioning.fleet.living import OnThisMachine
from provisioning.fleet.tenant import Tenant
from scripts.demo.processes import emulator
from scripts.demo.screen import new_console
from tools.environment import environment
from tools.places import this_clone

TENANTS, IN_A_LOOP = 100, 10

SIZES = (10, 100, 1_000)
"""How many tenants the engine alone is measured with."""

ENTRA_TENANTS = 10
"""Over how many they are spread then."""

MEGABYTE = 1024 * 1024

BETWEEN_LOOKS = 0.2
"""Seconds between two looks at how much memory is in use."""


def main() -> int:
    """Take every measurement and print it."""
    return measured(TENANTS)


def measured(tenants: int) -> int:
    """Measure with so many tenants."""
    _say(f"$ python -m bench.fleet {tenants}\n")
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder), tenants) as project:
        for what, words in (
            ("onboarded from nothing", ("up", "--yes")),
            ("unchanged", ("up",)),
            ("status", ("status",)),
        ):
            _tell(f"{tenants} {what}", _run(project, ("elium", "fleet", *words)))
        looped = project.names[:IN_A_LOOP]
        _tell(f"{len(looped)} unchanged, by pulumi up in a loop", _run(project, ("sh", "-c", _loop(project, looped))))
    _say("\nthe durable engine alone, acts that do nothing")
    for size in SIZES:
        seconds = _engine_alone(size)
        _say(f"  {size:>5,} tenants  {seconds:6.1f} s  {seconds / size * 1000:6.1f} ms each")
    return 0


@dataclass(frozen=True, slots=True)
class Project:
    """A project with a file of tenants."""

    folder: Path
    variables: Mapping[str, str]
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took."""

    seconds: float
    megabytes: float


@contextmanager
def _served(folder: Path, tenants: int) -> Iterator[Project]:
    """Serve platforms, and put a project beside the file of tenants that fits them."""
    clone = this_clone()
    (folder / "emulator").mkdir()
    with emulator(folder / "emulator", keep=False, tenants=tenants) as served:
        project = folder / "project"
        project.mkdir()
        written: Any = yaml.safe_load((clone.root / "Pulumi.yaml").read_text(encoding="utf-8"))
        for provider in written["plugins"]["providers"]:
            provider["path"] = str(clone.root / provider["path"])
        (project / "Pulumi.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
        shutil.copy(clone.root / "__main__.py", project)
        shutil.copy(folder / "emulator" / "tenants.yaml", project)
        (folder / "state").mkdir()
        ours = {
            "PULUMI_BACKEND_URL": (folder / "state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "of a measurement",
            "PYTHONDONTWRITEBYTECODE": "",
        }
        variables = {**os.environ, **served.environment, **environment(clone, os.environ), **ours}
        variables.pop("PULUMI_CONFIG_PASSPHRASE_FILE", None)
        rows = yaml.safe_load((project / "tenants.yaml").read_text(encoding="utf-8"))["tenants"]
        yield Project(project, variables, [row["name"] for row in rows])


def _loop(project: Project, names: Sequence[str]) -> str:
    """Write the loop that one has without a fleet."""
    folder = project.folder / ".state" / "fleet"
    ups = (f"pulumi -C {folder / name} up --yes --stack {name}" for name in names)
    return " && ".join(ups)


def _run(project: Project, command: Sequence[str]) -> Cost:
    began, most = time.perf_counter(), 0.0
    with subprocess.Popen(  # noqa: S603 - ours
        command,
        cwd=project.folder,
        env=dict(project.variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        said: list[str] = []
        reader = threading.Thread(target=lambda: said.extend(process.stdout or ()))
        reader.start()
        while process.poll() is None:
            most = max(most, _memory_of(process.pid))
            time.sleep(BETWEEN_LOOKS)
        reader.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {''.join(said[-20:])}")
    return Cost(time.perf_counter() - began, most / MEGABYTE)


def _memory_of(pid: int) -> float:
    """Give what a process and all below it use now, in bytes."""
    try:
        process = psutil.Process(pid)
        return sum(_resident(each) for each in (process, *process.children(recursive=True)))
    except psutil.Error:
        return 0


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


class _Nothing:
    """Acts that do nothing."""

    def prepare(self, tenant: Tenant) -> TenantPlan:
        return TenantPlan(tenant.name, Verdict.CHANGES, checksum="c0ffee00")

    def up(self, tenant: Tenant, planned: TenantPlan, *, is_prepared: bool) -> TenantOutcome:
        del tenant, is_prepared
        return replace(planned.as_outcome, verdict=Verdict.DONE)

    def verify(self, tenant: Tenant, outcome: TenantOutcome) -> TenantOutcome:
        del tenant
        return outcome

    def await_cycle(self, tenant: Tenant, outcome: TenantOutcome) -> TenantOutcome:
        del tenant
        return outcome


def _engine_alone(size: int) -> float:
    # Spread, since in one Entra tenant no more than 400 begin at once.
    tenants = tuple(
        (Tenant(f"t{number}", {}, entra={"tenantId": f"entra-{number % ENTRA_TENANTS}"}), "c0ffee00")
        for number in range(size)
    )
    with tempfile.TemporaryDirectory() as folder:
        living = OnThisMachine(Path(folder))
        with durable(_Nothing(), living, f"sqlite:///{folder}/fleet.db", at_once=4) as engine:
            began = time.perf_counter()
            done = sum(1 for _ in engine.begin(Order(tenants)).outcomes())
            seconds = time.perf_counter() - began
        living.close()
    if done != size:
        raise RuntimeError(f"{done} of {size} came to an end.")
    return seconds


def _tell(what: str, cost: Cost) -> None:
    _say(f"{what:<42} {cost.seconds:7.1f} s  {cost.megabytes:6,.0f} MB")


def _say(text: str) -> None:
    new_console().print(text, markup=False, highlight=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.fleet", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("tenants", nargs="?", type=int, default=TENANTS, help="how many (default: %(default)s)")
    sys.exit(measured(parser.parse_args().tenants))
