"""How Entra is connected to the app: what Graph calls the synchronization secrets of a service principal.

Most of them are not secret: the list also holds the scope, the notification e-mail and the deletion threshold
(graph: synchronization-synchronizationsecretkeystringvaluepair). A save replaces the whole list, so what nobody
declares is read first and sent back; what the service masks cannot be sent back and is named instead.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from provisioning.errors import ConfigurationError
from provisioning.model.base_address import shown_address

MASK = "*"
"""What the service shows in place of a sensitive value (graph 5.3)."""

TOKEN_KEY = "SecretToken"  # noqa: S105 - the name of a key
ADDRESS_KEY = "BaseAddress"
SCOPE_KEY = "SyncAll"
KEEPS_KEY = "SkipOutOfScopeDeletions"
NOTIFICATION_KEY = "SyncNotificationSettings"

_TRUE = frozenset({"true", "1"})


class Scope(Enum):
    """Who is considered: everybody who is assigned, or everybody there is."""

    ASSIGNED = "assigned"
    """Users and groups that are assigned to the app, and members of those groups."""
    ALL = "all"
    """Every user and group of the directory that the filters admit."""


@dataclass(frozen=True, slots=True)
class Notification:
    """Whom Entra writes to when provisioning fails."""

    email: str
    """One address, a person's or a group's (Learn: elium-provisioning-tutorial, step 6)."""

    enabled: bool = True
    """The check box *Send an email notification when a failure occurs*."""


@dataclass(frozen=True, slots=True)
class DeclaredConnection:
    """What a configuration says about the connection, besides the token. ``None`` leaves it as the service has it."""

    address: str | None = None
    notification: Notification | None = None
    delete_threshold: int | None = None
    """How many disables and deletions one cycle may bring; 0 switches the threshold off."""
    keeps_leavers: bool | None = None
    """Whether people who leave the scope keep their accounts (``SkipOutOfScopeDeletions``)."""
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """The list as the service holds it; typed values are views of it. Editing gives a new one."""

    held: Mapping[str, str] = field(default_factory=dict)
    """By key, as Graph sent it; sensitive values are masked."""

    @property
    def address(self) -> str:
        """Where the app answers SCIM; empty when nobody has said so."""
        return self.held.get(ADDRESS_KEY, "")

    @property
    def has_token(self) -> bool:
        """Tell whether the service holds a token."""
        return bool(self.held.get(TOKEN_KEY))

    @property
    def scope(self) -> Scope:
        """Who is considered; the service compares the text without regard to case (provisioning-service 1.5)."""
        return Scope.ALL if is_true(self.held.get(SCOPE_KEY)) else Scope.ASSIGNED

    @property
    def keeps_leavers(self) -> bool:
        """Tell whether people who leave the scope keep their accounts (Learn: skip-out-of-scope-deletions)."""
        return is_true(self.held.get(KEEPS_KEY))

    @property
    def notification(self) -> Notification | None:
        """Whom Entra writes to; ``None`` when no recipient is set."""
        settings = self._notification_settings
        recipient = settings.get("Recipients")
        return Notification(str(recipient), enabled=is_true(settings.get("Enabled"))) if recipient else None

    @property
    def delete_threshold(self) -> int | None:
        """The deletion threshold: 0 when it is switched off, ``None`` when nothing is said of it."""
        settings = self._notification_settings
        if "DeleteThresholdEnabled" not in settings:
            return None
        return _number(settings.get("DeleteThresholdValue")) if is_true(settings["DeleteThresholdEnabled"]) else 0

    def edited(self, declared: DeclaredConnection) -> Connection:
        """Give the list with what is declared over what the service holds; keys that we do not know stay."""
        held = dict(self.held)
        if declared.address is not None:
            held[ADDRESS_KEY] = declared.address
        if declared.scope is not None and (declared.scope is not self.scope or SCOPE_KEY not in held):
            held[SCOPE_KEY] = "true" if declared.scope is Scope.ALL else "false"
        if declared.keeps_leavers is not None and (
            declared.keeps_leavers is not self.keeps_leavers or KEEPS_KEY not in held
        ):
            held[KEEPS_KEY] = str(declared.keeps_leavers)
        settings = self._notification_settings | _written(declared)
        if settings != self._notification_settings:
            held[NOTIFICATION_KEY] = json.dumps(settings)
        return Connection(held)

    def to_save(self, token: str) -> dict[str, str]:
        """Give the whole list with the token itself, as it must be sent.

        :raises ConfigurationError: when the service holds another sensitive value that nobody here knows.
        """
        self.refuse_what_a_save_loses()
        return {**self.held, TOKEN_KEY: token}

    def refuse_what_a_save_loses(self) -> None:
        """Look whether everything beside the token can be sent back.

        A masked value that is sent back would become the value (graph 13.2, 10).

        :raises ConfigurationError: when the service holds another sensitive value that nobody here knows.
        """
        unknown = sorted(key for key, value in self.held.items() if value == MASK and key != TOKEN_KEY)
        if unknown:
            raise ConfigurationError(
                f"The service principal holds {', '.join(unknown)}, which cannot be read back, so a save loses it.",
                hint="Remove it in the portal's provisioning settings, then try again.",
            )

    @property
    def _notification_settings(self) -> dict[str, Any]:
        """Read the JSON text inside the list; what is not an object says nothing."""
        try:
            settings = json.loads(self.held.get(NOTIFICATION_KEY) or "{}")
        except ValueError:
            return {}
        return settings if isinstance(settings, dict) else {}


@dataclass(frozen=True, slots=True)
class ConnectionSetting:
    """One setting that is saved with address and token, as people read of it."""

    place: str
    """The input that declares it."""
    title: str
    shown: Callable[[Connection], str]
    """What it is, in words."""
    held: Callable[[Connection], object]
    """What it is, as the input would declare it; ``None`` when nothing is said of it."""


def _held_notification(connection: Connection) -> dict[str, object] | None:
    notification = connection.notification
    return {"email": notification.email, "enabled": notification.enabled} if notification else None


def _shown_notification(connection: Connection) -> str:
    notification = connection.notification
    if notification is None:
        return "nobody"
    return notification.email if notification.enabled else f"{notification.email}, switched off"


def _shown_threshold(connection: Connection) -> str:
    threshold = connection.delete_threshold
    if threshold is None:
        return "the service's own"
    return f"{threshold:,}" if threshold else "none"


ADDRESS = ConnectionSetting(
    "baseAddress",
    "address",
    shown=lambda connection: shown_address(connection.address) or "nothing",
    held=lambda connection: shown_address(connection.address) or None,
)
SETTINGS = (
    ADDRESS,
    ConnectionSetting("notification", "notification", shown=_shown_notification, held=_held_notification),
    ConnectionSetting(
        "deleteThreshold",
        "deletion threshold",
        shown=_shown_threshold,
        held=lambda connection: connection.delete_threshold,
    ),
    ConnectionSetting(
        "skipOutOfScopeDeletions",
        "skip out-of-scope deletions",
        shown=lambda connection: "on" if connection.keeps_leavers else "off",
        held=lambda connection: connection.keeps_leavers,
    ),
)
"""Every setting of the connection; the scope is a change of its own, since a restart follows from it."""


def is_true(value: object) -> bool:
    """Read a truth value of the service, which comes as a boolean, as a text in any case, or as ``1``.

    Learn: skip-out-of-scope-deletions writes ``True``, its sample ``1``.
    """
    return value is True or str(value).strip().casefold() in _TRUE


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0


def _written(declared: DeclaredConnection) -> dict[str, Any]:
    """Write ``SyncNotificationSettings``, as far as it is declared (graph 5.3)."""
    settings: dict[str, Any] = {}
    if declared.notification is not None:
        settings |= {"Enabled": declared.notification.enabled, "Recipients": declared.notification.email}
    if declared.delete_threshold is not None:
        settings |= {"DeleteThresholdEnabled": declared.delete_threshold > 0}
        settings |= {"DeleteThresholdValue": declared.delete_threshold} if declared.delete_threshold > 0 else {}
    return settings
