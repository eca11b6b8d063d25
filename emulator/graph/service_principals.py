"""Service principals: what an application is in a tenant (graph: serviceprincipal)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.company import recycle_bin
from emulator.company.permissions import GRAPH_APP_ID
from emulator.company.refusal import Refusal
from emulator.company.shapes import SERVICE_PRINCIPAL
from emulator.company.store import Directory, Kind
from emulator.company.uniqueness import check_app_id
from emulator.graph import collections, lookup, owners, passwords, writing
from emulator.graph.access import OWNED_BY, needs
from emulator.graph.exchange import NO_CONTENT, Answer, Call
from emulator.graph.membership import groups_above
from emulator.graph.relations import Relation
from emulator.graph.routing import Route

if TYPE_CHECKING:
    from emulator.company.store import DirectoryObject, JsonObject

_READ_ONLY = frozenset({"appId", "applicationTemplateId", "appOwnerOrganizationId", "appDisplayName"})
_LONGEST_NOTE = 1024


def list_service_principals(call: Call) -> Answer:
    """List service principals."""
    return collections.directory_objects(call, call.directory.all(Kind.SERVICE_PRINCIPAL), Kind.SERVICE_PRINCIPAL)


def count_service_principals(call: Call) -> Answer:
    """Count service principals."""
    found = call.directory.all(Kind.SERVICE_PRINCIPAL)
    return collections.directory_objects(call, found, Kind.SERVICE_PRINCIPAL, total=True)


def get_service_principal(call: Call) -> Answer:
    """Show one service principal."""
    return writing.entity(call, lookup.service_principal(call), collections.selected(call))


def create_service_principal(call: Call) -> Answer:
    """Make the service principal of a registered application (graph: serviceprincipal-post-serviceprincipals)."""
    app_id = str(call.json.get("appId"))
    application = _application(call, app_id)
    check_app_id(call.directory, app_id)
    owned_by = owners.named_in(call)
    given = writing.written(call, SERVICE_PRINCIPAL, read_only=_READ_ONLY)
    principal = writing.add(call, Kind.SERVICE_PRINCIPAL, {**_of(call, application), **given})
    for owner in owned_by:
        call.directory.add_owner(principal.id, owner.id)
    if not owned_by and OWNED_BY in call.caller.roles:
        call.directory.add_owner(principal.id, call.caller.object_id)
    return writing.created(call, principal)


def change_service_principal(call: Call) -> Answer:
    """Change a service principal."""
    principal = lookup.service_principal(call)
    changes = writing.written(call, SERVICE_PRINCIPAL, read_only=_READ_ONLY)
    for name in ("notes", "description"):
        if len(changes.get(name) or "") > _LONGEST_NOTE:
            raise Refusal.bad_request(f"Invalid value specified for property '{name}' of resource 'ServicePrincipal'.")
    call.directory.change(principal.id, writing.merged(principal, changes))
    return NO_CONTENT


def delete_service_principal(call: Call) -> Answer:
    """Move a service principal to the recycle bin. That of Microsoft Graph stays: everything hangs on it (assumed)."""
    principal = lookup.service_principal(call)
    if principal.properties["appId"] == GRAPH_APP_ID:
        raise Refusal.bad_request("The service principal of Microsoft Graph cannot be deleted.")
    recycle_bin.delete(call.directory, principal)
    return NO_CONTENT


def _application(call: Call, app_id: str) -> DirectoryObject:
    for candidate in call.directory.all(Kind.APPLICATION):
        if candidate.properties["appId"] == app_id:
            return candidate
    raise Refusal(
        400,
        "NoBackingApplicationObject",
        f"When using this permission, the backing application of the service principal being created must in the "
        f"local tenant. The appId '{app_id}' of the service principal does not reference a valid application object.",
    )


def _of(call: Call, application: DirectoryObject) -> JsonObject:
    of = application.properties
    return {
        "accountEnabled": True,
        "appDisplayName": of["displayName"],
        "appId": of["appId"],
        "applicationTemplateId": of.get("applicationTemplateId"),
        "appOwnerOrganizationId": call.tenant.id,
        "appRoles": of.get("appRoles") or [],
        "displayName": of["displayName"],
        "homepage": (of.get("web") or {}).get("homePageUrl"),
        "logoutUrl": (of.get("web") or {}).get("logoutUrl"),
        "oauth2PermissionScopes": (of.get("api") or {}).get("oauth2PermissionScopes") or [],
        "replyUrls": (of.get("web") or {}).get("redirectUris") or [],
        "servicePrincipalNames": [of["appId"], *(of.get("identifierUris") or ())],
        "signInAudience": of.get("signInAudience", "AzureADMyOrg"),
        "tags": of.get("tags") or [],
    }


_READ = needs("Application.Read.All", "Directory.Read.All", OWNED_BY)
_CREATE = needs("Application.ReadWrite.All", "Directory.ReadWrite.All", OWNED_BY)
_WRITE = needs("Application.ReadWrite.All", "Directory.ReadWrite.All", owned=True)
_ONE = lookup.service_principal
_AT = "/servicePrincipals/{id}"

ROUTES = (
    Route("GET", "/servicePrincipals", list_service_principals, _READ, "list and filter service principals"),
    Route("GET", "/servicePrincipals/$count", count_service_principals, _READ, "count service principals"),
    Route("POST", "/servicePrincipals", create_service_principal, _CREATE, "make an application's service principal"),
    Route("GET", _AT, get_service_principal, _READ, "show a service principal"),
    Route("PATCH", _AT, change_service_principal, _WRITE, "change a service principal"),
    Route("DELETE", _AT, delete_service_principal, _WRITE, "delete a service principal, softly"),
    Route("POST", f"{_AT}/addPassword", passwords.add_to(_ONE), _WRITE, "add a secret"),
    Route("POST", f"{_AT}/removePassword", passwords.remove_from(_ONE), _WRITE, "remove a secret"),
    Route("GET", f"{_AT}/owners", owners.list_of(_ONE), _READ, "list owners"),
    Route("POST", f"{_AT}/owners/$ref", owners.add_to(_ONE), _WRITE, "add an owner"),
    Route("DELETE", f"{_AT}/owners/{{owner}}/$ref", owners.remove_from(_ONE), _WRITE, "remove an owner"),
    *Relation(
        f"{_AT}/memberOf", _ONE, Directory.groups_of, _READ, "list the groups that it is in", (Kind.GROUP,), 2
    ).routes(),
    *Relation(
        f"{_AT}/transitiveMemberOf", _ONE, groups_above, _READ, "list those, nested too", (Kind.GROUP,), 2
    ).routes(),
)
