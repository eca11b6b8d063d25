"""Waiting until a job has had a cycle, or is steady; whatever makes waiting pointless ends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from provisioning.errors import ProvisioningError, QuarantinedError, StillWaitingError
from provisioning.model.synchronization_status import Cycle, SynchronizationStatus
from provisioning.operations.status import MEANINGS, State, state_of, status_and_others
from provisioning.operations.watching import StackJob, Watched
from provisioning.planning.job_status import RELEASES, UNKNOWN_RELEASE

if TYPE_CHECKING:
    from provisioning.graph.patience import Clock

SECONDS_BETWEEN = 60.0
"""A status is not asked for more often (operating facts: graph, synchronization limits)."""


class Awaited(Enum):
    """What is waited for."""

    FIRST_CYCLE = "first-cycle"
    """Some cycle has ended, now or earlier."""
    CYCLE = "cycle"
    """A cycle that began after waiting did has ended."""
    STEADY = "steady"
    """A cycle that ended after waiting began found nothing left to do."""


@dataclass(frozen=True, slots=True)
class WaitReport:
    """What came of waiting."""

    stack: str
    awaited: Awaited
    cycle: Cycle
    """The cycle that ended it."""
    waited: timedelta
    """In seconds."""
    failed: int
    """How many changes of that cycle failed and are tried again."""


Tell = Callable[[SynchronizationStatus, timedelta], None]
"""Is told the status and how long has been waited, each time that somebody looked."""


async def wait_for(
    graph: Watched, meant: StackJob, awaited: Awaited, *, within: timedelta, clock: Clock, tell: Tell
) -> WaitReport:
    """Look once a minute until what is awaited has come.

    :raises QuarantinedError: when the job is in quarantine, or gets into it.
    :raises StillWaitingError: when time is up.
    :raises ProvisioningError: when the job is switched off, so that no cycle will come.
    """
    began = clock.now()
    while True:
        status, _ = await status_and_others(graph, meant.address)
        state = state_of(status, now=clock.now())
        # First: a job that had cycles and is in quarantine now has not arrived anywhere.
        _refuse_in_quarantine(status)
        if cycle := _ARRIVED[awaited](status, began):
            return WaitReport(meant.stack, awaited, cycle, clock.now() - began, cycle.failed)
        _refuse_to_wait(state, meant.stack)
        waited = clock.now() - began
        tell(status, waited)
        if waited + timedelta(seconds=SECONDS_BETWEEN) > within:
            raise StillWaitingError(
                _NAMES[awaited],
                within=within,
                last_seen=state.value,
                hint=f"Wait on, or look: elium status {meant.stack}",
            )
        await clock.sleep(SECONDS_BETWEEN)


def _refuse_in_quarantine(status: SynchronizationStatus) -> None:
    if held := status.job.quarantine:
        meaning, release = RELEASES.get(held.reason, UNKNOWN_RELEASE)
        raise QuarantinedError(
            f"The job is in quarantine ({held.reason}): {meaning}.",
            reason=held.reason,
            since=held.began,
            hint=f"What releases it: {release}.",
        )


def _refuse_to_wait(state: State, stack: str) -> None:
    """Refuse where no cycle will come by waiting."""
    if state not in (State.RUNNING, State.FIRST_CYCLE):
        meant = MEANINGS[state]
        raise ProvisioningError(
            f"There is nothing to wait for. {meant.sentence}", hint=meant.what_to_do.format(stack=stack)
        )


def _any(status: SynchronizationStatus, began: datetime) -> Cycle | None:
    del began
    return status.last if status.last and status.last.ended else None


def _new(status: SynchronizationStatus, began: datetime) -> Cycle | None:
    cycle = _any(status, began)
    return cycle if cycle and cycle.began > began else None


def _steady(status: SynchronizationStatus, began: datetime) -> Cycle | None:
    is_steady = status.steady_last is not None and status.steady_last > began
    return _any(status, began) if is_steady else None


_ARRIVED: Mapping[Awaited, Callable[[SynchronizationStatus, datetime], Cycle | None]] = {
    Awaited.FIRST_CYCLE: _any,
    Awaited.CYCLE: _new,
    Awaited.STEADY: _steady,
}

_NAMES: Mapping[Awaited, str] = {
    Awaited.FIRST_CYCLE: "first cycle",
    Awaited.CYCLE: "cycle that began since",
    Awaited.STEADY: "steady state",
}
