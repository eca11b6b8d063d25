"""Access tokens: what is in them, and whether one that came back is ours, alive and meant for Graph.

Tokens live in the time of the program that asked for them, not in the company's: an MSAL cache cannot be moved ahead.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import jwt

from emulator.company.permissions import GRAPH_APP_ID
from emulator.company.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from jwt.types import Options

    from emulator.company.store import JsonObject
    from emulator.identity.keys import SigningKey

LIFETIME = 3600
"""Seconds. Clients renew when fewer than twenty minutes remain, so less would mean a token per request."""

SCIM_AUDIENCE = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"
"""The audience of Entra's own tokens for targets that are not from the gallery."""
SYNC_FABRIC_APP_ID = "00000014-0000-0000-c000-000000000000"
"""The application id of the provisioning service in every tenant."""

_GRAPH_HOSTS = frozenset(
    {"graph.microsoft.com", "graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn"}
)
_MANAGEMENT_HOSTS = frozenset(
    {
        "management.core.windows.net",
        "management.azure.com",
        "management.usgovcloudapi.net",
        "management.chinacloudapi.cn",
    }
)
_VAULT_HOSTS = frozenset({"vault.azure.net", "vault.usgovcloudapi.net", "vault.azure.cn"})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Caller:
    """The application that calls."""

    tenant_id: str
    object_id: str
    """Object id of its service principal."""
    app_id: str
    roles: frozenset[str]
    """Graph application permissions, such as ``Synchronization.ReadWrite.All``."""
    expires: float
    """When its token ends, in seconds of the wall clock."""


@dataclass(slots=True)
class TokenDesk:
    """Issues tokens and recognises them."""

    key: Callable[[], SigningKey]
    """Where the key comes from; asked for when the first token is signed, because making one takes a while."""
    wall: Callable[[], float]
    """Seconds since 1970, such as ``time.time``."""
    _known: dict[bytes, Caller] = field(default_factory=dict)
    """Tokens that were verified, by hash: a signature is checked once and not at every call."""

    def issue(self, caller: Caller, *, audience: str, issuer: str) -> str:
        """Sign a token for *caller*; its lifetime starts now."""
        now = int(self.wall())
        claims = {
            "aud": audience,
            "iss": issuer,
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME,
            "appid": caller.app_id,
            "appidacr": "1",
            "idp": issuer,
            "idtyp": "app",
            "oid": caller.object_id,
            "sub": caller.object_id,
            "tid": caller.tenant_id,
            "roles": sorted(caller.roles),
            "uti": uuid.uuid4().hex[:22],
            "ver": "1.0",
        }
        key = self.key()
        return jwt.encode(claims, key.private, "RS256", headers={"kid": key.id, "x5t": key.id})

    def issue_for_target(self, tenant_id: str) -> str:
        """Sign the token that a SCIM target gets when no secret was saved for it.

        (Learn: use-scim-to-provision-users-and-groups#authorization-to-provisioning-connectors, for testing only.)
        """
        now, key = int(self.wall()), self.key()
        issuer = f"https://sts.windows.net/{tenant_id}/"
        times = {"iat": now, "nbf": now, "exp": now + LIFETIME}
        claims = {"aud": SCIM_AUDIENCE, "iss": issuer, "tid": tenant_id, "appid": SYNC_FABRIC_APP_ID, **times}
        return jwt.encode(claims, key.private, "RS256", headers={"kid": key.id, "x5t": key.id})

    def recognise(self, authorization: str) -> Caller:
        """Tell who calls from an ``Authorization`` header. :raises Refusal: 401 when it does not say."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise _unauthenticated("Access token is empty.")
        fingerprint = hashlib.blake2b(token.encode(), digest_size=16).digest()
        caller = self._known.get(fingerprint) or self._verify(token, fingerprint)
        if caller.expires <= self.wall():
            raise _unauthenticated("Lifetime validation failed, the token is expired.")
        return caller

    def admit_to_resource_manager(self, authorization: str) -> str:
        """Give the tenant of a token for Azure Resource Manager. :raises Refusal: 401 when it is not one."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refusal(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
        claims = self._claims_of(token)
        if not is_resource_manager(str(claims["aud"])):
            raise Refusal(401, "InvalidAuthenticationTokenAudience", "The access token has an invalid audience.")
        if float(claims["exp"]) <= self.wall():
            raise Refusal(401, "ExpiredAuthenticationToken", "The access token expiry time is earlier than now.")
        return str(claims["tid"])

    def admit_to_vault(self, authorization: str, tenant_id: str) -> None:
        """Let through a token of a tenant for Azure Key Vault.

        :raises Refusal: 401 when it is not one, in words that were seen (azure-docs#109562, azure-docs#75410).
        """
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refusal(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.")
        claims = self._claims_of(token)
        if not is_vault(str(claims["aud"])):
            expected = f"Expected https://vault.azure.net, found: {claims['aud']}."
            raise Refusal(401, "Unauthorized", f"AKV10022: Invalid audience. {expected}")
        if claims["tid"] != tenant_id:
            expected = (
                f"Expected one of https://sts.windows.net/{tenant_id}/, found https://sts.windows.net/{claims['tid']}/."
            )
            raise Refusal(401, "Unauthorized", f"AKV10032: Invalid issuer. {expected}")
        if float(claims["exp"]) <= self.wall():
            raise Refusal(401, "Unauthorized", "The access token is expired.")

    def forget(self) -> None:
        """Verify every token anew from here on."""
        self._known.clear()

    def _verify(self, token: str, fingerprint: bytes) -> Caller:
        claims = self._claims_of(token)
        if not is_graph(str(claims["aud"])):
            raise _unauthenticated("Access token validation failure. Invalid audience.")
        caller = Caller(
            tenant_id=claims["tid"],
            object_id=claims["oid"],
            app_id=claims["appid"],
            roles=frozenset(claims["roles"]),
            expires=float(claims["exp"]),
        )
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[fingerprint] = caller
        return caller

    def _claims_of(self, token: str) -> dict[str, Any]:
        # Expiry is compared by the caller, with the clock that was given; the audience has several right values.
        options: Options = {"verify_exp": False, "verify_aud": False, "verify_iat": False, "verify_nbf": False}
        try:
            claims: JsonObject = jwt.decode(token, self.key().private.public_key(), ["RS256"], options=options)
        except jwt.InvalidSignatureError:
            raise _unauthenticated("Access token validation failure. Invalid signature.") from None
        except jwt.InvalidTokenError:
            raise _unauthenticated("IDX14100: JWT is not well formed.") from None
        if not {"aud", "tid", "oid", "appid", "roles", "exp"} <= claims.keys():
            raise _unauthenticated("Access token validation failure. A required claim is missing.")
        return claims


def is_graph(resource: str) -> bool:
    """Tell whether a token's audience, or a scope's resource, means Graph: a cloud's Graph, or a loopback address."""
    if resource == GRAPH_APP_ID:
        return True
    host, path = _place(resource)
    return host in _GRAPH_HOSTS or (host in _LOOPBACK and path == "")


def is_resource_manager(resource: str) -> bool:
    """Tell whether a resource means Azure Resource Manager, which ``az login`` asks for subscriptions."""
    host, path = _place(resource)
    return host in _MANAGEMENT_HOSTS or (host in _LOOPBACK and path == "/arm")


def is_vault(resource: str) -> bool:
    """Tell whether a resource means Azure Key Vault; all vaults share one (azure-docs#109562)."""
    host, path = _place(resource)
    return host in _VAULT_HOSTS and path == ""


def _place(resource: str) -> tuple[str, str]:
    """Split an https address into its host and its path; both are empty when it is not one."""
    try:
        parts = urlsplit(resource)
    except ValueError:
        return "", ""
    return (parts.hostname or "", parts.path.rstrip("/")) if parts.scheme == "https" else ("", "")


def _unauthenticated(message: str) -> Refusal:
    return Refusal(401, "InvalidAuthenticationToken", message)
