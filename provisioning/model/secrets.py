"""The synchronization secrets of a service principal: one list of keys, replaced as a whole.

Most of them are no secrets: the list also holds the scope, the notification e-mail and the deletion threshold
(graph: synchronization-synchronizationsecretkeystringvaluepair). Since a save replaces everything, what we do not
declare is read first and sent back; what the service masks cannot be sent back and is named instead.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

MASK = "*"
"""What the service shows in place of a sensitive value (graph 5.3)."""


class Scope(Enum):
    """Who is considered: everybody who is assigned, or everybody there is."""

    ASSIGNED = "assigned"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Notification:
    """Whom Entra writes to when provisioning fails."""

    email: str
    """One address, a person's or a group's (Learn: elium-provisioning-tutorial, step 6)."""

    enabled: bool = True
    """The check box *Send an email notification when a failure occurs*."""


def notification_settings(
    observed: str | None, notification: Notification | None, delete_threshold: int | None
) -> str | None:
    """Write ``SyncNotificationSettings``, a JSON text inside the list, over what the service holds.

    Keys of the text that we do not know stay. ``None`` means that there is nothing to say.
    """
    settings = _parsed(observed)
    if notification is not None:
        settings |= {"Enabled": notification.enabled, "Recipients": notification.email}
    if delete_threshold is not None:
        settings |= {"DeleteThresholdEnabled": delete_threshold > 0}
        settings |= {"DeleteThresholdValue": delete_threshold} if delete_threshold > 0 else {}
    return json.dumps(settings) if settings else observed


def notification_of(secrets: Mapping[str, str]) -> Notification | None:
    """Read the notification out of the list; ``None`` when no recipient is set."""
    settings = _parsed(secrets.get("SyncNotificationSettings"))
    recipient = settings.get("Recipients")
    return Notification(str(recipient), enabled=bool(settings.get("Enabled"))) if recipient else None


def delete_threshold_of(secrets: Mapping[str, str]) -> int | None:
    """Read the deletion threshold: 0 when it is switched off, ``None`` when nothing is said of it."""
    settings = _parsed(secrets.get("SyncNotificationSettings"))
    if "DeleteThresholdEnabled" not in settings:
        return None
    return int(settings.get("DeleteThresholdValue") or 0) if settings["DeleteThresholdEnabled"] else 0


def scope_of(secrets: Mapping[str, str]) -> Scope:
    """Read who is considered; the service compares the text without regard to case (provisioning-service 1.5)."""
    return Scope.ALL if secrets.get("SyncAll", "").lower() == "true" else Scope.ASSIGNED


def skips_out_of_scope_deletions(secrets: Mapping[str, str]) -> bool:
    """Tell whether people who leave the scope keep their accounts (Learn: skip-out-of-scope-deletions)."""
    return secrets.get("SkipOutOfScopeDeletions", "").lower() == "true"


def _parsed(text: str | None) -> dict[str, Any]:
    try:
        settings = json.loads(text) if text else {}
    except ValueError:
        return {}
    return settings if isinstance(settings, dict) else {}
