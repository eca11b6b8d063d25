"""What a program may do: a permission is granted as in Entra, by an app role assignment on Microsoft Graph itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.company.permissions import ROLE_IDS, SCOPE_IDS
from emulator.company.store import Kind
from emulator.identity.tokens import GRAPH_APP_ID

if TYPE_CHECKING:
    from emulator.company.store import Directory, DirectoryObject, JsonObject

_NAMES = {role_id: name for name, role_id in ROLE_IDS.items()}


def app_roles() -> list[JsonObject]:
    """Describe the permissions as the service principal of Microsoft Graph shows them."""
    return [
        {
            "id": role_id,
            "displayName": name,
            "description": name,
            "value": name,
            "allowedMemberTypes": ["Application"],
            "isEnabled": True,
            "origin": "Application",
        }
        for name, role_id in ROLE_IDS.items()
    ]


def scopes() -> list[JsonObject]:
    """Describe the delegated permissions as the service principal of Microsoft Graph shows them."""
    return [
        {
            "id": scope_id,
            "value": name,
            "type": "User",
            "isEnabled": True,
            "adminConsentDisplayName": name,
            "adminConsentDescription": name,
            "userConsentDisplayName": name,
            "userConsentDescription": name,
        }
        for name, scope_id in SCOPE_IDS.items()
    ]


def granted_to(directory: Directory, service_principal: DirectoryObject) -> frozenset[str]:
    """List the permissions that a service principal holds on Microsoft Graph."""
    graph = {found.id for found in directory.all(Kind.SERVICE_PRINCIPAL) if found.properties["appId"] == GRAPH_APP_ID}
    return frozenset(
        _NAMES[held.app_role_id]
        for held in directory.assignments_of(service_principal.id)
        if held.resource_id in graph and held.app_role_id in _NAMES
    )
