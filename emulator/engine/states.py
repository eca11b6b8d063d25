"""The states of a job, and every way from one to the next, in one table.

A *job* is the lasting arrangement; a *cycle* is one run of it. The table says what an event makes of a job; what the
event does besides (forgetting a watermark, making a cycle due) is told in :mod:`emulator.engine.service`.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from emulator.company.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping


class JobState(Enum):
    """Where a job stands."""

    NEW = "new"
    """Created, and never started (or paused before its first cycle ended)."""
    NOT_RUN = "not run"
    """Started; its first cycle has not finished."""
    ACTIVE = "active"
    """Cycles run one after the other."""
    PAUSED = "paused"
    """Nothing is sent; links, watermark and escrows are kept (graph: synchronizationjob-pause)."""
    QUARANTINE = "quarantine"
    """Cycles are tried less and less often (Learn: application-provisioning-quarantine-status)."""
    DISABLED = "disabled"
    """Switched off by the service after four weeks of quarantine."""


class JobEvent(Enum):
    """What happens to a job."""

    START = "start"
    """An administrator starts it; a quarantine is lifted (graph: synchronizationjob-start)."""
    PAUSE = "pause"
    """An administrator pauses it; a running cycle finishes (Learn: known-issues)."""
    RESTART = "restart"
    """An administrator restarts it, with the quarantine lifted."""
    RESTART_IN_QUARANTINE = "restart in quarantine"
    """An administrator restarts it with a scope that leaves the quarantine in force."""
    FINISH = "finish"
    """A cycle ended and found no reason for a quarantine; one that was in force is lifted."""
    IMPOSE = "impose"
    """A cycle ended with a reason for a quarantine, or could not begin."""
    PRUNE = "prune"
    """An initial cycle dropped its failures and waits for a clean-up (graph: synchronizationstatus)."""
    EXPIRE = "expire"
    """Four weeks of quarantine are over."""


TRANSITIONS: Mapping[JobState, Mapping[JobEvent, JobState]] = {
    JobState.NEW: {
        JobEvent.START: JobState.NOT_RUN,
        JobEvent.PAUSE: JobState.NEW,
        JobEvent.RESTART: JobState.NOT_RUN,
        JobEvent.RESTART_IN_QUARANTINE: JobState.NOT_RUN,
        JobEvent.FINISH: JobState.PAUSED,
        JobEvent.IMPOSE: JobState.PAUSED,
        JobEvent.PRUNE: JobState.PAUSED,
    },
    JobState.NOT_RUN: {
        JobEvent.START: JobState.NOT_RUN,
        JobEvent.PAUSE: JobState.NEW,
        JobEvent.RESTART: JobState.NOT_RUN,
        JobEvent.RESTART_IN_QUARANTINE: JobState.NOT_RUN,
        JobEvent.FINISH: JobState.ACTIVE,
        JobEvent.IMPOSE: JobState.QUARANTINE,
        JobEvent.PRUNE: JobState.PAUSED,
    },
    JobState.ACTIVE: {
        JobEvent.START: JobState.ACTIVE,
        JobEvent.PAUSE: JobState.PAUSED,
        JobEvent.RESTART: JobState.ACTIVE,
        JobEvent.RESTART_IN_QUARANTINE: JobState.ACTIVE,
        JobEvent.FINISH: JobState.ACTIVE,
        JobEvent.IMPOSE: JobState.QUARANTINE,
        JobEvent.PRUNE: JobState.PAUSED,
    },
    JobState.PAUSED: {
        JobEvent.START: JobState.ACTIVE,
        JobEvent.PAUSE: JobState.PAUSED,
        JobEvent.RESTART: JobState.ACTIVE,
        JobEvent.RESTART_IN_QUARANTINE: JobState.ACTIVE,
        JobEvent.FINISH: JobState.PAUSED,
        JobEvent.IMPOSE: JobState.PAUSED,
        JobEvent.PRUNE: JobState.PAUSED,
    },
    JobState.QUARANTINE: {
        JobEvent.START: JobState.ACTIVE,
        JobEvent.PAUSE: JobState.PAUSED,
        JobEvent.RESTART: JobState.ACTIVE,
        JobEvent.RESTART_IN_QUARANTINE: JobState.QUARANTINE,
        JobEvent.FINISH: JobState.ACTIVE,
        JobEvent.IMPOSE: JobState.QUARANTINE,
        JobEvent.PRUNE: JobState.PAUSED,
        JobEvent.EXPIRE: JobState.DISABLED,
    },
    JobState.DISABLED: {
        JobEvent.START: JobState.ACTIVE,
        JobEvent.PAUSE: JobState.PAUSED,
        JobEvent.RESTART: JobState.ACTIVE,
        JobEvent.RESTART_IN_QUARANTINE: JobState.ACTIVE,
    },
}

RUNNING = frozenset({JobState.NOT_RUN, JobState.ACTIVE, JobState.QUARANTINE})
"""The states in which cycles become due."""


def after(state: JobState, event: JobEvent) -> JobState:
    """Tell where *event* takes a job that stands at *state*.

    :raises Refusal: 409 when it takes it nowhere; nothing was changed then.
    """
    following = TRANSITIONS[state].get(event)
    if following is None:
        raise Refusal(409, "Conflict", f"A job that is {state.value} cannot {event.value}: start or restart it first.")
    return following
