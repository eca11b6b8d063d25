"""Notice that an assignment which the program made was taken away by somebody else."""

from __future__ import annotations

from collections.abc import Collection

from provisioning.errors import ConflictError
from provisioning.model.assignment import Assignment


def refuse_what_was_unassigned(
    before: Collection[Assignment], declared: Collection[Assignment], held: Collection[Assignment]
) -> None:
    """Refuse a change as long as an assignment, made by an earlier run and still declared, is not there.

    Pulumi does not look whether a resource is still there, so it would not be made again; a plan would count as people
    who enter those who are about to leave.

    :raises ConflictError: naming every such group and user.
    """
    there, kept = ({each.principal for each in side} for side in (held, declared))
    gone = [each for each in before if each.principal in kept - there]
    if not gone:
        return
    named = ", ".join(f"{each.kind.value} {each.name}" for each in gone)
    raise ConflictError(
        f"Not assigned any more, although declared: {named}. Somebody else took that away, or a run was cut before it "
        "was done, and the people who came by it leave with the next cycle. Nothing was changed.",
        status=0,
        hint="Run `pulumi refresh`, and then `pulumi up`, which assigns them again; or take them out of the program.",
    )
