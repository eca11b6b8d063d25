"""What a program may do: a permission is granted as in Entra, by an app role assignment on Microsoft Graph itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.company.permissions import GRAPH_APP_ID, ROLE_IDS
from emulator.company.store import Kind

if TYPE_CHECKING:
    from emulator.company.store import Directory, DirectoryObject

_NAMES = {role_id: name for name, role_id in ROLE_IDS.items()}


def granted_to(directory: Directory, service_principal: DirectoryObject) -> frozenset[str]:
    """List the permissions that a service principal holds on Microsoft Graph."""
    graph = {found.id for found in directory.all(Kind.SERVICE_PRINCIPAL) if found.properties["appId"] == GRAPH_APP_ID}
    return frozenset(
        _NAMES[held.app_role_id]
        for held in directory.assignments_of(service_principal.id)
        if held.resource_id in graph and held.app_role_id in _NAMES
    )
