"""A verb of one stack, done for one tenant after the other: what works for a stack works for each of a fleet.

The verb runs as on a command line, in the tenant's folder and environment, and its JSON is read.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from provisioning.commands.asking import run_command
from provisioning.commands.elium import run
from provisioning.commands.exit_codes import ExitCode
from provisioning.commands.screen import Screen, secrets_in
from provisioning.commands.surroundings import Surroundings
from provisioning.fleet.acts import Acts, TenantOutcome, Verdict
from provisioning.fleet.tenant import Tenant
from provisioning.operations.deployed import PULUMI, Ended

TOKEN = "env:ELIUM_SECRET_TOKEN"  # noqa: S105 - where it lies
"""Where a tenant's token lies in its own environment."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a verb told."""

    code: int
    document: Mapping[str, Any]

    @property
    def error(self) -> Mapping[str, Any]:
        """What went wrong; empty when nothing did."""
        found: Mapping[str, Any] = self.document.get("error") or {}
        return found

    def outcome(self, tenant: Tenant, otherwise: Verdict, **more: Any) -> TenantOutcome:  # noqa: ANN401 - an outcome's
        """Say what came of it, *otherwise* where nothing went wrong."""
        if not self.error:
            return TenantOutcome(tenant.name, otherwise, **more)
        verdict = Verdict.REFUSED if self.code == ExitCode.REFUSED else Verdict.FAILED
        said = {"reason": str(self.error["message"]), "what_to_do": str(self.error["hint"])}
        return TenantOutcome(tenant.name, verdict, **{**more, **said})


def heard(
    surroundings: Surroundings,
    acts: Acts,
    tenant: Tenant,
    *,
    verb: str,
    options: Sequence[str] = (),
    more: Sequence[str] = (),
) -> Heard:
    """Run a verb of one stack for a tenant.

    :raises ConfigurationError: when the tenant's secrets are not where they should lie.
    """
    out, err = io.StringIO(), io.StringIO()
    within = within_tenant(surroundings, acts, tenant, out, err)
    code = run((verb, tenant.name, "--json", *options, *more), within)
    text = out.getvalue()
    return Heard(code, json.loads(text) if text else {"error": {"message": err.getvalue().strip(), "hint": ""}})


def within_tenant(surroundings: Surroundings, acts: Acts, tenant: Tenant, out: TextIO, err: TextIO) -> Surroundings:
    """Give what a verb of one stack finds around it when it works for a tenant.

    :raises ConfigurationError: when the tenant's secrets are not where they should lie.
    """
    environment = tenant.environment(acts.here)

    def run_in_it(command: Sequence[str], folder: Path) -> Ended:
        if command[0] != PULUMI:
            return run_command(command, folder)
        needs_plugins = command[1] == "destroy"
        with acts.engine.attached(environment) if needs_plugins else nullcontext(environment) as attached:
            return acts.engine.run(attached)(command, folder)

    return Surroundings(
        environment,
        acts.folder_of(tenant),
        Screen(out, err, secrets_in(environment)),
        surroundings.clock,
        run_in_it,
        on_demand=acts.clients.on_demand(environment),
    )
