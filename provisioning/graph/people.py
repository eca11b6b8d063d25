"""Reading people: who is assigned, who there is, and the attributes that decide, under the names that mappings use.

Mappings and filters use the names of the old directory (``mobile``); Graph has its own (``mobilePhone``). The
translation lives here, and so does how Graph tells who belongs to an app: direct assignments, and direct members of
security groups that are assigned (Learn: how-provisioning-works#assignment-based-scoping; graph: user).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from provisioning.errors import GraphError
from provisioning.graph.attributes import properties_for, unreadable_among, value_of
from provisioning.model.person import Manager, People, Person

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from provisioning.language import Role
    from provisioning.model.identifiers import ServicePrincipalId

    Items = Callable[[str], AsyncIterator[Mapping[str, Any]]]

PAGE = 999
"""The largest page of users and groups (Learn: graph/paging; graph: user-list)."""

IDS_AT_ONCE = 15
"""How many values an ``in`` of ``$filter`` takes (Learn: graph/filter-query-parameter)."""

NAMED_BY = ("id", "displayName", "userPrincipalName")
"""What a person is known by."""

ALWAYS_READ = ("accountEnabled", "displayName", "id", "userPrincipalName")

DEFAULT_ROLE = "Default Assignment"
"""What ``appRoleAssignments`` calls a role that the app does not declare (graph 3.4)."""


@dataclass(slots=True)
class PeopleReader:
    """Reads the people of one app, and stops at the limit."""

    items: Items
    """Gives what a collection of Graph holds, page after page, by its path."""
    principal: ServicePrincipalId
    attributes: Collection[str]
    at_most: int
    found: dict[str, _Found] = field(default_factory=dict)
    is_complete: bool = True
    nested: list[str] = field(default_factory=list)

    async def read(self, *, assigned: bool, everybody: bool) -> People:
        """Read those who are *assigned*, or *everybody*, or both and which is which."""
        roles = await self._app_roles() if assigned and "appRoleAssignments" in self.attributes else {}
        if assigned:
            await self._read_assigned()
        if everybody and self.is_complete:
            await self._take(self._path("/users", select=self._select))
        if "manager" in self.attributes:
            await self._read_managers()
        persons = tuple(self._person(found, roles) for found in self.found.values())
        return People(persons, self.is_complete, frozenset(unreadable_among(self.attributes)), tuple(self.nested))

    async def _read_assigned(self) -> None:
        """Read members of assigned groups first, then those who are assigned themselves."""
        held: dict[str, dict[str, list[str]]] = {"Group": {}, "User": {}}
        async for node in self.items(self._path(f"/servicePrincipals/{self.principal}/appRoleAssignedTo")):
            if node.get("principalType") in held:
                held[node["principalType"]].setdefault(node["principalId"], []).append(str(node.get("appRoleId")))
        groups = await self._security_groups(held["Group"])
        for group in groups:
            path = self._path(f"/groups/{group}/members/microsoft.graph.user", select=self._select)
            await self._take(path, holding=held["Group"][group])
        for path in self._by_ids("/users", held["User"], self._select):
            await self._take(path)
        for user, roles in held["User"].items():
            if user in self.found:
                self.found[user].hold(roles)
        if self.is_complete:
            self.nested = [name for group, name in groups.items() if await self._holds_groups(group)]

    async def _read_managers(self) -> None:
        """Read whom people report to. It is told, not judged by; so where Graph refuses it, nothing is told."""
        try:
            for path in self._by_ids("/users", self.found, ("id",), expand=f"manager($select={','.join(NAMED_BY)})"):
                async for node in self.items(path):
                    self.found[node["id"]].manager = node.get("manager")
        except GraphError:
            return

    async def _security_groups(self, groups: Collection[str]) -> dict[str, str]:
        """Leave out groups that are not security-enabled: they take nobody in (Learn: how-provisioning-works)."""
        paths = self._by_ids("/groups", groups, ("displayName", "id", "securityEnabled"))
        return {
            node["id"]: str(node.get("displayName") or node["id"])
            for path in paths
            async for node in self.items(path)
            if node.get("securityEnabled", True)
        }

    async def _holds_groups(self, group: str) -> bool:
        """Tell whether a group has groups among its members: whoever is in those does not belong through it."""
        path = self._path(f"/groups/{group}/members/microsoft.graph.group", select=("id",))
        async for _ in self.items(path):
            return True
        return False

    async def _take(self, path: str, *, holding: Sequence[str] = ()) -> None:
        """Take people from a collection, as long as there is room."""
        if not self.is_complete:
            return
        async for node in self.items(path):
            if node["id"] not in self.found:
                if len(self.found) >= self.at_most:
                    self.is_complete = False
                    return
                self.found[node["id"]] = _Found(node)
            self.found[node["id"]].hold(holding)

    async def _app_roles(self) -> dict[str, Role]:
        """Read the roles that the app declares, by id."""
        path = self._path("/servicePrincipals", select=("id", "appRoles"), only=f"id eq '{self.principal}'")
        declared = [role async for node in self.items(path) for role in node.get("appRoles") or ()]
        return {
            role["id"]: {"id": role["id"], "value": role.get("value"), "displayName": role.get("displayName")}
            for role in declared
        }

    def _person(self, found: _Found, roles: Mapping[str, Role]) -> Person:
        node = found.node
        unknown: dict[str, str | None] = {"value": None, "displayName": DEFAULT_ROLE}
        return Person(
            id=node["id"],
            name=_name(node),
            attributes={name: value_of(node, name) for name in self.attributes},
            is_assigned=bool(found.roles),
            is_enabled=node.get("accountEnabled") is not False,
            roles=tuple(roles.get(role) or {"id": role, **unknown} for role in found.roles),
            manager=Manager(found.manager["id"], _name(found.manager)) if found.manager else None,
        )

    @property
    def _select(self) -> list[str]:
        return sorted({*ALWAYS_READ, *properties_for(self.attributes)})

    def _path(self, path: str, *, select: Iterable[str] = (), only: str = "", expand: str = "") -> str:
        options = {"$select": ",".join(select), "$filter": only, "$expand": expand, "$top": str(PAGE)}
        given = {name: value for name, value in options.items() if value}
        return f"{path}?{urlencode(given, quote_via=quote, safe='$,()')}"

    def _by_ids(self, path: str, ids: Collection[str], select: Iterable[str], *, expand: str = "") -> Iterator[str]:
        """Ask for objects by id, as many as fit into a question."""
        listed = list(ids)
        for start in range(0, len(listed), IDS_AT_ONCE):
            several = ",".join(f"'{one}'" for one in listed[start : start + IDS_AT_ONCE])
            yield self._path(path, select=select, only=f"id in ({several})", expand=expand)


@dataclass(slots=True)
class _Found:
    """Somebody who was read, and the roles that they hold."""

    node: Mapping[str, Any]
    roles: list[str] = field(default_factory=list)
    manager: Mapping[str, Any] | None = None

    def hold(self, roles: Iterable[str]) -> None:
        self.roles += [role for role in roles if role not in self.roles]


def _name(node: Mapping[str, Any]) -> str:
    shown, principal = node.get("displayName"), node.get("userPrincipalName")
    return f"{shown} ({principal})" if shown and principal else str(shown or principal or node["id"])
