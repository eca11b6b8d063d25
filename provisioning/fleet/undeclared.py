"""Stacks that are deployed and declared nowhere: their rows were taken out of the file before they were taken down.

Nothing is done to them. Their people keep their accounts, nobody keeps them up, and only a person knows whether the row
was lost or the tenant was to go.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from provisioning.fleet.acts import TenantPlan, Verdict

REASON = (
    "It is deployed, and has neither a row in the file nor a stack's file of its own. Its people keep their accounts."
)

WHAT_TO_DO = "Put its row back. If it is to go, take it down with its row first: elium fleet teardown --only {name}"


def undeclared(stacks: Mapping[str, int] | None, rows: Collection[str], project: Path) -> list[TenantPlan]:
    """Tell of each stack of the project that holds something, and has neither a row nor a file in its folder.

    *stacks* are the numbers of resources by name; ``None`` when nobody could tell.
    """
    return [
        TenantPlan(name, Verdict.NO_ROW, reason=REASON, what_to_do=WHAT_TO_DO.format(name=name))
        for name, resources in sorted((stacks or {}).items())
        if resources and name not in rows and not (project / f"Pulumi.{name}.yaml").exists()
    ]
