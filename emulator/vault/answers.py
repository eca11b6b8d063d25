"""How the vault's REST interface writes secrets (rest/api/keyvault/secrets: get-secret, get-secret-versions)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from emulator.company.store import JsonObject
from emulator.vault.secrets import Secret, Version

AUDIENCE = "https://vault.azure.net"
"""The resource that tokens are asked for, of every vault of the public cloud."""


def challenge(origin: str, tenant_id: str) -> str:
    """Say where a token is had, as the header of a refusal does (Learn: authentication-requests-and-responses)."""
    return f'Bearer authorization="{origin}/{tenant_id}", resource="{AUDIENCE}"'


def shown(origin: str, name: str, version: Version) -> JsonObject:
    """Write a version with its value."""
    return {"value": version.value, **_told(f"{origin}/secrets/{name}/{version.id}", version)}


def listed(origin: str, secrets: Iterable[Secret]) -> JsonObject:
    """List secrets without their values, each as its newest version is."""
    return _page(_told(f"{origin}/secrets/{secret.name}", secret.newest) for secret in secrets)


def versions_listed(origin: str, secret: Secret) -> JsonObject:
    """List the versions of a secret without their values, in the order of their names (lowkey-vault#467)."""
    versions = sorted(secret.versions, key=lambda one: one.id)
    return _page(_told(f"{origin}/secrets/{secret.name}/{version.id}", version) for version in versions)


def _told(address: str, version: Version) -> JsonObject:
    attributes = {
        "enabled": version.enabled,
        "created": _seconds(version.created),
        "updated": _seconds(version.updated),
        "recoveryLevel": "Purgeable",
    }
    return {"id": address, "attributes": attributes}


def _page(rows: Iterable[JsonObject]) -> JsonObject:
    """Give everything on one page: nobody keeps as much here as a page holds."""
    return {"value": list(rows), "nextLink": None}


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
