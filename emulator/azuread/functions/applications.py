"""Looking up an application (application_data_source.go)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azuread.faults import PluginError, explaining, quoted
from emulator.azuread.functions.arguments import equals_unescaped, no_matches, single, the_one_of
from emulator.azuread.functions.roles import app_roles, feature_tags, ids_by_value, permission_scopes
from emulator.azuread.graph import BETA
from emulator.azuread.identifiers import APPLICATION
from emulator.azuread.properties import Kind, Property, shown, texts

if TYPE_CHECKING:
    from emulator.azuread.graph import Graph
    from emulator.azuread.values import Values

TABLE = (
    *texts(
        "clientId=appId description disabledByMicrosoft=disabledByMicrosoftStatus displayName logoUrl=info.logoUrl"
        " marketingUrl=info.marketingUrl notes objectId=id privacyStatementUrl=info.privacyStatementUrl"
        " publisherDomain serviceManagementReference signInAudience supportUrl=info.supportUrl"
        " termsOfServiceUrl=info.termsOfServiceUrl"
    ),
    Property("deviceOnlyAuthEnabled", kind=Kind.FLAG, graph="isDeviceOnlyAuthSupported"),
    Property("fallbackPublicClientEnabled", kind=Kind.FLAG, graph="isFallbackPublicClient"),
    Property("identifierUris", kind=Kind.LIST, graph="identifierUris"),
    Property("tags", kind=Kind.LIST, graph="tags"),
)


async def get_application(graph: Graph, arguments: Values) -> Values:
    """Find an application by object id, client id, display name or identifier URI."""
    found = await _find(graph, arguments)
    object_id = found["id"]
    path, title = f"/applications/{object_id}", f"Application (Application: {quoted(object_id)})"
    with explaining(f"Retrieving additional properties for {title}"):
        beta = await graph.get(path, version=BETA, select=["oauth2RequirePostResponse"])
    with explaining(f"Could not retrieve owners for {title}"):
        owners = [owner["id"] for owner in await graph.list(f"{path}/owners")]
    scopes = (found.get("api") or {}).get("oauth2PermissionScopes")
    claims = found.get("groupMembershipClaims") or ""
    return (
        shown(TABLE, found)
        | _blocks(found)
        | {
            "id": APPLICATION.of(object_id),
            "appRoleIds": ids_by_value(found.get("appRoles")),
            "appRoles": app_roles(found.get("appRoles")),
            "featureTags": [feature_tags(found.get("tags"))],
            "groupMembershipClaims": [claim.strip() for claim in claims.split(",") if claim],
            "identifierUri": arguments.get("identifierUri", ""),
            "oauth2PermissionScopeIds": ids_by_value(scopes),
            "oauth2PostResponseRequired": bool(beta.get("oauth2RequirePostResponse")),
            "owners": owners,
        }
    )


async def _find(graph: Graph, arguments: Values) -> Values:
    key = the_one_of(arguments, ("objectId", "clientId", "displayName", "identifierUri"))
    value = arguments[key]
    if key == "objectId":
        with explaining(f"Retrieving Application with object ID {quoted(value)}"):
            found = await graph.find(f"/applications/{value}")
        if found is None:
            raise PluginError(f"Application with object ID {quoted(value)} was not found")
        return found
    where = {
        "clientId": equals_unescaped("appId", value),
        "displayName": equals_unescaped("displayName", value),
        "identifierUri": f"identifierUris/any(uri:{equals_unescaped('uri', value)})",
    }[key]
    with explaining(f"Listing applications for filter {quoted(where)}"):
        return single(await graph.list("/applications", where=where), *no_matches("application", where))


def _blocks(found: Values) -> Values:
    """Show what is nested: lists of at most one block each, as Terraform has them."""
    api, web, claims = found.get("api"), found.get("web"), found.get("optionalClaims")
    return {
        "apis": [] if api is None else [_api(api)],
        "optionalClaims": [] if claims is None else [_optional_claims(claims)],
        "publicClients": _redirects(found.get("publicClient")),
        "requiredResourceAccesses": [
            {"resourceAppId": one.get("resourceAppId") or "", "resourceAccesses": one.get("resourceAccess") or []}
            for one in found.get("requiredResourceAccess") or []
        ],
        "singlePageApplications": _redirects(found.get("spa")),
        "webs": [] if web is None else [_web(web)],
    }


def _api(api: Values) -> Values:
    return {
        "knownClientApplications": api.get("knownClientApplications") or [],
        "mappedClaimsEnabled": bool(api.get("acceptMappedClaims")),
        "oauth2PermissionScopes": permission_scopes(api.get("oauth2PermissionScopes")),
        "requestedAccessTokenVersion": api.get("requestedAccessTokenVersion") or 1,
    }


def _optional_claims(claims: Values) -> Values:
    return {
        f"{name}s": [
            {
                "name": claim.get("name") or "",
                "essential": bool(claim.get("essential")),
                "source": claim.get("source") or "",
                "additionalProperties": claim.get("additionalProperties") or [],
            }
            for claim in claims.get(name) or []
        ]
        for name in ("accessToken", "idToken", "saml2Token")
    }


def _redirects(platform: Values | None) -> list[Values]:
    return [] if platform is None else [{"redirectUris": platform.get("redirectUris") or []}]


def _web(web: Values) -> Values:
    grant = web.get("implicitGrantSettings")
    return {
        "homepageUrl": web.get("homePageUrl") or "",
        "implicitGrants": []
        if grant is None
        else [
            {
                "accessTokenIssuanceEnabled": bool(grant.get("enableAccessTokenIssuance")),
                "idTokenIssuanceEnabled": bool(grant.get("enableIdTokenIssuance")),
            }
        ],
        "logoutUrl": web.get("logoutUrl") or "",
        "redirectUris": web.get("redirectUris") or [],
    }
