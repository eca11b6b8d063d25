"""How provisioning goes, in plain words: what a job's codes mean, and what to do about them.

The words are those of Learn: application-provisioning-quarantine-status, when-will-provisioning-finish and
accidental-deletions; the codes are those of graph: synchronization-synchronizationstatus.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from provisioning.errors import NotFoundError
from provisioning.model.connection import Connection
from provisioning.model.identifiers import JobAddress
from provisioning.model.job import Quarantine
from provisioning.model.synchronization_status import Cycle, Progress, SynchronizationStatus
from provisioning.operations.observe import app_is_gone
from provisioning.operations.watching import StackJob, TellsStatus
from provisioning.planning.job_status import RELEASES, UNKNOWN_RELEASE

GIVEN_UP_AFTER = timedelta(days=28)
"""How long the service goes on trying in quarantine (Learn: application-provisioning-quarantine-status)."""


UNNOTICED = timedelta(minutes=1)
"""By how much two clocks may differ before one cannot count for the other."""


class State(Enum):
    """How a job is, in a word."""

    RUNNING = "running"
    FIRST_CYCLE = "first-cycle"
    NOT_CONFIGURED = "not-configured"
    OFF = "off"
    STOPPED = "stopped"
    QUARANTINE = "quarantine"
    GIVEN_UP = "given-up"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a state means, and what to do."""

    sentence: str
    what_to_do: str


MEANINGS: Mapping[State, Meaning] = {
    State.RUNNING: Meaning("Provisioning runs.", ""),
    State.FIRST_CYCLE: Meaning(
        "The first cycle runs: 20 minutes to hours, by the number of people.", "Wait: elium wait {stack}"
    ),
    State.NOT_CONFIGURED: Meaning("The job has never had address and token.", "Run pulumi up."),
    State.OFF: Meaning("The job is switched off: nobody is provisioned or disabled.", "elium start {stack}"),
    State.STOPPED: Meaning(
        "So much failed in the initial cycle that the service dropped it and stopped the job.",
        "Mend what elium logs {stack} --result failure names, then: elium restart {stack} --reset Watermark,Escrows",
    ),
    State.GIVEN_UP: Meaning(
        "The service gave up after four weeks in quarantine.", "Mend the cause, then: elium start {stack}"
    ),
}
"""By state; a quarantine is worded by its reason."""


@dataclass(frozen=True, slots=True)
class QuarantineReport:
    """Why the service holds a job back."""

    reason: str
    """Graph's reason, such as ``TooManyDeletes``."""
    meaning: str
    """The same in plain words."""
    released_by: str
    """What releases it."""
    since: datetime | None
    next_attempt: datetime | None
    """When the service tries again."""
    code: str
    """Graph's code of what went wrong; may be empty."""
    message: str
    """The service's own words; may be empty."""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """How a job is doing."""

    stack: str
    service_principal_id: str
    job_id: str
    state: State
    sentence: str
    """The state in plain words."""
    what_to_do: str
    """What to do next; empty when nothing is."""
    quarantine: QuarantineReport | None
    last_cycle: Cycle | None
    """``null`` before the first one has ended."""
    next_cycle: datetime | None
    """When the next cycle is expected: worked out, since no field of Graph's says it; ``null`` when none is."""
    progress: Progress | None
    """How far a running cycle is, where the service says so."""
    counts: Mapping[str, int]
    """Entries that were ever synchronized, by kind. They never go down."""
    scope: str
    """``assigned`` or ``all``."""
    delete_threshold: int | None
    """How many disables and deletions one cycle may bring; 0 when that is switched off."""
    notification_email: str
    """Whom Entra writes to; empty when nobody."""
    other_jobs: tuple[str, ...]
    """Other jobs of the same app, each with links of its own."""

    def until_next(self, now: datetime) -> timedelta | None:
        """Count until the next cycle; ``None`` when none is expected, or *now* is not of the clock that tells of it.

        Ours cannot count for Graph's where Graph tells of a moment that has not come here, nor where a cycle is late by
        a whole interval, of which :func:`may_run` thinks alike.
        """
        if self.next_cycle is None:
            return None
        last, since = self.last_cycle, self.quarantine.since if self.quarantine else None
        told = [moment for moment in (last and last.began, last and last.ended, since) if moment]
        if any(moment > now + UNNOTICED for moment in told):
            return None
        if last and now - self.next_cycle > self.next_cycle - last.began:
            return None
        return max(self.next_cycle - now, timedelta())


async def status_of(graph: TellsStatus, meant: StackJob, *, now: datetime) -> StatusReport:
    """Read how a job is doing, in two calls.

    :raises NotFoundError: when the job, or its app, is gone.
    """
    address = meant.address
    status, others = await status_and_others(graph, address)
    connection = Connection(await graph.secrets(address.service_principal))
    state, held = state_of(status, now=now), status.job.quarantine
    quarantine = _reported(held) if held else None
    meaning = _meaning_of(state, quarantine)
    notification = connection.notification
    return StatusReport(
        stack=meant.stack,
        service_principal_id=address.service_principal,
        job_id=address.job,
        state=state,
        sentence=meaning.sentence,
        what_to_do=meaning.what_to_do.format(stack=meant.stack),
        quarantine=quarantine,
        last_cycle=status.last,
        next_cycle=next_cycle_of(status, now=now),
        progress=status.progress,
        counts=status.counts,
        scope=connection.scope.value,
        delete_threshold=connection.delete_threshold,
        notification_email=notification.email if notification and notification.enabled else "",
        other_jobs=tuple(other.job.id for other in others),
    )


async def status_and_others(
    graph: TellsStatus, address: JobAddress
) -> tuple[SynchronizationStatus, Sequence[SynchronizationStatus]]:
    """Read a job and those beside it, in one call.

    :raises NotFoundError: when the job, or its app, is gone.
    """
    try:
        statuses = await graph.statuses(address.service_principal)
    except NotFoundError as error:
        raise app_is_gone(address.service_principal, error) from error
    found = next((status for status in statuses if status.job.id == address.job), None)
    if found is None:
        raise NotFoundError(
            f"The job {address.job} no longer exists.",
            status=404,
            asked=f"GET /servicePrincipals/{address.service_principal}/synchronization/jobs",
            hint="If it was deleted by hand, `pulumi refresh` tells what that means, and `pulumi up` makes a new one.",
        )
    return found, [status for status in statuses if status is not found]


def state_of(status: SynchronizationStatus, *, now: datetime) -> State:
    """Tell how a job is. The codes alone do not: ``Paused`` and ``NotRun`` each mean several things."""
    job = status.job
    if job.quarantine:
        began = job.quarantine.began
        is_over = status.schedule == "Disabled" and began is not None and now >= began + GIVEN_UP_AFTER
        return State.GIVEN_UP if is_over else State.QUARANTINE
    if job.status == "NotConfigured":
        return State.NOT_CONFIGURED
    if not job.is_on:
        return State.STOPPED if status.lost_failures else State.OFF
    return State.RUNNING if status.last else State.FIRST_CYCLE


def next_cycle_of(status: SynchronizationStatus, *, now: datetime) -> datetime | None:
    """Work out when the next cycle begins: an interval after the last began, and never before that one's end."""
    if status.job.quarantine:
        return status.job.quarantine.next_attempt
    if not status.job.is_on or status.last is None or status.interval is None:
        return None
    return max(status.last.began + status.interval, status.last.ended or now)


def may_run(status: SynchronizationStatus, *, now: datetime) -> bool:
    """Tell whether a cycle may be under way: the service says so, or one is due, of which it tells when it has ended.

    One that is late by a whole interval is not on its way any more: the service has let the job rest, as it does during
    an outage [assumed], or the two clocks have nothing to do with each other.
    """
    if is_under_way(status):
        return True
    expected = next_cycle_of(status, now=now)
    return status.job.is_on and (expected is None or expected <= now <= expected + (status.interval or now - expected))


def is_under_way(status: SynchronizationStatus) -> bool:
    """Tell whether the service says that a cycle is running."""
    return status.progress is not None and status.progress.done < status.progress.total


def _reported(held: Quarantine) -> QuarantineReport:
    meaning, released_by = RELEASES.get(held.reason, UNKNOWN_RELEASE)
    return QuarantineReport(held.reason, meaning, released_by, held.began, held.next_attempt, held.code, held.message)


def _meaning_of(state: State, quarantine: QuarantineReport | None) -> Meaning:
    """Say what a state means; the service goes on naming the cause after it has given up."""
    if quarantine is None:
        return MEANINGS[state]
    held = Meaning(f"The job is in quarantine: {quarantine.meaning}.", f"{_capitalised(quarantine.released_by)}.")
    return MEANINGS.get(state, held)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
