"""Users and their managers (graph: user)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator import recycle_bin
from emulator.graph import collections, lookup, writing
from emulator.graph.access import needs
from emulator.graph.domains import domains_of
from emulator.graph.exchange import NO_CONTENT, Answer, Call, context
from emulator.graph.membership import groups_above
from emulator.graph.routing import Route
from emulator.graph.shapes import USER, typed
from emulator.refusal import Refusal
from emulator.store import Kind

if TYPE_CHECKING:
    from emulator.store import DirectoryObject

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
    if not (body.get("passwordProfile") or {}).get("password"):
        raise Refusal.bad_request("A password must be specified to create a new user.")
    properties = writing.written(call, USER)
    _check_name(call, properties["userPrincipalName"], None)
    return writing.created(call, writing.add(call, Kind.USER, properties))


def change_user(call: Call) -> Answer:
    """Change a user."""
    found = lookup.user(call)
    changes = writing.written(call, USER)
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


def set_manager(call: Call) -> Answer:
    """Give a user a manager by reference."""
    found, manager = lookup.user(call), lookup.referenced(call, call.json)
    call.directory.set_manager(found.id, manager.id)
    return NO_CONTENT


def remove_manager(call: Call) -> Answer:
    """Take a user's manager away. :raises Refusal: 404 when there is none."""
    found = lookup.user(call)
    if call.directory.manager_of(found.id) is None:
        raise Refusal.not_found("manager")
    call.directory.set_manager(found.id, None)
    return NO_CONTENT


def list_reports(call: Call) -> Answer:
    """List who reports to a user."""
    found = lookup.user(call)
    users = call.directory.all(Kind.USER)
    return collections.mixed_objects(call, [other for other in users if call.directory.manager_of(other.id) is found])


def list_groups(call: Call) -> Answer:
    """List the groups that have the user as a direct member."""
    return collections.mixed_objects(call, call.directory.groups_of(lookup.user(call).id))


def list_all_groups(call: Call) -> Answer:
    """List the groups that have the user as a member, directly or through other groups."""
    return collections.mixed_objects(call, groups_above(call.directory, lookup.user(call).id))


def _check_name(call: Call, name: str, owner: DirectoryObject | None) -> None:
    """Refuse a user principal name that is taken or not of this tenant's domains."""
    _, _, domain = name.rpartition("@")
    if domain.lower() not in {known["id"] for known in domains_of(call.tenant)}:
        raise Refusal.bad_request(
            "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain "
            "names in your organization."
        )
    wanted = name.casefold()
    for other in call.directory.all(Kind.USER):
        if other is not owner and str(other.properties.get("userPrincipalName")).casefold() == wanted:
            raise Refusal.bad_request(
                "Another object with the same value for property userPrincipalName already exists."
            )


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
    Route("PUT", f"{_AT}/manager/$ref", set_manager, _WRITE, "set the manager"),
    Route("DELETE", f"{_AT}/manager/$ref", remove_manager, _WRITE, "remove the manager"),
    Route("GET", f"{_AT}/directReports", list_reports, _READ, "list who reports to the user"),
    Route("GET", f"{_AT}/memberOf", list_groups, _GROUPS, "list direct groups", cost=2),
    Route("GET", f"{_AT}/transitiveMemberOf", list_all_groups, _GROUPS, "list groups, nested ones included", cost=2),
)
