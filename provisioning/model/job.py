"""A synchronization job as the service reports it (graph: synchronization-synchronizationjob)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from provisioning.model.identifiers import JobId, TemplateId
from provisioning.model.schema import SynchronizationSchema


@dataclass(frozen=True, slots=True)
class SynchronizationTemplate:
    """What a job can be made from (graph: synchronization-synchronizationtemplate)."""

    id: TemplateId
    is_default: bool = False
    schema: SynchronizationSchema | None = None
    """What a new job starts with; ``None`` where the service did not show it."""
    secrets: frozenset[str] | None = None
    """The secrets that the app is signed in to with, in small letters, such as ``secrettoken``; ``None``: not told."""


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Why the service has all but stopped a job (Learn: application-provisioning-quarantine-status)."""

    reason: str
    """Such as ``EncounteredQuarantineException`` or ``TooManyDeletes``."""
    began: datetime | None
    """When this series of quarantines began, in UTC."""
    message: str
    """The service's own words; may be empty."""
    code: str = ""
    """Graph's code of what went wrong, such as ``SystemForCrossDomainIdentityManagementInvalidCredentials``."""
    next_attempt: datetime | None = None
    """When the service tries again, in UTC."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job: not a run, which is a cycle."""

    id: JobId
    template: TemplateId
    is_on: bool
    """Whether its schedule is active; ``Paused`` and ``Disabled`` both mean that it is not (graph 13.2, 7)."""
    status: str
    """``NotConfigured``, ``NotRun``, ``Active``, ``Paused`` or ``Quarantine``."""
    quarantine: Quarantine | None = None
    last_began: datetime | None = None
    """When the last cycle began, in UTC; ``None`` when none ever did."""

    @property
    def is_switched_on(self) -> bool:
        """Tell whether somebody wants it to run: one in quarantine is on, and the service holds it back."""
        return self.is_on or self.quarantine is not None

    @property
    def has_run(self) -> bool:
        """Tell whether people may be provisioned by it already (graph: synchronization-synchronizationstatus)."""
        return self.last_began is not None or self.status in RUNS


RUNS = frozenset({"Active", "Quarantine"})
"""Status codes of a job that has had a cycle; one that is paused may have had none (graph 5.2)."""
