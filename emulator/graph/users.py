"""Users and their managers (graph: user)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emulator.company import recycle_bin, values
from emulator.company.refusal import Refusal
from emulator.company.shapes import USER
from emulator.company.store import Directory, Kind
from emulator.company.uniqueness import check_user_name
from emulator.graph import collections, lookup, writing
from emulator.graph.access import needs
from emulator.graph.domains import domains_of
from emulator.graph.exchange import NO_CONTENT, Answer, Call, context
from emulator.graph.membership import groups_above
from emulator.graph.relations import Relation
from emulator.graph.routing import Route
from emulator.graph.showing import typed

if TYPE_CHECKING:
    from emulator.company.store import DirectoryObject, JsonObject

_KINDS = ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]")
_KINDS_NEEDED = 3
_SHORTEST, _LONGEST = 8, 256
_LOCAL = re.compile(r"[A-Za-z0-9'.\-_!#^~]+")
"""What may stand before the ``@`` (graph: user#properties)."""
_REQUIRED = ("accountEnabled", "displayName", "mailNickname", "userPrincipalName")


def list_users(call: Call) -> Answer:
    """List users."""
    return collections.directory_objects(call, call.directory.all(Kind.USER), Kind.USER)


def count_users(call: Call) -> Answer:
    """Count users."""
    return collections.directory_objects(call, call.directory.all(Kind.USER), Kind.USER, total=True)


def get_user(call: Call) -> Answer:
    """Show one user, by id or user principal name; most properties only on ``$select``."""
    return writing.entity(call, lookup.user(call), collections.selected(call))


def create_user(call: Call) -> Answer:
    """Create a user (graph: user-post-users)."""
    body = call.json
    for name in _REQUIRED:
        if body.get(name) in (None, ""):
            raise Refusal.bad_request(f"A value is required for property '{name}' of resource 'User'.")
    if not _profile(body).get("password"):
        raise Refusal.bad_request("A password must be specified to create a new user.")
    _check_password(body, None)
    properties = writing.written(call, USER)
    _check_name(call, properties["userPrincipalName"], None)
    return writing.created(call, writing.add(call, Kind.USER, properties))


def change_user(call: Call) -> Answer:
    """Change a user."""
    found = lookup.user(call)
    _check_password(call.json, found)
    changes = writing.written(call, USER)
    values.check_kept(_REQUIRED, changes, "User")
    if changes.get("userPrincipalName"):
        _check_name(call, changes["userPrincipalName"], found)
    call.directory.change(found.id, writing.merged(found, changes))
    return NO_CONTENT


def delete_user(call: Call) -> Answer:
    """Move a user to the recycle bin."""
    recycle_bin.delete(call.directory, lookup.user(call))
    return NO_CONTENT


def get_manager(call: Call) -> Answer:
    """Show a user's manager. :raises Refusal: 404 when there is none."""
    found = lookup.user(call)
    manager = call.directory.manager_of(found.id)
    if manager is None:
        raise Refusal.not_found("manager")
    body = {"@odata.context": context(call, "directoryObjects/$entity"), **typed(manager, call.version)}
    return Answer(200, body)


def get_manager_reference(call: Call) -> Answer:
    """Show where a user's manager is. :raises Refusal: 404 when there is none."""
    manager = call.directory.manager_of(lookup.user(call).id)
    if manager is None:
        raise Refusal.not_found("manager")
    told = {"@odata.context": context(call, "$ref"), "@odata.id": f"{call.root}/directoryObjects/{manager.id}"}
    return Answer(200, told)


def set_manager(call: Call) -> Answer:
    """Give a user a manager by reference. :raises Refusal: 400 when that is not somebody."""
    found, manager = lookup.user(call), lookup.referenced(call, call.json)
    lookup.check_kind(manager, (Kind.USER,), "manager")
    call.directory.set_manager(found.id, manager.id)
    return NO_CONTENT


def remove_manager(call: Call) -> Answer:
    """Take a user's manager away. :raises Refusal: 404 when there is none."""
    found = lookup.user(call)
    # A manager in the recycle bin is not shown and still there: restoring would bring the link back.
    if not call.directory.has_manager(found.id):
        raise Refusal.not_found("manager")
    call.directory.set_manager(found.id, None)
    return NO_CONTENT


def _profile(body: JsonObject) -> JsonObject:
    told = body.get("passwordProfile")
    return told if isinstance(told, dict) else {}


def _check_password(body: JsonObject, owner: DirectoryObject | None) -> None:
    """Refuse a password that is too weak, unless the user may have one (Learn: concept-sspr-policy#password-policies).

    Eight to 256 characters, of three of the four kinds: small, capital, digit, other.
    """
    if "password" not in _profile(body):
        return
    password = _profile(body)["password"]
    policies = body.get("passwordPolicies", owner.properties.get("passwordPolicies") if owner else None)
    kinds = sum(re.search(kind, str(password)) is not None for kind in _KINDS)
    may_be_weak = "DisableStrongPassword" in str(policies)
    fits = isinstance(password, str) and _SHORTEST <= len(password) <= _LONGEST
    if not (fits and (may_be_weak or kinds >= _KINDS_NEEDED)):
        raise Refusal.bad_request(
            "The specified password does not comply with password complexity requirements. Please provide a different "
            "password."
        )


def _check_name(call: Call, name: str, owner: DirectoryObject | None) -> None:
    """Refuse a user principal name that is taken, not of this tenant's domains, or has letters that it may not have."""
    local, _, domain = name.rpartition("@")
    if domain.lower() not in {known["id"] for known in domains_of(call.tenant)}:
        raise Refusal.bad_request(
            "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain "
            "names in your organization."
        )
    if not _LOCAL.fullmatch(local):
        raise Refusal.bad_request("Property userPrincipalName is invalid.")
    check_user_name(call.directory, name, owner)


_READ = needs("User.Read.All", "Directory.Read.All")
_BASIC = needs("User.ReadBasic.All", "Directory.Read.All")
_WRITE = needs("User.ReadWrite.All", "Directory.ReadWrite.All")
_GROUPS = needs("Directory.Read.All", "GroupMember.Read.All")
_AT = "/users/{id}"

ROUTES = (
    Route("GET", "/users", list_users, _BASIC, "list and filter users", cost=2),
    Route("GET", "/users/$count", count_users, _BASIC, "count users"),
    Route("POST", "/users", create_user, _WRITE, "create a user"),
    Route("GET", _AT, get_user, _BASIC, "show a user by id or user principal name"),
    Route("PATCH", _AT, change_user, _WRITE, "change a user"),
    Route("DELETE", _AT, delete_user, _WRITE, "delete a user, softly"),
    Route("GET", f"{_AT}/manager", get_manager, _READ, "show the manager"),
    Route("GET", f"{_AT}/manager/$ref", get_manager_reference, _READ, "show where the manager is"),
    Route("PUT", f"{_AT}/manager/$ref", set_manager, _WRITE, "set the manager"),
    Route("DELETE", f"{_AT}/manager/$ref", remove_manager, _WRITE, "remove the manager"),
    *Relation(
        f"{_AT}/directReports", lookup.user, Directory.reports_of, _READ, "list who reports to the user", (Kind.USER,)
    ).routes(),
    *Relation(
        f"{_AT}/memberOf", lookup.user, Directory.groups_of, _GROUPS, "list direct groups", (Kind.GROUP,), 2
    ).routes(),
    *Relation(
        f"{_AT}/transitiveMemberOf", lookup.user, groups_above, _GROUPS, "list groups, nested too", (Kind.GROUP,), 2
    ).routes(),
)
