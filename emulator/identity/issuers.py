"""The public keys of other issuers, for workload identity federation: read from their discovery documents.

Entra reads ``<issuer>/.well-known/openid-configuration`` and the keys that it names
(Learn: workload-identity-federation).
Here that is done on loopback only; what other issuers' keys are, the seed says.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx2
import jwt

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

Keys = tuple["PublicKeyTypes", ...]
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def issuer_of(assertion: str) -> str:
    """Read who claims to have issued an assertion; empty when it does not say."""
    try:
        return str(jwt.decode(assertion, options={"verify_signature": False}).get("iss") or "")
    except jwt.InvalidTokenError:
        return ""


async def keys_of(issuer: str, connect: Callable[[], httpx2.AsyncClient]) -> Keys:
    """Read the keys of an issuer on loopback; none when it is elsewhere, or has no document that can be read."""
    if not _is_near(issuer):
        return ()
    async with connect() as http:
        document = await _json_at(http, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        address = document.get("jwks_uri")
        found = await _json_at(http, address) if isinstance(address, str) and _is_near(address) else {}
    return tuple(_keys_in(found))


async def _json_at(http: httpx2.AsyncClient, address: str) -> dict[str, Any]:
    try:
        told = json.loads((await http.get(address)).content)
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _keys_in(found: dict[str, Any]) -> list[PublicKeyTypes]:
    keys = []
    for one in found.get("keys") or ():
        try:
            keys.append(jwt.PyJWK(one).key)
        except (jwt.PyJWKError, jwt.InvalidKeyError, TypeError, AttributeError):
            # One key that is not understood takes nothing from the others.
            continue
    return keys


def _is_near(address: str) -> bool:
    try:
        parts, port = urlsplit(address), urlsplit(address).port
    except ValueError:
        return False
    return port != 0 and parts.scheme in {"http", "https"} and parts.hostname in _LOOPBACK
