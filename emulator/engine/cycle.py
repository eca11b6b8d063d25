"""A cycle: everything that the service does for a job between two moments of rest (Learn: how-provisioning-works).

First the connection is tested. Then the directory is read, whole or since the watermark, and for every object it is
decided what becomes of it. Only when all of that is known is anything sent: users, then groups, then the references
between them. At the end stands the new watermark, and the question whether the job can still be trusted.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from emulator.engine import deletions, escrow, quarantine
from emulator.engine.decision import Decision
from emulator.engine.delta import everything, since_watermark
from emulator.engine.entry import Outcome
from emulator.engine.job import Execution, Progress, SyncError
from emulator.engine.references import Reach
from emulator.engine.scim import ProbeError
from emulator.engine.states import JobEvent

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping
    from datetime import datetime

    from emulator.engine.delta import Delta
    from emulator.engine.export import Case
    from emulator.engine.job import Escrow, Job
    from emulator.engine.visit import Look, Visit


_T = TypeVar("_T")


@dataclass(slots=True)
class Cycle:
    """One run of a job."""

    visit: Visit
    limit: int | None
    """How many may leave before their leaving is held; ``None`` when that is off."""
    began: datetime
    _retries: dict[str, Escrow] = field(default_factory=dict)
    _references_due: set[str] = field(default_factory=set)
    _to_settle: deque[Case] = field(default_factory=deque)
    _held: int = 0
    _memberships: Mapping[str, Mapping[str, None]] = field(default_factory=dict)
    _imported: int = 0

    @property
    def job(self) -> Job:
        """The job that runs."""
        return self.visit.job

    async def run(self) -> None:
        """Run from the probe to the new watermark."""
        try:
            await self.visit.probe()
        except ProbeError as error:
            self._break_off(error)
            return
        epoch, until = self.job.epoch, len(self.visit.tenant.directory.journal)
        # Users before groups. What was worked through is let go, so that a large company is not held twice.
        waiting = self._hold_leavers(self._looked_at(self._read()))
        self.job.progress = Progress(len(waiting), self.began)
        await self._each(_taken(waiting), self._export)
        await self._each(_taken(self._to_settle), self._settle)
        if self.job.epoch == epoch and (not self._held or self.visit.knobs.staged_cycle_continues):
            self.job.watermark = until
        self._conclude()

    def _read(self) -> Delta:
        """Say what is looked at: what changed, what waits in escrow, what is held."""
        job, directory = self.job, self.visit.tenant.directory
        if self.visit.is_full:
            delta = everything(job, directory)
        else:
            reads_roles = any(plan.reads_roles for plan in (self.visit.plan.users, self.visit.plan.groups) if plan)
            delta = since_watermark(job, directory, self.visit.scope, reads_roles=reads_roles)
        for entry in escrow.due(job, self.began):
            delta.look_at(entry.source_id, entry.kind)
            if entry.is_reference:
                self._references_due.add(entry.source_id)
            else:
                self._retries[entry.source_id] = entry
        for source_id in (*job.staged, *job.revisit):
            link = job.links.get(source_id)
            delta.look_at(source_id, link.kind if link else "User")
        job.revisit = {}
        self._imported, self._memberships = delta.count, delta.memberships
        return delta

    def _looked_at(self, delta: Delta) -> deque[Look]:
        """Look at every user, then at every group."""
        looks: deque[Look] = deque()
        for kind, ids in (("User", delta.users), ("Group", delta.groups)):
            for source_id in ids:
                look = self.visit.look(source_id, kind, purged_at_once=source_id in delta.purged_at_once)
                if look is not None:
                    looks.append(look)
                    self._note_young_assignments(look)
        return looks

    def _note_young_assignments(self, look: Look) -> None:
        if look.source is not None and self.visit.scope.has_young_assignments(look.source):
            self.job.revisit[look.source_id] = None

    def _hold_leavers(self, looks: deque[Look]) -> deque[Look]:
        """Hold disablings and deletions when they are too many and not allowed (Learn: accidental-deletions)."""
        leavers = [look for look in looks if look.decision.removes]
        forced, self.job.force_deletes = self.job.force_deletes, False
        self.job.staged = {}
        if forced or not deletions.are_held(len(leavers), self.limit, self.visit.knobs):
            return looks
        self._held = len(leavers)
        self.job.staged = {look.source_id: None for look in leavers}
        for look in leavers:
            self.visit.stage(look)
        continues = self.visit.knobs.staged_cycle_continues
        return deque(look for look in looks if continues and not look.decision.removes)

    async def _export(self, look: Look) -> None:
        case = await self.visit.carry_out(look, self._retries.get(look.source_id))
        if self.job.progress is not None:
            self.job.progress.completed += 1
            self.job.progress.observed = self.visit.now
        if look.decision is Decision.PROVISION and self._has_references(case):
            # It waits for everybody else, and only what the second pass asks for is worth keeping so long.
            case.attributes, case.found = {}, None
            self._to_settle.append(case)
        else:
            self.visit.finish(case)

    def _has_references(self, case: Case) -> bool:
        """Tell whether the second pass has anything to do for an object."""
        link = self.job.links.get(case.source_id)
        if link is None or not link.in_scope or case.entry.outcome is Outcome.FAILURE or not case.plan.references:
            return False
        if case.plan.kind == "Group":
            return True
        return link.manager is not None or self.visit.tenant.directory.manager_of(case.source_id) is not None

    async def _settle(self, case: Case) -> None:
        # Who failed may have missed memberships that changed meanwhile.
        retried = case.source_id in self._references_due or case.source_id in self._retries
        everyone = self.visit.is_full or case.is_new or retried
        reach = Reach.ALL if everyone else Reach.CHANGED
        await self.visit.settle(case, reach, self._memberships.get(case.source_id, ()))
        self.visit.finish(case)

    async def _each(self, waiting: Iterator[_T], work: Callable[[_T], Awaitable[None]]) -> None:
        """Work through what waits, several at the same time when the knob allows it."""

        async def worker() -> None:
            for item in waiting:
                await work(item)

        at_once = self.visit.knobs.requests_at_once
        if at_once <= 1:
            await worker()
        else:
            await asyncio.gather(*(worker() for _ in range(at_once)))

    # How it ends

    def _break_off(self, error: ProbeError) -> None:
        """End a cycle whose connection test failed: the job is quarantined, and no object is in the log."""
        job = self.job
        job.successive_failures += 1
        job.last = self._execution("Failed", SyncError(error.code, error.message))
        self._impose("EncounteredQuarantineException", SyncError(error.code, error.message))

    def _conclude(self) -> None:
        job, failed = self.job, self.visit.tally.failed
        execution = self._execution("EntryLevelErrors" if failed else "Succeeded")
        job.last, job.successive_failures = execution, 0
        if not failed:
            job.last_successful = execution
            if execution.exported:
                job.last_successful_with_exports = execution
        job.steady_first = job.steady_first or execution.ended
        job.steady_last = execution.ended
        self._judge()

    def _judge(self) -> None:
        """Decide whether the job can still be trusted."""
        job, knobs = self.job, self.visit.knobs
        if self._held:
            held = "1 object" if self._held == 1 else f"{self._held} objects"
            message = f"{held} would be disabled or deleted, and the threshold is {self.limit}."
            self._impose("TooManyDeletes", SyncError("TooManyDeletes", message))
            return
        reason = quarantine.reason_of(self._failures(), knobs)
        if reason is None:
            job.quarantine = None
            job.happen(JobEvent.FINISH)
            job.next_cycle = self.began + knobs.interval if job.is_running else None
        elif self.visit.is_full and knobs.prune_escrows_in_initial_cycle:
            job.escrows, job.escrows_pruned = {}, True
            job.happen(JobEvent.PRUNE)
            job.next_cycle = None
        else:
            self._impose(reason, SyncError(reason, "Too many objects could not be provisioned."))

    def _failures(self) -> quarantine.Failures:
        references = sum(entry.is_reference for entry in self.job.escrows.values())
        return quarantine.Failures(len(self.job.escrows) - references, references, self.visit.tally.succeeded)

    def _impose(self, reason: str, error: SyncError) -> None:
        job, now = self.job, self.visit.now
        job.quarantine = quarantine.imposed(job.quarantine, reason, error, now, self.visit.knobs)
        job.happen(JobEvent.IMPOSE)
        job.next_cycle = job.quarantine.next_attempt if job.is_running else None

    def _execution(self, state: str, error: SyncError | None = None) -> Execution:
        tally, references = self.visit.tally, sum(one.is_reference for one in self.job.escrows.values())
        return Execution(
            activity_id=self.visit.run.cycle_id,
            began=self.began,
            ended=self.visit.now,
            state=state,
            error=error,
            entitled=tally.entitled,
            entitled_for_provisioning=tally.in_scope,
            escrowed=len(self.job.escrows) - references,
            escrowed_references=references,
            exported=tally.exported,
            imported=self._imported,
            imported_deltas=0 if self.visit.is_full else self._imported,
            imported_reference_deltas=sum(len(members) for members in self._memberships.values()),
        )


def _taken(waiting: deque[_T]) -> Iterator[_T]:
    """Yield what waits and forget it."""
    while waiting:
        yield waiting.popleft()
