"""Rows that would make one app of two: whichever came first would be taken for the other's."""

from __future__ import annotations

from provisioning.fleet.acts import TenantPlan, Verdict
from provisioning.fleet.tenants_file import Fleet

REASON = "displayName: the row {first} has an app of this name in the same Entra tenant."

WHAT_TO_DO = "Give this one another displayName."


def refused_doubles(fleet: Fleet) -> list[TenantPlan]:
    """Refuse each chosen tenant whose app would be that of a row before; nothing is asked for it."""
    return [
        TenantPlan(
            tenant.name,
            Verdict.REFUSED,
            reason=REASON.format(first=fleet.doubles[tenant.name]),
            what_to_do=WHAT_TO_DO,
        )
        for tenant in fleet.tenants
        if tenant.name in fleet.doubles
    ]
