"""Assignments that a judged plan changes, until somebody has seen that they were changed.

The engine saves a plan before azuread assigns, and long before it takes assignments away. Where a run ends in between,
the next one finds nothing to change in the plan, and has azuread do the rest, whoever joined the group meanwhile. So
the plan remembers what it was to change, and as long as that is not so, it is judged anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from provisioning.model.assignment import Assignment
from provisioning.planning.changes import AlterRole, AssignmentChange
from provisioning.planning.plan import Plan
from provisioning.provider.properties import Plain
from provisioning.settings.job import AssignmentSettings

PENDING = "pending"


def pending_of(plan: Plan) -> Plain:
    """Write down for the state what a plan changes. Before a job has run, nobody gains or loses anything by it.

    Where there was one that is lost, it has left accounts.
    """
    changed = [_changed(each) for each in plan.changes if isinstance(each, AssignmentChange)]
    return noted(changed) if plan.has_run or plan.circumstances.had_a_job else {}


def noted(assignments: Iterable[Assignment]) -> Plain:
    """Write down for the state which assignments are to change."""
    rows = {each.principal: _row(each) for each in assignments}
    return {PENDING: list(rows.values())} if rows else {}


def undone(state: Plain, inputs: Plain, held: Collection[Assignment]) -> tuple[Assignment, ...]:
    """Find what the last plan was to change and is not so: assigned still, or not assigned yet.

    *inputs* are those of the last run, *held* is who is assigned now.
    """
    declared, there = ({each.principal for each in side} for side in (listed(inputs), held))
    return tuple(each for each in listed(state, PENDING) if (each.principal in declared) != (each.principal in there))


def declared_before(state: Plain, inputs: Plain, held: Collection[Assignment]) -> tuple[Assignment, ...]:
    """Give what the last run declared, without the changes that are not done: those are to be judged again."""
    declared, rest = listed(inputs), undone(state, inputs, held)
    known, turned = ({each.principal for each in side} for side in (declared, rest))
    there = (each for each in declared if each.principal not in turned)
    return (*there, *(each for each in rest if each.principal not in known))


def known(state: Plain, inputs: Plain) -> tuple[Assignment, ...]:
    """Give all that an earlier run made, or was to make or take away."""
    return (*listed(inputs), *listed(state, PENDING))


def without_what_is_gone(inputs: Plain, held: Collection[Assignment]) -> Plain:
    """Give the inputs of the last run as a refresh keeps them: declared is who is still assigned."""
    if not inputs.get("assignments"):
        return inputs
    there = {each.principal for each in held}
    return inputs | {"assignments": [each for each in inputs["assignments"] if each["principalId"] in there]}


def listed(values: Plain, name: str = "assignments") -> tuple[Assignment, ...]:
    """Read assignments from a state or from inputs; the plan's have no roles."""
    rows = map(AssignmentSettings.model_validate, values.get(name) or ())
    return tuple(each.assignment(each.role) for each in rows)


def _changed(change: AssignmentChange) -> Assignment:
    return change.after if isinstance(change, AlterRole) else change.assignment


def _row(each: Assignment) -> Plain:
    return {"principalId": each.principal, "kind": each.kind.value, "name": each.name}
