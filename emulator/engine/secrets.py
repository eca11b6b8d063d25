"""The synchronization secrets of a service principal: one list of pairs for all its jobs, always replaced whole.

(graph: synchronization-serviceprincipal-put-synchronization; synchronization-synchronizationsecretkeystringvaluepair.)
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.company.refusal import Refusal
from emulator.engine.schema_rules import word_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from emulator.company.store import JsonObject

NOTIFICATION = "SyncNotificationSettings"
"""Who is told, and how many may leave: a JSON object in a text."""

MASK = "*"
"""How a sensitive value is read back (observed for passwords)."""

MASKED = frozenset(
    {
        "SecretToken",
        "Password",
        "ClientSecret",
        "AppKey",
        "ConsumerSecret",
        "Oauth2AccessToken",
        "Oauth2RefreshToken",
        "Oauth2ClientSecret",
        "Oauth2AuthorizationCode",
    }
)
"""Keys whose values are never shown (observed for ``Password``, inferred for the others)."""


KEYS = (
    *MASKED,
    *("None", "BaseAddress", "SyncAll", "SyncNotificationSettings", "SkipOutOfScopeDeletions", "UserName", "Domain"),
    *("ClientIdentifier", "ConsumerKey", "TokenKey", "TokenExpiration", "Url", "Server", "ConnectionString"),
    *("InstanceName", "Sandbox", "SandboxName", "AuthenticationType", "CompanyId", "SynchronizationSchedule"),
    *("Oauth2AccessTokenCreationTime", "Oauth2ClientId", "Oauth2RedirectUri", "Oauth2TokenExchangeUri"),
    *("Oauth2AuthorizationUri", "SingleSignOnType", "UpdateKeyOnSoftDelete", "SystemOfRecord", "EnforceDomain"),
    *("ApplicationTemplateIdentifier", "PerformInboundEntitlementGrants", "HardDeletesEnabled"),
    *("SyncAgentCompatibilityKey", "SyncAgentADContainer", "ValidateDomain", "TestReferences"),
)
"""The closed list of keys (graph: synchronization-synchronizationsecretkeystringvaluepair#synchronizationsecret)."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """The secrets that a cycle reads."""

    base_address: str
    """The tenant URL without its query string."""
    flags: str
    """The query string of the tenant URL, such as ``aadOptscim062020``."""
    sync_all: bool
    skip_out_of_scope: bool

    @classmethod
    def of(cls, secrets: Mapping[str, str]) -> Credentials:
        """Read the secrets; booleans are texts in any case, as Microsoft's samples differ."""
        address, _, flags = secrets.get("BaseAddress", "").partition("?")
        return cls(
            base_address=address.rstrip("/"),
            flags=flags,
            sync_all=_is_true(secrets.get("SyncAll")),
            skip_out_of_scope=_is_true(secrets.get("SkipOutOfScopeDeletions")),
        )


def shown(secrets: Mapping[str, str]) -> list[JsonObject]:
    """Show the pairs, sensitive values masked."""
    return [{"key": key, "value": MASK if key in MASKED else value} for key, value in secrets.items()]


def replaced(pairs: Iterable[Mapping[str, str | None]]) -> dict[str, str]:
    """Build the new list; a pair with an empty value removes its key (observed).

    :raises Refusal: 400 when a key is not one of the list, or stands there twice; no value is part of it.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        key = word_in(pair["key"], KEYS)
        if key is None:
            raise Refusal(400, "BadRequest", f"Requested value '{pair['key']}' was not found.")
        if key in found:
            raise Refusal(400, "BadRequest", f"The key '{key}' stands in the list twice.")
        found[key] = pair.get("value") or ""
    return {key: value for key, value in found.items() if value}


def check_notification(secrets: Mapping[str, str]) -> None:
    """Refuse notification settings that are not a JSON object: nobody would be told. :raises Refusal: 400 then."""
    told = secrets.get(NOTIFICATION)
    if told and not _notification(secrets):
        raise Refusal(400, "BadRequest", f"The value of '{NOTIFICATION}' must be a JSON object in a text.")


def recipients(secrets: Mapping[str, str]) -> list[str]:
    """List who is told about a quarantine: nobody unless the settings say so."""
    told = _notification(secrets)
    if not _is_true(str(told.get("Enabled"))):
        return []
    return [one.strip() for one in str(told.get("Recipients") or "").replace(";", ",").split(",") if one.strip()]


def _notification(secrets: Mapping[str, str]) -> JsonObject:
    try:
        told = json.loads(secrets.get(NOTIFICATION) or "{}")
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _is_true(value: str | None) -> bool:
    """Read a truth value; the page on it sends ``"1"`` too (Learn: skip-out-of-scope-deletions)."""
    return (value or "").strip().casefold() in {"true", "1"}
