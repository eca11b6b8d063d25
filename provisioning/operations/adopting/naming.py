"""How those who are assigned are written in a stack's file, so that the program finds the same ones by it.

An assignment has the name that its principal had when it was made (``principalDisplayName``), so that a group may be
called otherwise by now, and several groups may share a name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from provisioning.graph.apps import PrincipalFound
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.operations.lookups import OBJECT_ID, By


class Directory(Protocol):
    """Microsoft Graph, as far as many are looked up at once."""

    async def principals_among(
        self, kind: PrincipalKind, name: str, values: Collection[str]
    ) -> tuple[PrincipalFound, ...]:
        """Find groups or users whose property is one of these."""


@dataclass(frozen=True, slots=True)
class Names:
    """How principals are written, by object id."""

    written: Mapping[str, str] = field(default_factory=dict)
    """A group's display name, a user's principal name, or the object id where that alone is sure."""
    notes: tuple[str, ...] = ()
    """Who is not written as the assignment calls it, a sentence each."""


async def names_of(graph: Directory, assignments: Sequence[Assignment]) -> Names:
    """Look names up; one request for fifteen groups or users, and two more where a group was renamed."""
    groups, users = (_named(assignments, kind) for kind in (PrincipalKind.GROUP, PrincipalKind.USER))
    written = await _sure(graph, groups)
    renamed = await _renamed(graph, {key: name for key, name in groups.items() if key not in written})
    written |= await _sure(graph, renamed)
    notes = [_note(name, key, written.get(key)) for key, name in groups.items() if written.get(key) != name]
    people = await graph.principals_among(PrincipalKind.USER, By.OBJECT_ID.value, users) if users else ()
    written |= {one.id: one.principal_name for one in people if one.principal_name}
    notes += [_note(name, key, None) for key, name in users.items() if key not in written]
    return Names({key: written.get(key, key) for key in (*groups, *users)}, tuple(notes))


def _named(assignments: Sequence[Assignment], kind: PrincipalKind) -> dict[str, str]:
    return {each.principal: each.name for each in assignments if each.kind is kind}


async def _sure(graph: Directory, groups: Mapping[str, str]) -> dict[str, str]:
    """Give the groups that are found by their name, and alone; a name that looks like an id is looked up as one."""
    asked = [name for name in dict.fromkeys(groups.values()) if not OBJECT_ID.fullmatch(name)]
    if not asked:
        return {}
    found = await graph.principals_among(PrincipalKind.GROUP, By.DISPLAY_NAME.value, asked)
    count = Counter(one.name.casefold() for one in found)
    return {
        one.id: one.name
        for one in found
        if count[one.name.casefold()] == 1 and groups.get(one.id, "").casefold() == one.name.casefold()
    }


async def _renamed(graph: Directory, groups: Mapping[str, str]) -> dict[str, str]:
    """Give those that are called otherwise by now, with that name."""
    if not groups:
        return {}
    found = await graph.principals_among(PrincipalKind.GROUP, By.OBJECT_ID.value, groups)
    return {one.id: one.name for one in found if one.name.casefold() != groups[one.id].casefold()}


def _note(name: str, principal: str, written: str | None) -> str:
    if written is None:
        return f"{name} is written by its object id, {principal}: by its name it is not found, or not alone."
    return f"{written} was called {name} when it was assigned."
