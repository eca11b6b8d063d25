"""App role assignments: who holds which role of an application (graph: approleassignment).

In error texts the service calls them by their internal name, *EntitlementGrant*.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emulator.company.entitlements import new_id, shown
from emulator.company.refusal import Refusal
from emulator.company.shapes import SHAPES
from emulator.company.store import DEFAULT_ACCESS, Assignment, Kind
from emulator.graph import collections, lookup
from emulator.graph.access import OWNED_BY, needs
from emulator.graph.declared import ASSIGNMENT
from emulator.graph.exchange import NO_CONTENT, Answer, Call, context
from emulator.graph.routing import Handler, Route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from emulator.company.store import DirectoryObject

_PRINCIPALS = (Kind.USER, Kind.GROUP, Kind.SERVICE_PRINCIPAL)
_ID = re.compile(r"^[A-Za-z0-9_-]{43}$")


def list_assigned_to(call: Call) -> Answer:
    """List who is assigned to a service principal."""
    principal = lookup.service_principal(call)
    return _many(call, call.directory.assigned_to(principal.id), _place(principal, "appRoleAssignedTo"))


def get_assigned_to(call: Call) -> Answer:
    """Show one assignment to a service principal."""
    principal = lookup.service_principal(call)
    return _one(call, call.directory.assigned_to(principal.id), principal, "appRoleAssignedTo")


def assign(call: Call) -> Answer:
    """Assign a principal to a service principal."""
    return _create(call, lookup.service_principal(call), "appRoleAssignedTo")


def unassign(call: Call) -> Answer:
    """Delete an assignment from the application's side."""
    call.directory.unassign(_of(call, call.directory.assigned_to(lookup.service_principal(call).id)).id)
    return NO_CONTENT


def count_assigned_to(call: Call) -> Answer:
    """Count who is assigned to a service principal."""
    return _many(call, call.directory.assigned_to(lookup.service_principal(call).id), "", total=True)


def count_held(find: Callable[[Call], DirectoryObject]) -> Handler:
    """Make the handler that counts the roles that a principal holds."""
    return lambda call: _many(call, call.directory.assignments_of(find(call).id), "", total=True)


def list_held(find: Callable[[Call], DirectoryObject]) -> Handler:
    """Make the handler that lists what a principal is assigned to."""

    def handler(call: Call) -> Answer:
        principal = find(call)
        return _many(call, call.directory.assignments_of(principal.id), _place(principal, "appRoleAssignments"))

    return handler


def get_held(find: Callable[[Call], DirectoryObject]) -> Handler:
    """Make the handler that shows one assignment of a principal."""

    def handler(call: Call) -> Answer:
        principal = find(call)
        return _one(call, call.directory.assignments_of(principal.id), principal, "appRoleAssignments")

    return handler


def grant(find: Callable[[Call], DirectoryObject]) -> Handler:
    """Make the handler that assigns from the principal's side."""

    def handler(call: Call) -> Answer:
        return _create(call, find(call), "appRoleAssignments")

    return handler


def revoke(find: Callable[[Call], DirectoryObject]) -> Handler:
    """Make the handler that deletes an assignment from the principal's side."""

    def handler(call: Call) -> Answer:
        call.directory.unassign(_of(call, call.directory.assignments_of(find(call).id)).id)
        return NO_CONTENT

    return handler


def refuse_direct_query(_: Call) -> Answer:
    """Refuse assignments outside of an object (observed in microsoft-graph-docs issues)."""
    raise Refusal.bad_request("Direct queries to this resource type are not supported.")


def _create(call: Call, addressed: DirectoryObject, relation: str) -> Answer:
    principal, resource, role = _sides(call, addressed, relation)
    _check_role(call, resource, role)
    held = call.directory.assignments_of(principal.id)
    if any(other.resource_id == resource.id and other.app_role_id == role for other in held):
        raise _duplicate(call, principal, role)
    assignment = Assignment(
        id=new_id(principal.id, call.entra.world.new_id()),
        principal_id=principal.id,
        resource_id=resource.id,
        app_role_id=role,
        created=call.entra.world.clock.now(),
    )
    call.directory.assign(assignment)
    call.entra.replication.born(assignment.id)
    of = context(call, f"{_place(addressed, relation)}/$entity")
    return Answer(201, {"@odata.context": of, **shown(call.directory, assignment)})


def _sides(call: Call, addressed: DirectoryObject, relation: str) -> tuple[DirectoryObject, DirectoryObject, str]:
    """Read who gets which role of what. :raises Refusal: 400 when a side is missing or of the wrong kind."""
    body = call.json
    ASSIGNMENT.check_written(body)
    for name in ("principalId", "resourceId", "appRoleId"):
        if not lookup.is_guid(body.get(name)):
            raise Refusal.bad_request(f"Invalid value specified for property '{name}' of resource 'EntitlementGrant'.")
    principal = call.directory.find(body["principalId"])
    resource = call.directory.find(body["resourceId"], Kind.SERVICE_PRINCIPAL)
    if principal is None:
        raise Refusal.not_found(body["principalId"])
    this_side = resource if relation == "appRoleAssignedTo" else principal
    if not call.entra.replication.has_arrived(principal.id):
        raise Refusal.bad_request("Not a valid reference update.")
    if resource is None or principal.kind not in _PRINCIPALS or this_side is not addressed:
        raise Refusal.bad_request("Not a valid reference update.")
    return principal, resource, body["appRoleId"].lower()


def _check_role(call: Call, resource: DirectoryObject, role: str) -> None:
    enabled = {known["id"].lower() for known in resource.properties.get("appRoles") or () if known.get("isEnabled")}
    if role in enabled:
        return
    if role == DEFAULT_ACCESS and (not enabled or call.entra.graph_knobs.default_access_beside_roles):
        return
    raise Refusal.bad_request("Permission being assigned was not found on application")


def _duplicate(call: Call, principal: DirectoryObject, role: str) -> Refusal:
    """Word the duplicate: both sentences are observed, the second for people, groups and Default Access."""
    if principal.kind is Kind.SERVICE_PRINCIPAL and role != DEFAULT_ACCESS:
        return Refusal.bad_request("Permission being assigned already exists on the object")
    status = 409 if call.entra.graph_knobs.duplicate_is_conflict else 400
    return Refusal(status, "Request_MultipleObjectsWithSameKeyValue", "EntitlementGrant entry already exists.")


def _of(call: Call, candidates: Iterable[Assignment]) -> Assignment:
    wanted = call.ids["assignment"]
    if not _ID.match(wanted):
        raise Refusal.bad_request("Invalid resource identifier for EntitlementGrant.")
    for candidate in candidates:
        if candidate.id == wanted:
            call.entra.replication.read(wanted)
            return candidate
    raise Refusal.not_found(wanted)


def _many(call: Call, found: list[Assignment], of: str, *, total: bool = False) -> Answer:
    told = [shown(call.directory, each) for each in found]
    return collections.plain_objects(call, told, ASSIGNMENT, of, total=total)


def _one(call: Call, candidates: Iterable[Assignment], addressed: DirectoryObject, relation: str) -> Answer:
    found = shown(call.directory, _of(call, candidates))
    return collections.plain_object(call, found, ASSIGNMENT, _place(addressed, relation))


def _place(addressed: DirectoryObject, relation: str) -> str:
    return f"{SHAPES[addressed.kind].collection}('{addressed.id}')/{relation}"


_READ = needs("Application.Read.All", "Directory.Read.All", OWNED_BY)
# "AppRoleAssignment.ReadWrite.All and Application.Read.All" or with Directory.Read.All: the documented pair.
_WRITE = needs(
    frozenset({"AppRoleAssignment.ReadWrite.All", "Application.Read.All"}),
    frozenset({"AppRoleAssignment.ReadWrite.All", "Directory.Read.All"}),
    frozenset({"AppRoleAssignment.ReadWrite.All", OWNED_BY}),
)
_DELETE = needs("AppRoleAssignment.ReadWrite.All")
_TO = "/servicePrincipals/{id}/appRoleAssignedTo"


def _from_the_principal(at: str, find: Callable[[Call], DirectoryObject]) -> tuple[Route, ...]:
    return (
        Route(
            "GET", at, list_held(find), needs("Directory.Read.All", "Application.Read.All"), "list roles held", cost=2
        ),
        Route(
            "GET", f"{at}/$count", count_held(find), needs("Directory.Read.All", "Application.Read.All"), "count them"
        ),
        Route("POST", at, grant(find), _WRITE, "assign from the principal's side"),
        Route("GET", f"{at}/{{assignment}}", get_held(find), needs("Directory.Read.All"), "show one role held"),
        Route("DELETE", f"{at}/{{assignment}}", revoke(find), _DELETE, "unassign from the principal's side"),
    )


ROUTES = (
    Route("GET", _TO, list_assigned_to, _READ, "list who is assigned"),
    Route("GET", f"{_TO}/$count", count_assigned_to, _READ, "count who is assigned"),
    Route("POST", _TO, assign, _WRITE, "assign a user, group or service principal"),
    Route("GET", f"{_TO}/{{assignment}}", get_assigned_to, _READ, "show one assignment"),
    Route("DELETE", f"{_TO}/{{assignment}}", unassign, _DELETE, "unassign"),
    *_from_the_principal("/servicePrincipals/{id}/appRoleAssignments", lookup.service_principal),
    *_from_the_principal("/users/{id}/appRoleAssignments", lookup.user),
    *_from_the_principal("/groups/{id}/appRoleAssignments", lookup.group),
    Route("GET", "/appRoleAssignments/{id}", refuse_direct_query, summary="refused: assignments belong to an object"),
)
