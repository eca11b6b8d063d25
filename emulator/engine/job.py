"""A provisioning job and what it remembers: links, escrows, quarantine, executions."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from emulator.engine.states import RUNNING, JobEvent, JobState, after

if TYPE_CHECKING:
    from datetime import datetime

    from emulator.company.store import JsonObject
    from emulator.engine.plan import SyncPlan


class ResetScope(Enum):
    """What a restart forgets (graph: synchronization-synchronizationjobrestartcriteria)."""

    NONE = "None"
    CONNECTOR_DATA_STORE = "ConnectorDataStore"
    """The links, which makes every object match again."""
    ESCROWS = "Escrows"
    """The failures; they stop being retried."""
    WATERMARK = "Watermark"
    """How far the directory was read; the next cycle is an initial one."""
    QUARANTINE_STATE = "QuarantineState"
    FULL = "Full"
    FORCE_DELETES = "ForceDeletes"
    """Let through the deletions that accidental-deletion prevention holds."""


@dataclass(slots=True)
class Link:
    """That a source object and a target object are one (Learn: manage-object-connections)."""

    source_id: str
    kind: str
    """``User`` or ``Group``."""
    target_id: str
    name: str
    """What the log calls the object, such as ``ada@contoso.com``."""
    in_scope: bool = True
    """Whether the last evaluation found it in scope; false once it was disabled."""
    withheld: bool = False
    """Whether it has left, and the configuration said that nothing is sent of that: it still counts as managed."""
    unassigned: bool = False
    """Whether it left by assignment or filter, and not by being disabled or deleted."""
    members: dict[str, None] | None = None
    """Of a group: the source ids of the members that were sent."""
    manager: str | None = None
    """Of a user: the source id of the manager that was sent."""
    seen: JsonObject | None = None
    """The source attributes of last time; kept only for the knob ``delta_only_attributes``."""


@dataclass(slots=True)
class Escrow:
    """An object that failed and waits to be tried again (Learn: application-provisioning-quarantine-status)."""

    source_id: str
    kind: str
    created: datetime
    next_attempt: datetime
    code: str
    is_reference: bool = False
    attempts: int = 0
    """How many times it was tried again."""


@dataclass(slots=True)
class SyncError:
    """Graph's ``synchronizationError``."""

    code: str
    message: str
    tenant_actionable: bool = True


@dataclass(slots=True)
class Quarantine:
    """That the service mistrusts a job (graph: synchronization-synchronizationquarantine)."""

    reason: str
    error: SyncError
    current_began: datetime
    """When it was last imposed or left in force."""
    series_began: datetime
    """When it was first imposed."""
    next_attempt: datetime
    series_count: int = 1


@dataclass(slots=True)
class Execution:
    """One cycle, as Graph's ``synchronizationTaskExecution`` counts it."""

    activity_id: str
    began: datetime
    ended: datetime
    state: str = "Succeeded"
    """``Succeeded``, ``EntryLevelErrors`` or ``Failed``."""
    error: SyncError | None = None
    entitled: int = 0
    entitled_for_provisioning: int = 0
    escrowed: int = 0
    escrowed_references: int = 0
    exported: int = 0
    imported: int = 0
    imported_deltas: int = 0
    imported_reference_deltas: int = 0


@dataclass(slots=True)
class Progress:
    """How far a cycle has come (graph: synchronization-synchronizationprogress)."""

    total: int
    observed: datetime
    completed: int = 0


@dataclass(slots=True)
class Job:
    """One configured provisioning instance."""

    id: str
    """``<template>.<tenant without dashes>.<guid>``."""
    tenant_id: str
    service_principal_id: str
    template_id: str
    schema: JsonObject
    created: datetime
    state: JobState = JobState.NEW
    watermark: int | None = None
    """Position in the directory's journal; ``None`` makes the next cycle an initial one."""
    links: dict[str, Link] = field(default_factory=dict)
    """The connector data store: by source id."""
    sources: dict[str, str] = field(default_factory=dict)
    """The other direction: target id to source id."""
    escrows: dict[tuple[str, bool], Escrow] = field(default_factory=dict)
    """By source id and whether only its references failed."""
    staged: dict[str, None] = field(default_factory=dict)
    """Source ids whose disabling or deletion is held."""
    epoch: int = 0
    """Counts restarts and new schemas, so that a cycle notices when one happened while it ran."""
    in_cycle: bool = False
    revisit: dict[str, None] = field(default_factory=dict)
    """Source ids to look at again although nothing changes about them."""
    quarantine: Quarantine | None = None
    force_deletes: bool = False
    sync_all: bool | None = None
    """Whether everybody is in scope, as the last initial cycle found it (Learn: known-issues: a switch needs a
    restart)."""
    next_cycle: datetime | None = None
    last: Execution | None = None
    last_successful: Execution | None = None
    last_successful_with_exports: Execution | None = None
    steady_first: datetime | None = None
    steady_last: datetime | None = None
    successive_failures: int = 0
    escrows_pruned: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    """Links ever made, by kind; never goes down until the links are dropped
    (Learn: application-provisioning-when-will-provisioning-finish-specific-user)."""
    lost: dict[str, None] = field(default_factory=dict)
    """Source ids whose link was dropped: when they are linked anew, they are not new people."""
    progress: Progress | None = None
    """How far the cycle that runs has come; ``None`` between cycles."""
    settings: dict[str, str] = field(default_factory=dict)
    """``synchronizationJobSettings``."""
    compiled: SyncPlan | None = None
    """The schema, understood; made anew when the schema changes."""

    @property
    def is_running(self) -> bool:
        """Tell whether cycles become due."""
        return self.state in RUNNING

    def happen(self, event: JobEvent) -> None:
        """Let an event move the job (see :data:`emulator.engine.states.TRANSITIONS`)."""
        self.state = after(self.state, event)

    def link(self, link: Link) -> None:
        """Remember that two objects are one."""
        known = self.links.get(link.source_id) is not None or self.lost.pop(link.source_id, 0) is None
        self.links[link.source_id] = link
        self.sources[link.target_id] = link.source_id
        if not known:
            self.counts[link.kind] = self.counts.get(link.kind, 0) + 1

    def unlink(self, source_id: str) -> None:
        """Forget a link; nothing is told to the target."""
        gone = self.links.pop(source_id, None)
        if gone is not None:
            self.lost[source_id] = None
        if gone is not None and self.sources.get(gone.target_id) == source_id:
            del self.sources[gone.target_id]

    def forget(self, scopes: frozenset[ResetScope]) -> None:
        """Forget what a restart with these scopes forgets."""
        full = ResetScope.FULL in scopes
        if full or ResetScope.CONNECTOR_DATA_STORE in scopes:
            self.links, self.sources, self.counts, self.staged, self.lost = {}, {}, {}, {}, {}
        if full or ResetScope.ESCROWS in scopes:
            self.escrows = {}
        if full or ResetScope.WATERMARK in scopes:
            self.watermark = None
        if full or ResetScope.QUARANTINE_STATE in scopes:
            self.quarantine = None
        if ResetScope.FORCE_DELETES in scopes:
            self.force_deletes = True
