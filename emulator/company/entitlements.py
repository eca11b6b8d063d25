"""How an app role assignment is written: its id, and what Graph shows of it (graph: approleassignment)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from uuid import UUID

from emulator.company.clock import as_graph_writes
from emulator.company.store import Kind

if TYPE_CHECKING:
    from emulator.company.store import Assignment, Directory, JsonObject

_TYPES = {Kind.USER: "User", Kind.GROUP: "Group", Kind.SERVICE_PRINCIPAL: "ServicePrincipal"}


def new_id(principal_id: str, random: UUID) -> str:
    """Make an assignment's id: 43 characters, base64url of the principal and a random id, both little-endian.

    That is how the documented samples decode (graph: serviceprincipal-post-approleassignedto).
    """
    return base64.urlsafe_b64encode(UUID(principal_id).bytes_le + random.bytes_le).rstrip(b"=").decode()


def shown(directory: Directory, assignment: Assignment) -> JsonObject:
    """Show an assignment, with the names of both sides as they are now."""
    principal = directory.find(assignment.principal_id) or directory.deleted.get(assignment.principal_id)
    resource = directory.find(assignment.resource_id) or directory.deleted.get(assignment.resource_id)
    return {
        "id": assignment.id,
        "deletedDateTime": None,
        "appRoleId": assignment.app_role_id,
        "createdDateTime": as_graph_writes(assignment.created),
        "principalDisplayName": principal.properties.get("displayName") if principal else None,
        "principalId": assignment.principal_id,
        "principalType": _TYPES[principal.kind] if principal else None,
        "resourceDisplayName": resource.properties.get("displayName") if resource else None,
        "resourceId": assignment.resource_id,
    }
