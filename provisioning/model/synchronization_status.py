"""How a job is doing, as the service tells it (graph: synchronization-synchronizationstatus)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from provisioning.model.job import Job


@dataclass(frozen=True, slots=True)
class Cycle:
    """One run of a job (graph: synchronization-synchronizationtaskexecution)."""

    began: datetime
    ended: datetime | None
    state: str
    """``Succeeded``, ``Failed`` or ``EntryLevelErrors``: some entries failed and are tried again."""
    exported: int = 0
    """How many changes reached the target."""
    failed: int = 0
    """How many did not, and wait for another try."""

    @property
    def length(self) -> timedelta | None:
        """How long it took; ``None`` while it runs."""
        return self.ended - self.began if self.ended else None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a running cycle is (graph: synchronization-synchronizationprogress)."""

    done: int
    total: int
    units: str
    """What is counted, such as ``Entries``; the portal's bar counts pages (Learn: when-will-provisioning-finish)."""


@dataclass(frozen=True, slots=True)
class SynchronizationStatus:
    """A job, with its schedule and what came of its cycles."""

    job: Job
    schedule: str = ""
    """``Active``, ``Paused`` or ``Disabled``."""
    interval: timedelta | None = None
    """From one cycle to the next; ``None`` for a job that does not run."""
    last: Cycle | None = None
    """``None`` before the first has ended: what the service shows then means nothing."""
    last_successful: Cycle | None = None
    steady_since: datetime | None = None
    """When a cycle first found nothing left to do."""
    steady_last: datetime | None = None
    """When one did so last."""
    lost_failures: bool = False
    """Whether so much failed that the service stopped to keep what is to be tried again (``escrowsPruned``)."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Entries that were ever synchronized, by kind, such as ``{"user to User": 10}``. It never goes down, so it proves
    nothing about who is active (Learn: when-will-provisioning-finish)."""
    progress: Progress | None = None
