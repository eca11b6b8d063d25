"""Provisioning as the service holds it: what a plan starts from."""

from __future__ import annotations

from dataclasses import dataclass, field

from provisioning.model.assignment import AppRole, Assignment
from provisioning.model.connection import Connection
from provisioning.model.job import Job, SynchronizationTemplate
from provisioning.model.schema import SynchronizationSchema


@dataclass(frozen=True, slots=True)
class Observed:
    """What was read of one app. Before anything is there, everything is empty."""

    job: Job | None = None
    """``None`` when there is none yet."""
    template: SynchronizationTemplate | None = None
    """What the job was made from, or would be; ``None`` when nobody asked."""
    beside: tuple[Job, ...] = ()
    """Other jobs of the same service principal."""
    connection: Connection = field(default_factory=Connection)
    schema: SynchronizationSchema | None = None
    """The job's own, or the template's where there is no job; ``None`` when neither is known."""
    assignments: tuple[Assignment, ...] = ()
    roles: tuple[AppRole, ...] = ()
    """What the app declares, where somebody asked."""

    @property
    def has_run(self) -> bool:
        """Tell whether people may be provisioned by the job already."""
        return self.job is not None and self.job.has_run
