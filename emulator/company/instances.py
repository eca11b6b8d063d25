"""What is made of an entry of the gallery: an application and its service principal (graph: applicationtemplate)."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.company.store import DirectoryObject, JsonObject

NON_GALLERY = frozenset(
    {
        "8adf8e6e-67b2-4cf2-a259-e3dc5476c621",
        "4602d0b4-76bb-404b-bca9-2652e1a39c6d",
        "5a532e38-1581-4918-9658-008dc27c1d68",
    }
)
"""The template of what is not from the gallery, in each cloud (graph: applicationtemplate-instantiate)."""


def roles_of(roles: list[JsonObject]) -> list[JsonObject]:
    """Write the roles that an application declares for people."""
    rest = {"allowedMemberTypes": ["User"], "isEnabled": True, "origin": "Application"}
    return [{**role, "description": role["displayName"], **rest} for role in roles]


def application_of(template: JsonObject, name: str, app_id: str, domain: str, new_id: Callable[[], str]) -> JsonObject:
    """Write the application that an entry of the gallery becomes, without an id."""
    return {
        "appId": app_id,
        "applicationTemplateId": template["id"],
        "displayName": name,
        "identifierUris": [],
        "isFallbackPublicClient": False,
        "publisherDomain": domain,
        "tags": [],
        "appRoles": copy.deepcopy(template.get("_appRoles", [])),
        "api": {
            "acceptMappedClaims": None,
            "knownClientApplications": [],
            "requestedAccessTokenVersion": None,
            "preAuthorizedApplications": [],
            "oauth2PermissionScopes": [_user_impersonation(new_id(), name)],
        },
        "web": {
            "homePageUrl": f"{template['homePageUrl']}?metadata={template['_key']}|ISV9.1|primary|z",
            "logoutUrl": None,
            "redirectUris": [],
            "redirectUriSettings": [],
            "implicitGrantSettings": {"enableAccessTokenIssuance": False, "enableIdTokenIssuance": True},
        },
    }


def service_principal_of(application: DirectoryObject, tenant_id: str) -> JsonObject:
    """Write the service principal of such an application, without an id."""
    of = application.properties
    return {
        "accountEnabled": True,
        "appDisplayName": of["displayName"],
        "appId": of["appId"],
        "applicationTemplateId": of["applicationTemplateId"],
        "appOwnerOrganizationId": tenant_id,
        "appRoleAssignmentRequired": True,
        "appRoles": copy.deepcopy(of["appRoles"]),
        "displayName": of["displayName"],
        "homepage": of["web"]["homePageUrl"],
        "oauth2PermissionScopes": copy.deepcopy(of["api"]["oauth2PermissionScopes"]),
        "servicePrincipalNames": [of["appId"]],
        "tags": ["WindowsAzureActiveDirectoryIntegratedApp", *_tags_of(str(of["applicationTemplateId"]))],
    }


def _tags_of(template_id: str) -> list[str]:
    return ["WindowsAzureActiveDirectoryCustomSingleSignOnApplication"] if template_id in NON_GALLERY else []


def _user_impersonation(identifier: str, name: str) -> JsonObject:
    return {
        "id": identifier,
        "type": "User",
        "value": "user_impersonation",
        "isEnabled": True,
        "adminConsentDisplayName": f"Access {name}",
        "adminConsentDescription": f"Allow the application to access {name} on behalf of the signed-in user.",
        "userConsentDisplayName": f"Access {name}",
        "userConsentDescription": f"Allow the application to access {name} on your behalf.",
    }
