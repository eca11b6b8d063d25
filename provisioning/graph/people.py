"""Reading people: those whom groups and users bring along, who else there is, and the attributes that decide.

Who belongs to an app is told by its assignments: users who are assigned, and direct members of security groups that
are (Learn: how-provisioning-works#assignment-based-scoping). Which of those are meant is the caller's to say: today's
assignments, those that will be made, or both. So a principal need not be assigned, nor exist.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from provisioning.errors import GraphError, MissingPermissionError
from provisioning.graph.attributes import properties_for, unknown_among, unreadable_among, value_of
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.person import AssignedGroup, Manager, People, Person

PAGE = 999
"""The largest page of users and groups (Learn: graph/paging; graph: user-list)."""

IDS_AT_ONCE = 15
"""How many values an ``in`` of ``$filter`` takes (Learn: graph/filter-query-parameter)."""

NAMED_BY = ("id", "displayName", "userPrincipalName")
"""What a person is known by."""

ALWAYS_READ = ("accountEnabled", "displayName", "id", "userPrincipalName")

REFUSED_PROPERTY = 400
"""The status with which Graph refuses a property that it does not have."""

GROUP_FACTS = ("displayName", "groupTypes", "id", "securityEnabled", "visibility")


HIDDEN = "HiddenMembership"
"""The visibility of groups whose members only an identity with ``Member.Read.Hidden`` sees (graph: group;
group-list-members)."""


class Graph(Protocol):
    """What reading people needs of Graph, by the paths of collections."""

    def items(self, path: str) -> AsyncIterator[Mapping[str, Any]]:
        """Give what a collection holds, page after page."""

    async def count(self, path: str) -> int:
        """Tell how much a collection holds, without reading it."""


@dataclass(slots=True)
class PeopleReader:
    """Reads people once, and stops at the limit."""

    graph: Graph
    attributes: Collection[str]
    at_most: int
    unreadable: frozenset[str] = frozenset()
    """Attributes that are not asked for, because Graph did not take them."""
    found: dict[str, _Found] = field(default_factory=dict)
    is_complete: bool = True

    async def read(self, principals: Collection[Assignment], *, everybody: bool) -> People:
        """Read whom *principals* bring along, then *everybody* else; members of groups come first.

        Attributes that a tenant added and nobody here knows are asked for too. Graph may refuse one that it does not
        have, and then everything is read again without them.
        """
        unknown = unknown_among(self.attributes)
        try:
            return await self._read(principals, everybody=everybody)
        except GraphError as error:
            if error.status != REFUSED_PROPERTY or not unknown - self.unreadable:
                raise
        again = PeopleReader(self.graph, self.attributes, self.at_most, unreadable=unknown)
        return await again.read(principals, everybody=everybody)

    async def _read(self, principals: Collection[Assignment], *, everybody: bool) -> People:
        named = {kind: {one.principal: one.name for one in principals if one.kind is kind} for kind in PrincipalKind}
        groups = [await self._with_members(group) for group in await self._groups(named[PrincipalKind.GROUP])]
        await self._take_users(named[PrincipalKind.USER])
        if everybody and self.is_complete:
            await self._take(path_of("/users", select=self._select))
        if "manager" in self.attributes:
            await self._read_managers()
        return People(
            persons=tuple(map(self._person, self.found.values())),
            is_complete=self.is_complete,
            unreadable=frozenset(unreadable_among(self.attributes)) | self._unseen(),
            groups=tuple(groups),
        )

    async def _groups(self, named: Mapping[str, str]) -> list[AssignedGroup]:
        """Look the groups up, in the order that they were asked for."""
        paths = by_ids("/groups", named, GROUP_FACTS)
        nodes = {node["id"]: node for path in paths async for node in self.graph.items(path)}
        return [_group_of(group, name, nodes.get(group)) for group, name in named.items()]

    async def _with_members(self, group: AssignedGroup) -> AssignedGroup:
        """Read the members of a group. One that is not security-enabled brings nobody in, so it is not asked."""
        if not (group.is_there and group.is_security_enabled):
            return group
        members = f"/groups/{group.id}/members/microsoft.graph.user"
        count = await self._take(path_of(members, select=self._select), through=group.id)
        if not self.is_complete:
            # How many are beyond the limit is not known from reading, and a group must not be told to be empty for it.
            count = await self.graph.count(members)
        nested = path_of(f"/groups/{group.id}/members/microsoft.graph.group", select=("displayName", "id"))
        holds = [str(node.get("displayName") or node["id"]) async for node in self.graph.items(nested)]
        return replace(group, members=count, holds_groups=tuple(sorted(holds)))

    async def _take_users(self, users: Collection[str]) -> None:
        """Read users by their ids; one who does not exist is left out."""
        for path in by_ids("/users", users, self._select):
            await self._take(path)
        for user in self.found.keys() & users:
            self.found[user].through.add(user)

    async def _read_managers(self) -> None:
        """Read whom people report to. It is told, not judged by; so where Graph refuses it, nothing is told."""
        try:
            for path in by_ids("/users", self.found, ("id",), expand=f"manager($select={','.join(NAMED_BY)})"):
                async for node in self.graph.items(path):
                    self.found[node["id"]].manager = node.get("manager")
        except GraphError:
            return

    async def _take(self, path: str, *, through: str = "") -> int:
        """Take people from a collection, as long as there is room; gives how many of it were met."""
        met = 0
        if not self.is_complete:
            return met
        async for node in self.graph.items(path):
            if node["id"] not in self.found:
                if len(self.found) >= self.at_most:
                    self.is_complete = False
                    return met
                self.found[node["id"]] = _Found(node)
            met += 1
            if through:
                self.found[node["id"]].through.add(through)
        return met

    def _person(self, found: _Found) -> Person:
        return replace(
            _person_of(found.node, self.attributes),
            manager=Manager(found.manager["id"], _name(found.manager)) if found.manager else None,
            through=frozenset(found.through),
        )

    def _unseen(self) -> frozenset[str]:
        """List the unknown attributes that Graph left out of every answer: where it has one, it shows even its null."""
        shown = {name for found in self.found.values() for name in found.node}
        return unknown_among(self.attributes) - shown if self.found else self.unreadable

    @property
    def _select(self) -> list[str]:
        return sorted({*ALWAYS_READ, *properties_for(set(self.attributes) - self.unreadable)})


@dataclass(slots=True)
class PeopleStream:
    """Gives people as they are read, each once, and keeps their ids alone."""

    graph: Graph
    attributes: Collection[str]
    unreadable: frozenset[str] = frozenset()
    given: set[str] = field(default_factory=set)

    async def read(self, principals: Sequence[Assignment], *, everybody: bool) -> AsyncIterator[Person]:
        """Give whom *principals* bring along, in their order, then *everybody* else.

        Attributes that Graph turns out not to have are left out, which is known before anybody is given.
        """
        unknown = unknown_among(self.attributes) - self.unreadable
        try:
            async for person in self._read(principals, everybody=everybody):
                yield person
        except GraphError as error:
            if self.given or error.status != REFUSED_PROPERTY or not unknown:
                raise
        else:
            return
        again = PeopleStream(self.graph, self.attributes, unreadable=unknown)
        async for person in again.read(principals, everybody=everybody):
            yield person

    async def _read(self, principals: Sequence[Assignment], *, everybody: bool) -> AsyncIterator[Person]:
        groups = [one.principal for one in principals if one.kind is PrincipalKind.GROUP]
        paths = by_ids("/groups", groups, GROUP_FACTS)
        counting = {
            node["id"] for path in paths async for node in self.graph.items(path) if node.get("securityEnabled", True)
        }
        for one in principals:
            async for person in self._brought_by(one, counting):
                yield person
        if everybody:
            async for person in self._new(path_of("/users", select=self._select), through=""):
                yield person

    async def _brought_by(self, one: Assignment, counting: Collection[str]) -> AsyncIterator[Person]:
        if one.kind is PrincipalKind.USER:
            paths = [*by_ids("/users", [one.principal], self._select)]
        else:
            members = f"/groups/{one.principal}/members/microsoft.graph.user"
            paths = [path_of(members, select=self._select)] if one.principal in counting else []
        for path in paths:
            async for person in self._new(path, through=one.principal):
                yield person

    async def _new(self, path: str, *, through: str) -> AsyncIterator[Person]:
        async for node in self.graph.items(path):
            if node["id"] not in self.given:
                self.given.add(node["id"])
                yield replace(_person_of(node, self.attributes), through=frozenset(filter(None, (through,))))

    @property
    def _select(self) -> list[str]:
        return sorted({*ALWAYS_READ, *properties_for(set(self.attributes) - self.unreadable)})


def leads_elsewhere(named: str) -> bool:
    """Tell whether a name, as a part of an address, is none: Graph would list everybody (RFC 3986, 5.2.4)."""
    return named.strip() in {"", ".", ".."}


async def read_person(
    get: Callable[[str, Callable[[dict[str, Any]], Person]], Awaitable[Person]], named: str, attributes: Collection[str]
) -> Person:
    """Read one user with *attributes*; without those that Graph turns out not to have."""

    async def read(asked: Collection[str]) -> Person:
        select = sorted({*ALWAYS_READ, *properties_for(asked)})
        path = f"/users/{quote(named, safe='')}?$select={','.join(select)}"
        return await get(path, lambda node: _person_of(node, attributes))

    unknown = unknown_among(attributes)
    try:
        return await read(attributes)
    except GraphError as error:
        if error.status != REFUSED_PROPERTY or not unknown:
            raise
    return await read(set(attributes) - unknown)


def _person_of(node: Mapping[str, Any], attributes: Collection[str]) -> Person:
    """Read a person.

    :raises MissingPermissionError: when Graph shows null for what every user has, as it does for members of groups whom
        the identity may not read (Learn: graph/permissions-overview, limited information returned for inaccessible
        member objects). Whoever judged them would find that nobody passes any filter, before and after.
    """
    if node.get("accountEnabled") is None:
        raise MissingPermissionError(
            f"Graph shows this identity that there is a user {node['id']}, and not the attributes that decide.",
            hint="Grant it User.Read.All.",
        )
    return Person(
        id=node["id"],
        name=_name(node),
        attributes={name: value_of(node, name) for name in attributes},
        is_enabled=node.get("accountEnabled") is not False,
    )


def group_of(node: Mapping[str, Any]) -> AssignedGroup:
    """Read a group, without its members."""
    return _group_of(str(node["id"]), "", node)


def path_of(path: str, *, select: Iterable[str] = (), only: str = "", expand: str = "", top: int = PAGE) -> str:
    """Write the path of a collection with its query options (Learn: graph/query-parameters)."""
    options = {"$select": ",".join(select), "$filter": only, "$expand": expand, "$top": str(top or "")}
    given = {name: value for name, value in options.items() if value}
    return f"{path}?{urlencode(given, quote_via=quote, safe='$,()')}"


def quoted(text: str) -> str:
    """Write a text in a filter: quotes inside are doubled (Learn: graph/query-parameters#escaping-single-quotes)."""
    return "'" + text.replace("'", "''") + "'"


def by_ids(path: str, ids: Collection[str], select: Iterable[str], *, expand: str = "") -> Iterator[str]:
    """Ask for objects by id, as many as fit into a question."""
    return among(path, "id", ids, select, expand=expand)


def among(path: str, name: str, values: Collection[str], select: Iterable[str], *, expand: str = "") -> Iterator[str]:
    """Ask for objects whose property *name* is one of these, as many as fit into a question."""
    listed = list(values)
    for start in range(0, len(listed), IDS_AT_ONCE):
        several = ",".join(map(quoted, listed[start : start + IDS_AT_ONCE]))
        yield path_of(path, select=select, only=f"{name} in ({several})", expand=expand)


def _group_of(group: str, name: str, node: Mapping[str, Any] | None) -> AssignedGroup:
    if node is None:
        return AssignedGroup(group, name, is_there=False)
    return AssignedGroup(
        id=group,
        name=str(node.get("displayName") or name),
        is_security_enabled=node.get("securityEnabled") is not False,
        is_microsoft_365="Unified" in (node.get("groupTypes") or ()),
        hides_members=node.get("visibility") == HIDDEN,
    )


@dataclass(slots=True)
class _Found:
    """Somebody who was read, and who of those asked about brings them along."""

    node: Mapping[str, Any]
    through: set[str] = field(default_factory=set)
    manager: Mapping[str, Any] | None = None


def _name(node: Mapping[str, Any]) -> str:
    shown, principal = node.get("displayName"), node.get("userPrincipalName")
    return f"{shown} ({principal})" if shown and principal else str(shown or principal or node["id"])
