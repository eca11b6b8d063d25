"""Reporting on a fleet: every tenant of a file is asked, some at a time."""

from __future__ import annotations

from pathlib import Path

from provisioning.commands.fleet.options import FOUR, Selection
from provisioning.commands.fleet.telling import Going
from provisioning.commands.fleet.working import acts_in, chosen, each_at_once
from provisioning.commands.surroundings import Surroundings
from provisioning.fleet.doubles import refused_doubles
from provisioning.fleet.reporting import Reporting, row_of
from provisioning.fleet.tenant import Tenant
from provisioning.fleet.undeclared import undeclared
from provisioning.operations.logs import since_of
from provisioning.operations.reporting.fleet import FleetReport, TenantReport, fleet_report


def report_on(surroundings: Surroundings, folder: Path, file: Path, since: str) -> FleetReport:
    """Ask all of them; one that cannot be asked is a row that says why.

    :raises ConfigurationError: with every mistake in the file.
    """
    fleet = chosen(Selection(file, (), FOUR, folder))
    refused = {one.tenant: row_of(one) for one in refused_doubles(fleet)}
    with acts_in(surroundings, folder) as acts:
        now, stacks = acts.clock.now(), acts.stacks()
        begins = since_of(now, since)
        reporting = Reporting(acts, stacks, begins)

        def ask(tenant: Tenant) -> TenantReport:
            return refused.get(tenant.name) or reporting.ask(tenant)

        with Going(surroundings.screen, "asking", len(fleet.tenants)) as going:
            found = each_at_once(fleet.tenants, ask, FOUR, lambda one: going.note(one.tenant, one.verdict))
        without_row = [row_of(plan) for plan in undeclared(stacks, fleet.names, folder)]
    return fleet_report([*found, *without_row], at=now, since=begins)
