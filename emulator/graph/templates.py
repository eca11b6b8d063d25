"""The application gallery: what can be had, and making an application from it (graph: applicationtemplate)."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from emulator.company.refusal import Refusal
from emulator.company.store import Kind
from emulator.graph import collections, writing
from emulator.graph.access import ANY_TOKEN, OWNED_BY, needs
from emulator.graph.declared import GALLERY
from emulator.graph.exchange import Answer, Call, context
from emulator.graph.routing import Route
from emulator.graph.showing import shown

if TYPE_CHECKING:
    from emulator.company.store import DirectoryObject, JsonObject

_LONGEST_NAME = 256
NON_GALLERY = frozenset(
    {
        "8adf8e6e-67b2-4cf2-a259-e3dc5476c621",
        "4602d0b4-76bb-404b-bca9-2652e1a39c6d",
        "5a532e38-1581-4918-9658-008dc27c1d68",
    }
)
"""The template of what is not from the gallery, in each cloud (graph: applicationtemplate-instantiate)."""
_TIP = "Use $select to choose only the properties your app needs, as this can lead to performance improvements."


def list_templates(call: Call) -> Answer:
    """List the gallery."""
    found = [_open(template) for template in call.entra.world.gallery.values()]
    answer = collections.plain_objects(call, found, GALLERY, "applicationTemplates")
    if isinstance(answer.body, dict):
        answer.body["@microsoft.graph.tips"] = _TIP
    return answer


def count_templates(call: Call) -> Answer:
    """Count the gallery."""
    return collections.plain_objects(call, map(_open, call.entra.world.gallery.values()), GALLERY, "", total=True)


def get_template(call: Call) -> Answer:
    """Show one entry of the gallery."""
    return Answer(200, {"@odata.context": context(call, "applicationTemplates/$entity"), **_open(_template(call))})


def instantiate(call: Call) -> Answer:
    """Make an application and its service principal. Calling twice makes two: names can be reused.

    Gallery instances require assignment and carry the template's roles (graph: applicationtemplate-instantiate).
    """
    template = _template(call)
    name = call.json.get("displayName")
    if not isinstance(name, str) or not 1 <= len(name) <= _LONGEST_NAME:
        raise Refusal.bad_request("Invalid value specified for property 'displayName' of resource 'Application'.")
    app_id = call.entra.world.id()
    application = writing.add(call, Kind.APPLICATION, _application(call, template, app_id, name))
    principal = writing.add(call, Kind.SERVICE_PRINCIPAL, _service_principal(call, application))
    if call.entra.graph_knobs.caller_owns_instance:
        call.directory.add_owner(application.id, call.caller.object_id)
        call.directory.add_owner(principal.id, call.caller.object_id)
    body: JsonObject = {
        "@odata.context": context(call, "microsoft.graph.applicationServicePrincipal"),
        "application": shown(application, call.version),
        "servicePrincipal": shown(principal, call.version),
    }
    return Answer(201, body)


def _template(call: Call) -> JsonObject:
    template = call.entra.world.gallery.get(call.ids["id"].lower())
    if template is None:
        raise Refusal.not_found(call.ids["id"])
    return template


def _open(template: JsonObject) -> JsonObject:
    return {name: value for name, value in template.items() if not name.startswith("_")}


def _application(call: Call, template: JsonObject, app_id: str, name: str) -> JsonObject:
    return {
        "appId": app_id,
        "applicationTemplateId": template["id"],
        "displayName": name,
        "identifierUris": [],
        "isFallbackPublicClient": False,
        "publisherDomain": call.tenant.domain,
        "serviceManagementReference": call.json.get("serviceManagementReference"),
        "tags": [],
        "appRoles": copy.deepcopy(template.get("_appRoles", [])),
        "api": {
            "acceptMappedClaims": None,
            "knownClientApplications": [],
            "requestedAccessTokenVersion": None,
            "preAuthorizedApplications": [],
            "oauth2PermissionScopes": [_user_impersonation(call, name)],
        },
        "web": {
            "homePageUrl": f"{template['homePageUrl']}?metadata={template['_key']}|ISV9.1|primary|z",
            "logoutUrl": None,
            "redirectUris": [],
            "redirectUriSettings": [],
            "implicitGrantSettings": {"enableAccessTokenIssuance": False, "enableIdTokenIssuance": True},
        },
    }


def _service_principal(call: Call, application: DirectoryObject) -> JsonObject:
    of = application.properties
    return {
        "accountEnabled": True,
        "appDisplayName": of["displayName"],
        "appId": of["appId"],
        "applicationTemplateId": of["applicationTemplateId"],
        "appOwnerOrganizationId": call.tenant.id,
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


def _user_impersonation(call: Call, name: str) -> JsonObject:
    return {
        "id": call.entra.world.id(),
        "type": "User",
        "value": "user_impersonation",
        "isEnabled": True,
        "adminConsentDisplayName": f"Access {name}",
        "adminConsentDescription": f"Allow the application to access {name} on behalf of the signed-in user.",
        "userConsentDisplayName": f"Access {name}",
        "userConsentDescription": f"Allow the application to access {name} on your behalf.",
    }


_CREATE = needs("Application.ReadWrite.All", "Directory.ReadWrite.All", OWNED_BY)

ROUTES = (
    Route("GET", "/applicationTemplates", list_templates, ANY_TOKEN, "list the gallery, filtered by name"),
    Route("GET", "/applicationTemplates/$count", count_templates, ANY_TOKEN, "count the gallery"),
    Route("GET", "/applicationTemplates/{id}", get_template, ANY_TOKEN, "show one gallery entry"),
    Route("POST", "/applicationTemplates/{id}/instantiate", instantiate, _CREATE, "make an application from it"),
)
