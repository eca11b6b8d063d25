"""Stacks that are deployed and declared nowhere: their rows were taken out of the file before they were taken down.

Nothing is done to them. Their people keep their accounts, nobody keeps them up, and only a person knows whether the row
was lost or the tenant was to go.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from provisioning.fleet.acts import TenantPlan, Verdict
from provisioning.fleet.stack_folder import written_in
from provisioning.fleet.tenants_file import Fleet, elium_of

REASON = (
    "It is deployed, and has neither a row in the file nor a stack's file of its own. Its people keep their accounts."
)

WHAT_TO_DO = "Put its row back. If it is to go, take it down with its row first: elium fleet teardown --only {name}"

TAKEN = (
    "tenantUrl: the stack {name}, which has no row any more, provisions into this Elium. Two jobs would undo each "
    "other's work, and taking that one down would close accounts of people who stay."
)

GIVE_BACK = "If only the name was changed, call the row {name} again. If not, take that stack down first, with its row."


def refused_heirs(fleet: Fleet, stacks: Mapping[str, int] | None, project: Path, state: Path) -> list[TenantPlan]:
    """Refuse each chosen tenant that is new, and whose Elium is that of a stack without a row.

    Where that one provisions is read in its folder below *state*; of one that was brought about elsewhere nobody knows.
    """
    lost = undeclared(stacks, fleet.names, project)
    owners = {elium_of(tenant): tenant.name for tenant in (written_in(state / one.tenant, one.tenant) for one in lost)}
    return [
        TenantPlan(
            tenant.name, Verdict.REFUSED, reason=TAKEN.format(name=owner), what_to_do=GIVE_BACK.format(name=owner)
        )
        for tenant in fleet.tenants
        if tenant.name not in (stacks or {}) and (owner := owners.get(elium_of(tenant), "")) and elium_of(tenant)
    ]


def undeclared(stacks: Mapping[str, int] | None, rows: Collection[str], project: Path) -> list[TenantPlan]:
    """Tell of each stack of the project that holds something, and has neither a row nor a file in its folder.

    *stacks* are the numbers of resources by name; ``None`` when nobody could tell.
    """
    return [
        TenantPlan(name, Verdict.NO_ROW, reason=REASON, what_to_do=WHAT_TO_DO.format(name=name))
        for name, resources in sorted((stacks or {}).items())
        if resources and name not in rows and not (project / f"Pulumi.{name}.yaml").exists()
    ]
