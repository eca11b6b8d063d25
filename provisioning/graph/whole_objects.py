"""Users and groups as Graph shows them, property by property: what a copy of a tenant is made from.

Whoever judges people wants attributes under the old directory's names, see :mod:`provisioning.graph.people`; whoever
copies them wants what was there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from provisioning.graph.people import GROUP_FACTS, NAMED_BY, by_ids, path_of

LISTED_FROM = 300
"""So many people are asked for by their ids, fifteen a call, before a list of all users costs less."""


class Graph(Protocol):
    """What is needed of Graph, by the paths of collections."""

    def items(self, path: str) -> AsyncIterator[Mapping[str, Any]]:
        """Give what a collection holds, page after page."""


@dataclass(frozen=True, slots=True)
class WholeObjects:
    """Reads users and groups. Each verb is one request a page, or one for fifteen ids."""

    graph: Graph

    async def users(self, ids: Collection[str], select: Iterable[str]) -> list[Mapping[str, Any]]:
        """Read users by their ids; one who does not exist is left out."""
        return await self._all(by_ids("/users", ids, sorted(select)))

    async def everybody(self, select: Iterable[str]) -> list[Mapping[str, Any]]:
        """Read every user of the tenant."""
        return await self._all([path_of("/users", select=sorted(select))])

    async def members(self, group: str, select: Iterable[str]) -> list[Mapping[str, Any]]:
        """Read the users who are direct members of a group."""
        return await self._all([path_of(f"/groups/{group}/members/microsoft.graph.user", select=sorted(select))])

    async def groups(self, ids: Collection[str], select: Iterable[str]) -> list[Mapping[str, Any]]:
        """Read groups by their ids; one that does not exist is left out."""
        return await self._all(by_ids("/groups", ids, sorted({*GROUP_FACTS, *select})))

    async def every_group(self, select: Iterable[str]) -> list[Mapping[str, Any]]:
        """Read every group of the tenant, without members."""
        return await self._all([path_of("/groups", select=sorted({*GROUP_FACTS, *select}))])

    async def subgroups(self, group: str) -> list[Mapping[str, Any]]:
        """Read the groups that are direct members of a group, by name alone."""
        path = path_of(f"/groups/{group}/members/microsoft.graph.group", select=("displayName", "id"))
        return await self._all([path])

    async def managers(self, people: Collection[str]) -> dict[str, Mapping[str, Any]]:
        """Read whom people report to, by the person's id.

        Of many people the whole list of users is read: by ids it would be a call for every fifteen.
        """
        expand = f"manager($select={','.join(NAMED_BY)})"
        listed = len(people) > LISTED_FROM
        paths = [path_of("/users", select=("id",), expand=expand)] if listed else None
        found = await self._all(paths or by_ids("/users", people, ("id",), expand=expand))
        return {node["id"]: node["manager"] for node in found if node.get("manager") and node["id"] in people}

    async def _all(self, paths: Iterable[str]) -> list[Mapping[str, Any]]:
        return [node for path in paths async for node in self.graph.items(path)]
