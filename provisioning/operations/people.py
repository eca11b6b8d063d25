"""Reading people in order to count them; and where that cannot be, why, as a value: whoever counts goes on without."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from provisioning.errors import GraphError, MissingPermissionError, ThrottledError, UnavailableError
from provisioning.model.assignment import Assignment
from provisioning.model.person import People
from provisioning.operations.port import Graph

LEAST_PERMISSIONS = "User.Read.All, GroupMember.Read.All and Application.Read.All"
"""What reading people and their assignments needs (graph 3.3, 11.2); ``Directory.Read.All`` covers all three."""

SEES_HIDDEN = "Member.Read.Hidden"
"""What shows the members of a group whose membership is hidden (graph: group-list-members)."""


@dataclass(frozen=True, slots=True)
class ReadPeople:
    """Those who were read."""

    people: People | None
    """``None`` when nobody was."""
    why_nobody: str = ""
    """Why nobody was."""
    passing: GraphError | None = None
    """What kept them from being read, where it may be over the next time."""


async def read_people(
    graph: Graph, principals: Collection[Assignment], *, attributes: Collection[str], everybody: bool, at_most: int
) -> ReadPeople:
    """Read whom *principals* bring along, and *everybody* where that is asked; nobody when *at_most* is 0."""
    if at_most == 0:
        return ReadPeople(None, "The estimate is switched off (impactLimit: 0).")
    try:
        people = await graph.people(principals, attributes=attributes, everybody=everybody, at_most=at_most)
    except MissingPermissionError:
        return ReadPeople(None, f"This identity may not read people: grant it {LEAST_PERMISSIONS}.")
    except (ThrottledError, UnavailableError) as error:
        return ReadPeople(None, f"People could not be read. {error.message}", passing=error)
    except GraphError as error:
        return ReadPeople(None, f"People could not be read. {error.message}")
    unseen = [group.name for group in people.groups if group.hides_members and not group.members]
    if unseen:
        return ReadPeople(None, f"The members of {', '.join(unseen)} are hidden: grant this identity {SEES_HIDDEN}.")
    return ReadPeople(people)
