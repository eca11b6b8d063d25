"""What the provisioning log tells (graph: provisioningobjectsummary)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LogEntry:
    """What one cycle, or one request on demand, did about one person or group."""

    id: str
    at: datetime
    """In UTC."""
    action: str
    """``create``, ``update``, ``disable``, ``delete``, ``stagedDelete``, ``other``, or what the service adds."""
    result: str
    """``success``, ``failure``, ``skipped`` or ``warning``."""
    source_id: str
    """The object id in Entra."""
    name: str
    """What an administrator knows it by, such as ``ada.byron@contoso.com``."""
    kind: str
    """``User`` or ``Group``."""
    target_id: str = ""
    """The account's id at the target; empty when there is none."""
    code: str = ""
    """Why it failed or was skipped, such as ``NotEffectivelyEntitled``."""
    reason: str = ""
    """The service's own words about it."""
    changed: Mapping[str, str] = field(default_factory=dict)
    """New values by target attribute."""
    scoping: Mapping[str, str] = field(default_factory=dict)
    """What decided whether somebody is in scope, such as ``{"Assigned to the application": "False"}``."""
    cycle: str = ""
    """The id of the cycle, or of the request on demand, that it is of."""


@dataclass(frozen=True, slots=True)
class LogQuestion:
    """Which entries are wanted. What is empty does not narrow."""

    job: str
    since: datetime | None = None
    source_id: str = ""
    action: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class LogPage:
    """One answer: newest entries first."""

    entries: tuple[LogEntry, ...]
    next: str = ""
    """Where the next page is; empty on the last one."""
