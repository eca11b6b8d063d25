"""A twin: a copy of a tenant, as a seed, which is a company that the emulator begins with (docs/reference/emulator.md).

Object ids are the tenant's own, so that what the engine knows of the stack fits the twin as it does the tenant. What is
secret is not in it, since Graph shows none; addresses of the target lead to the twin's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from provisioning.model.assignment import AppRole
from provisioning.model.connection import ADDRESS_KEY, MASK, TOKEN_KEY
from provisioning.model.identifiers import ServicePrincipalId
from provisioning.model.mapping import ObjectKind
from provisioning.model.sources import is_extension
from provisioning.operations.rehearsal.tenant import GroupCopy, Node, TenantCopy, attributes_of
from provisioning.operations.stack_state import Kept, StackState

NOW, DECLARED = "now", "declared"
"""Tenants of the twin's target: the one that is provisioned, and the one that is declared, where that is another."""

TARGET = "https://localhost/elium"
"""Below which the emulator answers SCIM; inside it, no port is needed."""

CLIENT = "e11ed000-0000-4000-8000-00000000000e"
"""The app id by which a rehearsal signs in to its twin."""

ROLES = (
    *("Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "AuditLog.Read.All"),
    *("Directory.ReadWrite.All", "Group.ReadWrite.All", "Synchronization.ReadWrite.All", "User.ReadWrite.All"),
)
"""What it may do there: everything that whoever plays on with a saved twin wants to."""

SPOKEN_OF = {"id", "userPrincipalName", "displayName", "accountEnabled"}
"""Properties of people that a seed has places of their own for."""


@dataclass(frozen=True, slots=True)
class Twin:
    """What the emulator begins with, and how it belongs to the stack."""

    seed: Mapping[str, Any]
    principal: ServicePrincipalId
    job: str
    """The id of the job; empty when there is none yet."""
    base_address: str
    """Where the twin's target answers that the stack declares."""
    site: str
    """The name of that tenant."""
    kept: StackState
    """What the engine knows of the stack, as it fits the twin."""

    @property
    def sites(self) -> tuple[str, ...]:
        """The tenants of the twin's target."""
        return tuple(one["name"] for one in self.seed["elium"])


def twin_of(copy: TenantCopy, kept: StackState, *, template: str) -> Twin:
    """Write a copy as a seed. *template* is the synchronization template of an app that is not there yet."""
    principal = copy.principal or ServicePrincipalId(_made_up("servicePrincipal", copy.settings.display_name))
    held = copy.observed.connection.address
    site = DECLARED if held and _place(held) != _place(copy.settings.tenant_url) else NOW
    job = copy.observed.job
    made_from = job.template if job else copy.observed.template.id if copy.observed.template else template
    seed = {
        "tenant": {"id": _made_up("tenant", principal), "displayName": "Twin", "domain": "twin.example"},
        "clients": [{"displayName": "rehearsal", "appId": CLIENT, "roles": [*ROLES]}],
        "elium": [{"name": name} for name in dict.fromkeys((NOW, site))],
        "gallery": [_entry(copy, made_from)],
        "extensions": [*_extensions(copy)],
        "people": [*_people(copy)],
        "groups": [*_groups(copy)],
        "applications": [_application(copy, principal)],
    }
    if not copy.principal:
        state = {"templateId": copy.gallery, "servicePrincipalObjectId": principal}
        kept = StackState(Kept("app", {**state, "displayName": copy.settings.display_name}))
    address = address_at(site, copy.settings.tenant_url)
    return Twin(seed, principal, str(job.id) if job else "", address, site, kept)


def address_at(site: str, held: str) -> str:
    """Give the address of a tenant of the twin's target in place of one: the path and the flags stay.

    >>> address_at("now", "https://acme.elium.com/scim/v2?aadOptscim062020")
    'https://localhost/elium/now/scim/v2?aadOptscim062020'
    """
    query = urlsplit(held).query
    return f"{TARGET}/{site}/scim/v2" + (f"?{query}" if query else "")


def not_copied(copy: TenantCopy) -> tuple[str, ...]:
    """List the keys of the connection that the twin goes without, because Graph does not show what they hold."""
    held = copy.observed.connection.held.items()
    return tuple(sorted(key for key, value in held if value == MASK and key != TOKEN_KEY))


def _made_up(kind: str, name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"urn:rehearsal:{kind}:{name}"))


def _place(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.netloc.lower(), parts.path.rstrip("/").lower()


def _entry(copy: TenantCopy, template: str) -> dict[str, Any]:
    """Give the entry of the gallery that the app was made from."""
    roles = copy.app.roles if copy.app else (AppRole(_made_up("role", copy.settings.role), copy.settings.role),)
    return {
        "id": copy.gallery,
        "displayName": copy.settings.gallery_app,
        "publisher": "Twin",
        "homePageUrl": "https://twin.example",
        "key": "twin",
        "synchronizationTemplate": template,
        # Whoever makes another app from it gets the same.
        "appRoles": [{"id": role.id, "displayName": role.name, "value": role.value} for role in roles],
    }


def _application(copy: TenantCopy, principal: str) -> dict[str, Any]:
    job, app = copy.observed.job, copy.app
    names = _names_of(copy)
    return {
        "gallery": copy.gallery,
        "displayName": app.name if app else copy.settings.display_name,
        "servicePrincipalId": principal,
        "assignments": [
            {"principal": names[each.principal], "role": each.role}
            for each in copy.observed.assignments
            if each.principal in names
        ],
        "connection": _connection(copy),
        "jobs": [
            {
                "templateId": job.template,
                "id": job.id,
                # One that never ran starts by what is declared, not by itself.
                "on": job.has_run and job.is_switched_on,
                "schema": copy.observed.schema.document if copy.observed.schema else None,
            }
        ]
        if job
        else [],
    }


def _connection(copy: TenantCopy) -> dict[str, str]:
    held = {key: value for key, value in copy.observed.connection.held.items() if value != MASK}
    if ADDRESS_KEY in held:
        held[ADDRESS_KEY] = address_at(NOW, held[ADDRESS_KEY])
    return held


def _people(copy: TenantCopy) -> Iterator[dict[str, Any]]:
    names = _names_of(copy)
    for node in copy.people.values():
        manager = copy.managers.get(node["id"])
        yield {**_person(node), "manager": names.get(manager["id"]) if manager else None}
    # Whoever is a manager and not in scope is known by name alone.
    others = {node["id"]: node for node in copy.managers.values() if node["id"] not in copy.people}
    yield from map(_person, others.values())


def _person(node: Node) -> dict[str, Any]:
    name = node.get("userPrincipalName") or node["id"]
    # Told in any case: what a seed leaves out would be derived, and a tenant has what it has.
    kept: dict[str, Any] = {
        "givenName": None,
        "surname": None,
        "mail": None,
        "mailNickname": None,
        "proxyAddresses": [],
    }
    return {
        "id": node["id"],
        "userPrincipalName": name,
        "displayName": node.get("displayName") or "",
        "accountEnabled": node.get("accountEnabled") is not False,
        "properties": kept | {key: value for key, value in node.items() if key not in SPOKEN_OF},
    }


def _groups(copy: TenantCopy) -> Iterator[dict[str, Any]]:
    names = _names_of(copy)
    known = {node["id"]: node for group in copy.groups.values() for node in group.subgroups}
    for group in copy.groups.values():
        known.pop(group.node["id"], None)
        yield {**_group(group.node), "members": [*_members(group, names)]}
    yield from map(_group, known.values())


def _group(node: Node) -> dict[str, Any]:
    rest = {key: value for key, value in node.items() if key not in {"id", "displayName"}}
    return {
        "id": node["id"],
        "key": node["id"],
        "displayName": node.get("displayName") or node["id"],
        "properties": rest,
    }


def _members(group: GroupCopy, names: Mapping[str, str]) -> Iterator[str]:
    yield from (names[person] for person in group.members if person in names)
    yield from (str(node["id"]) for node in group.subgroups)


def _names_of(copy: TenantCopy) -> dict[str, str]:
    """Give what the seed calls people and groups, by object id."""
    people = [*copy.managers.values(), *copy.people.values()]
    named = {str(node["id"]): str(node.get("userPrincipalName") or node["id"]) for node in people}
    return named | {group: group for group in copy.groups}


def _extensions(copy: TenantCopy) -> Iterator[dict[str, Any]]:
    """Tell of every directory extension that is read, whether anybody has a value of it or not."""
    nodes: list[Node] = [*copy.people.values(), *(group.node for group in copy.groups.values())]
    read = attributes_of(copy, ObjectKind.USERS) | attributes_of(copy, ObjectKind.GROUPS)
    # By name, since what one application registers stands together.
    for name in sorted(filter(is_extension, read)):
        held = [node[name] for node in nodes if node.get(name) is not None]
        several = [one for one in held if isinstance(one, list)]
        one = next((value for values in several for value in values), held[0] if held else None)
        kind = "Boolean" if isinstance(one, bool) else "Integer" if isinstance(one, int) else "String"
        yield {"name": name, "dataType": kind, "isMultiValued": bool(several)}
