"""The permissions of Microsoft Graph that this world knows, with their ids.

The ids are those of the real service where they are published (Learn: permissions-reference).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.company.store import JsonObject

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
"""The application id of Microsoft Graph in every tenant; on its service principal permissions are granted."""

ROLE_IDS: dict[str, str] = {
    "Application.Read.All": "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
    "Application.ReadWrite.All": "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
    "Application.ReadWrite.OwnedBy": "18a4783c-866b-4cc7-a460-3d5e5662c884",
    "AppRoleAssignment.ReadWrite.All": "06b708a9-e830-4db3-a914-8e69da51d44f",
    "AuditLog.Read.All": "b0afded3-3588-46d8-8b3d-9842eff778da",
    "Directory.Read.All": "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
    "Directory.ReadWrite.All": "19dbc75e-c2e2-444c-a770-ec69d8559fc7",
    "Domain.Read.All": "dbb9058a-0e50-45d7-ae91-66909b5d4664",
    "Group.Read.All": "5b567255-7703-4780-807c-7be8301ae99b",
    "Group.ReadWrite.All": "62a82d76-70ea-41e2-9197-370581804d09",
    "GroupMember.Read.All": "98830695-27a2-44f7-8c18-0c3ebc9698f6",
    "GroupMember.ReadWrite.All": "dbaae8cf-10b5-4b86-a4a1-f871c94c6695",
    "Organization.Read.All": "498476ce-e0fe-48b0-b801-37ba7e2685c6",
    "Synchronization.Read.All": "5ba43d2f-fa88-4db2-bd1c-a67c5f0fb1ce",
    "Synchronization.ReadWrite.All": "9b50c33d-700f-43b1-b2eb-87e89b703581",
    "User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
    "User.ReadBasic.All": "97235f07-e226-4f63-ace3-39588e11d3a1",
    "User.ReadWrite.All": "741f803b-c850-494e-b5df-cde7c675a1ca",
    # Their ids are not published where we looked, so these are made up.
    "CustomSecAttributeProvisioning.Read.All": "3f0d4a55-0d7a-4a55-8f51-6a4b1e0f6a01",
    "ProvisioningLog.Read.All": "3f0d4a55-0d7a-4a55-8f51-6a4b1e0f6a02",
    "SynchronizationMetadata.Read.All": "3f0d4a55-0d7a-4a55-8f51-6a4b1e0f6a03",
    "SynchronizationMetadata.ReadWrite.All": "3f0d4a55-0d7a-4a55-8f51-6a4b1e0f6a04",
}
"""Permission to role id. A seed may grant exactly these."""

SCOPE_IDS: dict[str, str] = {
    "User.Read": "e1fe6dd8-ba31-4d61-89e7-88639da4683d",
    "User.ReadWrite": "b4e74841-8e56-480b-be8b-910348b18b4c",
    "openid": "37f7f235-527c-4136-accd-4a02d197296e",
    "profile": "14dad69e-099b-42c9-810b-d002981feec1",
    "email": "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0",
    "offline_access": "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
}
"""A few delegated permissions, for programs that look them up; nobody signs in with them here."""


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
