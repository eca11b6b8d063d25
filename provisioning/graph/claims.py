"""What a bearer token says of who signed in. It is read and not verified: Graph decides, this only explains.

Microsoft calls a token opaque to whoever asks for it; so what cannot be read is no mistake, only not known
(Learn: access-token-claims-reference).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who signed in."""

    tenant: str
    """The tenant's id."""
    app_id: str
    """Of the application: the identity itself, or what a person signed in with, such as the Azure CLI."""
    permissions: frozenset[str]
    """Application permissions, or a person's scopes, such as ``Synchronization.Read.All``."""
    is_person: bool = False
    """Whether a person signed in, so that directory roles count besides."""


def signed_in_by(token: str) -> SignedIn | None:
    """Read a token; ``None`` when it cannot be read."""
    try:
        payload = token.split(".")[1]
        claims: Mapping[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return _of(claims)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None


def _of(claims: Mapping[str, Any]) -> SignedIn:
    is_person = "scp" in claims
    permissions = str(claims["scp"]).split() if is_person else map(str, claims.get("roles") or ())
    return SignedIn(str(claims["tid"]), str(claims.get("appid") or ""), frozenset(permissions), is_person)
