"""Who is assigned to an app: what its list shows, and what the list lacks although an earlier run made it."""

from __future__ import annotations

from collections.abc import Collection

from provisioning.errors import ConflictError
from provisioning.model.assignment import Assignment
from provisioning.model.identifiers import ServicePrincipalId
from provisioning.operations.port import Graph


async def assigned(
    graph: Graph, principal: ServicePrincipalId, known: Collection[Assignment] = ()
) -> tuple[Assignment, ...]:
    """List who is assigned to the app. Whoever is *known* from an earlier run and not listed is asked, one call each.

    Lists lag by a minute (reliability 3, rule 3), and who takes an assignment for gone does not count the people who
    leave with it.
    """
    listed = await graph.assignments(principal)
    there = {each.principal for each in listed}
    asked = [await graph.assignments_held_by(each, principal) for each in known if each.principal not in there]
    return (*listed, *(one for several in asked for one in several))


def not_assigned(before: Collection[Assignment], held: Collection[Assignment]) -> list[Assignment]:
    """Give those whom an earlier run assigned and who are not assigned any more."""
    there = {each.principal for each in held}
    return [each for each in before if each.principal not in there]


def refuse_what_was_unassigned(before: Collection[Assignment], held: Collection[Assignment]) -> None:
    """Refuse a change as long as an assignment that an earlier run made is not there.

    Pulumi does not look whether a resource is still there: it would not make again what is declared, and fail to delete
    what is not. And a plan would count as people who enter those who are about to leave.

    :raises ConflictError: naming every such group and user.
    """
    gone = not_assigned(before, held)
    if not gone:
        return
    named = ", ".join(f"{each.kind.value} {each.name}" for each in gone)
    raise ConflictError(
        f"Not assigned any more, although an earlier run assigned it: {named}. Somebody else took that away or "
        "deleted it, or a run was cut before it was done, and the people who came by it leave with the next cycle. "
        "Nothing was changed.",
        status=0,
        hint="Run `pulumi refresh`, which looks again, and repeat this then; `pulumi up` assigns whoever is declared.",
    )
