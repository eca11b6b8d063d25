"""Looking up a service principal (service_principal_data_source.go)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azuread.faults import PluginError, explaining, quoted
from emulator.azuread.functions.arguments import equals, no_matches, single, the_one_of
from emulator.azuread.functions.roles import (
    app_roles,
    feature_tags,
    ids_by_value,
    legacy_features,
    permission_scopes,
)
from emulator.azuread.graph import BETA
from emulator.azuread.identifiers import SERVICE_PRINCIPAL
from emulator.azuread.properties import Kind, Property, shown, texts

if TYPE_CHECKING:
    from emulator.azuread.graph import Graph
    from emulator.azuread.values import Values

TABLE = (
    *texts(
        "applicationTenantId=appOwnerOrganizationId clientId=appId description displayName homepageUrl=homepage"
        " loginUrl logoutUrl notes objectId=id preferredSingleSignOnMode signInAudience type=servicePrincipalType"
    ),
    Property("accountEnabled", kind=Kind.FLAG, graph="accountEnabled"),
    Property("appRoleAssignmentRequired", kind=Kind.FLAG, graph="appRoleAssignmentRequired"),
    Property("alternativeNames", kind=Kind.LIST, graph="alternativeNames"),
    Property("notificationEmailAddresses", kind=Kind.LIST, graph="notificationEmailAddresses"),
    Property("redirectUris", kind=Kind.LIST, graph="replyUrls"),
    Property("tags", kind=Kind.LIST, graph="tags"),
)


async def get_service_principal(graph: Graph, arguments: Values) -> Values:
    """Find a service principal by object id, client id or display name, and read what only the beta knows."""
    found = await _find(graph, arguments)
    object_id = found["id"]
    title = f"Service Principal (Service Principal: {quoted(object_id)})"
    with explaining(f"Retrieving {title} (beta API)"):
        beta = await graph.get(f"/servicePrincipals/{object_id}", version=BETA, select=["samlMetadataUrl"])
    names = found.get("servicePrincipalNames") or []
    saml = found.get("samlSingleSignOnSettings")
    return shown(TABLE, found) | {
        "id": SERVICE_PRINCIPAL.of(object_id),
        "appRoleIds": ids_by_value(found.get("appRoles")),
        "appRoles": app_roles(found.get("appRoles")),
        "featureTags": [feature_tags(found.get("tags"))],
        "features": [legacy_features(found.get("tags"))],
        "oauth2PermissionScopeIds": ids_by_value(found.get("oauth2PermissionScopes")),
        "oauth2PermissionScopes": permission_scopes(found.get("oauth2PermissionScopes")),
        "samlMetadataUrl": beta.get("samlMetadataUrl") or "",
        "samlSingleSignOns": [] if saml is None else [{"relayState": saml.get("relayState") or ""}],
        "servicePrincipalNames": [name for name in names if name.lower() != found["appId"].lower()],
    }


async def _find(graph: Graph, arguments: Values) -> Values:
    match the_one_of(arguments, ("objectId", "displayName", "clientId")):
        case "objectId":
            return await _by_id(graph, arguments["objectId"])
        case "displayName":
            where = equals("displayName", arguments["displayName"])
            return single(await _matching(graph, where), *no_matches("service principal", where))
        case _:
            client_id = arguments["clientId"]
            found = await _matching(graph, equals("appId", client_id))
            if not found:
                raise PluginError(f"No service principal found for client ID: {quoted(client_id)}")
            return found[0]


async def _by_id(graph: Graph, object_id: str) -> Values:
    title = f"Service Principal (Service Principal: {quoted(object_id)})"
    with explaining(f"Retrieving {title}"):
        found = await graph.find(f"/servicePrincipals/{object_id}")
    if found is None:
        raise PluginError(f"{title} was not found")
    return found


async def _matching(graph: Graph, where: str) -> list[Values]:
    with explaining(f"Listing service principals for filter {quoted(where)}"):
        return await graph.list("/servicePrincipals", where=where)
