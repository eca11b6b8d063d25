"""Tenants of one file, each with a job that has had a cycle, as ``elium fleet up`` leaves them; no engine is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from operating import PROJECT, asked

from emulator import Fleet
from emulator.web.server import Served
from provisioning.commands.asking import run_command
from provisioning.operations.deployed import Ended
from provisioning.operations.rehearsal.emulator import Starter

ENGINE = """#!/bin/sh
[ "$1" = version ] && { echo v3.259.0; exit; }
echo "error: no stack named 'it' found" >&2
exit 6
"""
"""Stands for an engine that knows of no stack: the jobs are noted."""


@dataclass
class Tenants:
    """A project with a file of tenants, in one Entra tenant."""

    served: Served
    environment: dict[str, str]
    folder: Path
    rows: list[dict[str, Any]]
    start: Starter | None = None

    @property
    def names(self) -> list[str]:
        return [row["name"] for row in self.rows]

    @property
    def file(self) -> Path:
        return self.folder / "tenants.yaml"

    def pulumi(self, command: Sequence[str], folder: Path) -> Ended:
        """Run what is not the engine's, for which a program stands."""
        return run_command(command, folder)

    def declare(self, rows: Sequence[dict[str, Any]]) -> None:
        """Write the file."""
        self.file.write_text(yaml.safe_dump({"tenants": list(rows)}), encoding="utf-8")

    def job_of(self, name: str) -> tuple[str, str]:
        """Give the service principal and the job of a tenant."""
        noted = (self.folder / ".state" / "fleet" / name / "job").read_text(encoding="utf-8")
        principal, _, job = noted.strip().partition("/")
        return principal, job

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask Graph as somebody who may do everything."""
        return asked(self.served, method, path, body)

    def bring_about(self, row: dict[str, Any]) -> None:
        """Make the app of a row and its job, and note the job where the fleet does."""
        template = self.ask("GET", "/applicationTemplates?$filter=displayName eq 'Elium'")["value"][0]["id"]
        made = self.ask("POST", f"/applicationTemplates/{template}/instantiate", {"displayName": row["displayName"]})
        at = f"/servicePrincipals/{made['servicePrincipal']['id']}"
        job = self.ask("POST", f"{at}/synchronization/jobs", {"templateId": "elium"})["id"]
        token = self.environment[row["secretToken"].removeprefix("env:")]
        pairs = {"BaseAddress": f"{row['tenantUrl']}/scim/v2", "SecretToken": token, "SyncAll": "false"}
        value = [{"key": key, "value": text} for key, text in pairs.items()]
        self.ask("PUT", f"{at}/synchronization/secrets", {"value": value})
        self.ask("POST", f"{at}/synchronization/jobs/{job}/start")
        folder = self.folder / ".state" / "fleet" / row["name"]
        folder.mkdir(parents=True)
        (folder / "job").write_text(f"{made['servicePrincipal']['id']}/{job}\n", encoding="utf-8")


@contextmanager
def many(number: int, *, without_job: int = 0) -> Iterator[Tenants]:
    """Serve so many platforms; the last *without_job* of the file have none yet."""
    with Fleet(number).serve() as fleet, TemporaryDirectory() as folder:
        served = fleet.served[0]
        written: Any = yaml.safe_load(fleet.tenants)
        rows = [{**written["defaults"], **row} for row in written["tenants"]]
        tenants = Tenants(served, dict(fleet.environment), Path(folder), rows)
        (tenants.folder / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
        tenants.declare(rows)
        (tenants.folder / "pulumi").write_text(ENGINE, encoding="utf-8")
        (tenants.folder / "pulumi").chmod(0o755)
        tenants.environment["PATH"] = folder
        for row in rows[: number - without_job]:
            tenants.bring_about(row)
        served.run_due()
        yield tenants
