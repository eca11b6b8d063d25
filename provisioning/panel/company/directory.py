"""The company's directory over Graph: who there is, and whoever joins, moves and leaves.

It is the directory's own administration, which the product has no part in; so it is not :mod:`provisioning.graph`'s,
and it never waits: what Graph refuses is shown at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

import httpx2

from provisioning.errors import GraphError, NotFoundError
from provisioning.graph.exchange import TokenSource
from provisioning.graph.people import quoted
from provisioning.model.identifiers import ServicePrincipalId

ROWS = 50
FACTS = "id,displayName,userPrincipalName,mail,department,jobTitle,accountEnabled"
GROUPS = "memberOf($select=id,displayName)"
SEARCHED = ("displayName", "givenName", "surname", "userPrincipalName")
"""What a search looks at: those that begin so."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the company."""

    id: str
    name: str
    principal_name: str
    mail: str
    department: str
    title: str
    is_enabled: bool
    groups: tuple[Group, ...]

    def is_called(self, name: str) -> bool:
        """Tell whether this is what they may be called at Elium."""
        return bool(name) and name.casefold() in {self.principal_name.casefold(), self.mail.casefold()}


@dataclass(frozen=True, slots=True)
class People:
    """A page of people, by name."""

    rows: tuple[Person, ...] = ()
    following: str = ""
    """What Graph calls the next page; empty after the last."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who is assigned to the app."""

    groups: tuple[Group, ...] = ()
    users: frozenset[str] = frozenset()

    def has(self, person: Person) -> bool:
        """Tell whether somebody is assigned, themselves or by a group that they are a direct member of."""
        return person.id in self.users or any(group in self.groups for group in person.groups)


@dataclass(frozen=True, slots=True)
class Directory:
    """The directory. Every verb raises :class:`~provisioning.errors.GraphError` when Graph does not do it."""

    http: httpx2.AsyncClient
    """Opens Graph, such as ``https://127.0.0.1:40123/v1.0``."""
    sign_in: TokenSource

    async def people(self, search: str, page: str) -> People:
        """List a page of people, all or those whose names begin with *search*."""
        query = {"$top": str(ROWS), "$select": FACTS, "$expand": GROUPS, "$orderby": "displayName"}
        if search:
            del query["$orderby"]
            query["$filter"] = " or ".join(f"startswith({name},{quoted(search)})" for name in SEARCHED)
        if page:
            query["$skiptoken"] = page
        told = await self._asked("GET", f"/users?{urlencode(query, quote_via=quote)}")
        following = httpx2.URL(told.get("@odata.nextLink", "")).params.get("$skiptoken", "")
        return People(tuple(map(_person_of, told["value"])), following)

    async def among(self, ids: Collection[str]) -> tuple[Person, ...]:
        """Read a few people by id, in this order; who is gone is left out."""
        # All are waited for: one that was still asking when the client is closed would keep its connection open.
        found = await asyncio.gather(*map(self._one, ids), return_exceptions=True)
        for each in found:
            if isinstance(each, BaseException):
                raise each
        return tuple(each for each in found if isinstance(each, Person))

    async def called(self, name: str) -> Person | None:
        """Find somebody by user principal name or mail address."""
        if one := await self._one(name):
            return one
        query = {"$filter": f"mail eq {quoted(name)}", "$select": FACTS, "$expand": GROUPS}
        told = await self._asked("GET", f"/users?{urlencode(query, quote_via=quote)}")
        return next(map(_person_of, told["value"]), None)

    async def _one(self, named: str) -> Person | None:
        """Read somebody by id or user principal name; ``None`` when there is nobody."""
        query = urlencode({"$select": FACTS, "$expand": GROUPS}, quote_via=quote)
        try:
            return _person_of(await self._asked("GET", f"/users/{quote(named, safe='')}?{query}"))
        except NotFoundError:
            return None

    async def assigned_to(self, principal: ServicePrincipalId) -> Assigned:
        """List who is assigned to an app."""
        told = (await self._asked("GET", f"/servicePrincipals/{principal}/appRoleAssignedTo"))["value"]
        groups = {
            Group(each["principalId"], each["principalDisplayName"]): None
            for each in told
            if each["principalType"] == "Group"
        }
        return Assigned(
            tuple(groups), frozenset(each["principalId"] for each in told if each["principalType"] == "User")
        )

    async def secrets(self, principal: ServicePrincipalId) -> dict[str, str]:
        """Read the synchronization secrets; sensitive values are masked."""
        told = (await self._asked("GET", f"/servicePrincipals/{principal}/synchronization/secrets"))["value"]
        return {each["key"]: each.get("value") or "" for each in told}

    async def domain(self) -> str:
        """Read the domain of new sign-in names."""
        told = (await self._asked("GET", "/organization?$select=verifiedDomains"))["value"][0]["verifiedDomains"]
        return str(next(each["name"] for each in told if each["isDefault"]))

    async def names_like(self, local: str) -> set[str]:
        """List the sign-in names that begin so, in lower case."""
        only = f"startswith(userPrincipalName,{quoted(local)})"
        told = await self._asked(
            "GET", f"/users?{urlencode({'$filter': only, '$select': 'userPrincipalName'}, quote_via=quote)}"
        )
        return {str(each["userPrincipalName"]).casefold() for each in told["value"]}

    async def hire(self, properties: Mapping[str, Any]) -> str:
        """Make somebody a user, and give the id."""
        return str((await self._asked("POST", "/users", properties))["id"])

    async def change(self, person: str, properties: Mapping[str, Any]) -> None:
        """Change somebody."""
        await self._asked("PATCH", f"/users/{quote(person, safe='')}", properties)

    async def delete(self, person: str) -> None:
        """Move somebody to the recycle bin."""
        await self._asked("DELETE", f"/users/{quote(person, safe='')}")

    async def add(self, group: str, person: str) -> None:
        """Make somebody a member of a group."""
        body = {"@odata.id": f"{self.http.base_url}directoryObjects/{person}"}
        await self._asked("POST", f"/groups/{quote(group, safe='')}/members/$ref", body)

    async def take_out(self, group: str, person: str) -> None:
        """Take somebody out of a group."""
        await self._asked("DELETE", f"/groups/{quote(group, safe='')}/members/{quote(person, safe='')}/$ref")

    async def _asked(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        what = f"{method} {path.partition('?')[0]}"
        try:
            answer = await self._sent(method, path, body)
            if answer.status_code == HTTPStatus.UNAUTHORIZED:
                self.sign_in.forget()
                answer = await self._sent(method, path, body)
        except httpx2.HTTPError as error:
            raise GraphError(f"Graph does not answer {what}: {error}", status=0, asked=what) from error
        if answer.is_success:
            told: dict[str, Any] = answer.json() if answer.content else {}
            return told
        raise _refusal_of(answer, what)

    async def _sent(self, method: str, path: str, body: Mapping[str, Any] | None) -> httpx2.Response:
        headers = {"authorization": f"Bearer {await self.sign_in.token()}"}
        return await self.http.request(method, path, json=body, headers=headers)


def _refusal_of(answer: httpx2.Response, what: str) -> GraphError:
    try:
        said = str(answer.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        said = answer.reason_phrase
    kind = NotFoundError if answer.status_code == HTTPStatus.NOT_FOUND else GraphError
    return kind(f"Graph answers {answer.status_code} to {what}: {said}", status=answer.status_code, asked=what)


def _person_of(node: Mapping[str, Any]) -> Person:
    groups = (
        each for each in node.get("memberOf") or () if each.get("@odata.type", "#microsoft.graph.group")[-5:] == "group"
    )
    return Person(
        id=str(node["id"]),
        name=str(node.get("displayName") or ""),
        principal_name=str(node.get("userPrincipalName") or ""),
        mail=str(node.get("mail") or ""),
        department=str(node.get("department") or ""),
        title=str(node.get("jobTitle") or ""),
        is_enabled=node.get("accountEnabled") is not False,
        groups=tuple(Group(str(each["id"]), str(each.get("displayName") or "")) for each in groups),
    )
