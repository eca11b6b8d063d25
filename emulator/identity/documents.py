"""The documents by which clients find their way: clouds, OpenID Connect discovery, instance discovery."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.company.store import JsonObject, Tenant


def cloud_metadata(origin: str) -> JsonObject:
    """Describe this cloud as Azure Resource Manager does, for a provider's ``metadataHost``.

    It is one object, not a list, and no address ends with a slash: the azuread provider needs both.
    """
    return {
        "name": "EmulatedCloud",
        "portal": origin,
        "resourceManager": f"{origin}/arm",
        "microsoftGraphResourceId": origin,
        "graphAudience": origin,
        "graph": origin,
        "authentication": {
            "loginEndpoint": origin,
            "audiences": [f"{origin}/arm"],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "media": origin,
        "suffixes": {},
    }


def openid_configuration(tenant: Tenant, origin: str, *, version: str = "/v2.0") -> JsonObject:
    """Describe the tenant's login addresses (OpenID Connect Discovery 1.0); an empty *version* means v1.

    The place where people sign in is named because MSAL does not go on without one; it answers that the application
    has no reply address. Nobody signs in by a device code, so that place is not named.
    """
    base = f"{origin}/{tenant.id}"
    return {
        "issuer": f"{base}/v2.0" if version else f"{base}/",
        "authorization_endpoint": f"{base}/oauth2{version}/authorize",
        "token_endpoint": f"{base}/oauth2{version}/token",
        "jwks_uri": f"{base}/discovery{version}/keys",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "tid", "oid"],
        "tenant_region_scope": "EU",
        "cloud_instance_name": origin.removeprefix("https://"),
        "cloud_graph_host_name": origin.removeprefix("https://"),
        "msgraph_host": origin.removeprefix("https://"),
    }


def instance_discovery(origin: str) -> JsonObject:
    """Tell that this host is a login host, as MSAL asks before it trusts one."""
    host = origin.removeprefix("https://")
    return {
        "tenant_discovery_endpoint": f"{origin}/common/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    }
