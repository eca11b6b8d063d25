"""Starting, pausing and restarting a job by hand: what each does is said before it is done."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Protocol

from provisioning.errors import ConfigurationError, MissingPermissionError, UnsafeChangeError
from provisioning.model.connection import Connection
from provisioning.model.identifiers import JobAddress
from provisioning.model.job import Job
from provisioning.operations.held_back import held_back, held_back_if_seen
from provisioning.operations.logs import LogReader
from provisioning.operations.standing import Standing
from provisioning.operations.status import status_and_others
from provisioning.operations.surveying import Surveyed, survey
from provisioning.operations.watching import StackJob, Switched
from provisioning.planning.job_status import holds_back

UNSEEN = "Whether disables are held back from before cannot be seen: the log may not be read."


class Reset(Enum):
    """What a restart can forget (graph: synchronization-synchronizationjobrestartcriteria)."""

    WATERMARK = "Watermark"
    ESCROWS = "Escrows"
    QUARANTINE_STATE = "QuarantineState"
    CONNECTOR_DATA_STORE = "ConnectorDataStore"
    FULL = "Full"
    FORCE_DELETES = "ForceDeletes"


FORGETS: Mapping[Reset, str] = {
    Reset.WATERMARK: "where the last cycle ended, so that everybody is looked at again, as in an initial cycle; "
    "whoever left while accounts were kept is disabled then, unless they still are",
    Reset.ESCROWS: "what failed and waits to be tried again",
    Reset.QUARANTINE_STATE: "that the job is in quarantine; nothing else, so the next cycle goes on where it was",
    Reset.CONNECTOR_DATA_STORE: "which account belongs to whom, so that everybody is matched anew, and whoever is not "
    "matched again keeps an account that nobody manages",
    Reset.FULL: "all of that at once: watermark, failures, quarantine, and which account belongs to whom",
    Reset.FORCE_DELETES: "the deletion threshold, for one cycle: everything that is held back is carried out",
}

SEVERE = frozenset({Reset.CONNECTOR_DATA_STORE, Reset.FULL, Reset.FORCE_DELETES})
"""What cannot be taken back: a `--yes` that stands in a script is not enough for it."""


NEXT_CYCLE = "Disabled or deleted by the next cycle"


LOG_KEEPS = timedelta(days=30)
"""How far the log reaches back at most (Learn: concept-provisioning-logs)."""


class Restarted(Switched, Surveyed, Protocol):
    """What a restart needs of Graph: where a threshold is put aside, it is looked who has left."""


class Act(Enum):
    """What is done to the job."""

    START = "start"
    PAUSE = "pause"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class Switching:
    """What is going to be done to a job."""

    stack: str
    job_id: str
    act: Act
    lines: tuple[str, ...]
    """What comes of it, a sentence each."""
    is_needed: bool = True
    """False when the job is so already."""
    is_severe: bool = False
    """Whether it cannot be taken back, and has to be accepted by its checksum."""
    resets: tuple[Reset, ...] = ()
    """What a restart forgets."""
    held: tuple[str, ...] = ()
    """Whose disables and deletions are held back, by name, where that was looked at."""

    @property
    def checksum(self) -> str:
        """What this is accepted by: over all that was said of it, and so the same in a second look."""
        parts = (self.job_id, self.act.value, *self.lines)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class SwitchReport:
    """What was shown, and whether it was done."""

    stack: str
    job_id: str
    act: Act
    lines: tuple[str, ...]
    """What comes of it, a sentence each."""
    resets: tuple[Reset, ...]
    """What a restart forgets."""
    held: tuple[str, ...]
    """Whose disables and deletions were held back, by name, where that was looked at."""
    checksum: str
    """What ``--doit`` takes."""
    is_done: bool
    """False when the job was so already, or nothing accepted it."""


async def starting(graph: Switched, meant: StackJob, *, log: LogReader) -> Switching:
    """Look what a start would do; of a job that is off also whose disables it held back, which it does not say itself.

    :raises UnsafeChangeError: when the job holds deletions back: a start only seems to heal that.
    """
    job = (await status_and_others(graph, meant.address))[0].job
    _refuse_while_held(job, meant.stack)
    is_needed = not job.is_on or job.quarantine is not None
    if not is_needed:
        return Switching(meant.stack, job.id, Act.START, ("The job is on already.",), is_needed=False)
    held = await held_back_if_seen(log, job)
    told, is_let_go = await _told_of_held(graph, meant, held)
    begins = "The job goes on where it was paused; its next cycle begins at once."
    if job.quarantine is not None:
        # Graph: synchronization-synchronizationjob-start.
        begins = "The job leaves quarantine, and a cycle begins at once. If the cause is not mended, it comes back."
    lines = (begins, *told)
    return Switching(meant.stack, job.id, Act.START, lines, is_severe=is_let_go, held=held or ())


async def pausing(graph: Switched, meant: StackJob) -> Switching:
    """Look what a pause would do."""
    job = (await status_and_others(graph, meant.address))[0].job
    lines = (
        "Nobody is provisioned, updated or disabled until it is started again; a cycle that runs comes to its end.",
        "Where elium:status is on, a `pulumi refresh` sees the difference, and the next `pulumi up` starts it.",
        *(("The quarantine is not seen any more while it is paused; it is not over.",) if job.quarantine else ()),
    )
    if not job.is_switched_on:
        lines = ("The job is off already.",)
    return Switching(meant.stack, job.id, Act.PAUSE, lines, is_needed=job.is_switched_on)


async def restarting(graph: Restarted, meant: StackJob, resets: Sequence[Reset], *, log: LogReader) -> Switching:
    """Look what a restart would do; where deletions are let go, whose.

    :raises UnsafeChangeError: when the job holds deletions back, and it is not said that they are to be carried out.
    :raises ConfigurationError: when nothing is held back that could be carried out, or there are no credentials.
    """
    status, _ = await status_and_others(graph, meant.address)
    if not Connection(await graph.secrets(meant.address.service_principal)).has_token:
        raise ConfigurationError("The job has no token, so that no cycle could run.", hint="Run `pulumi up`.")
    forces = Reset.FORCE_DELETES in resets
    if not forces:
        _refuse_while_held(status.job, meant.stack)
    forced = await held_back(log, status.job) if forces else {}
    besides = await _left_besides(graph, meant, log, forced) if forces else ()
    held = tuple(sorted(forced.values())) if forces else await held_back_if_seen(log, status.job)
    if forces and not (held or holds_back(status.job)):
        raise ConfigurationError(
            "ForceDeletes: the job holds nothing back, so that it would only switch the threshold off for one cycle.",
            hint="Leave it out.",
        )
    lines = tuple(f"Forgets {FORGETS[reset]}." for reset in resets)
    more, is_let_go = await _told_of_held(graph, meant, held) if not forces else ((*_let_go(held), *besides), True)
    severe = is_let_go or bool(SEVERE & set(resets))
    told = (*lines, *more, "A cycle begins at once.")
    who = held or ()
    return Switching(meant.stack, status.job.id, Act.RESTART, told, is_severe=severe, resets=tuple(resets), held=who)


def report_of(switching: Switching, *, is_done: bool) -> SwitchReport:
    """Say what was shown, and whether it was done."""
    told = (switching.stack, switching.job_id, switching.act, switching.lines, switching.resets, switching.held)
    return SwitchReport(*told, switching.checksum, is_done)


async def carry_out(graph: Switched, address: JobAddress, switching: Switching) -> None:
    """Do what was shown; one request."""
    match switching.act:
        case Act.START:
            await graph.start(address)
        case Act.PAUSE:
            await graph.pause(address)
        case Act.RESTART:
            await graph.restart(address, [reset.value for reset in switching.resets])


def resets_of(written: Collection[str]) -> tuple[Reset, ...]:
    """Read what a restart is to forget, such as ``["Watermark,Escrows"]``, without regard to case.

    :raises ConfigurationError: naming every word that is none.
    """
    words = [word.strip() for text in written for word in text.split(",") if word.strip()]
    known = {reset.value.lower(): reset for reset in Reset}
    unknown = [word for word in words if word.lower() not in known]
    if unknown or not words:
        wrong = f"{', '.join(unknown)} cannot be forgotten." if unknown else "nothing is named that is to be forgotten."
        raise ConfigurationError(f"--reset: {wrong}", hint=f"Write some of {', '.join(r.value for r in Reset)}.")
    return tuple(sorted({known[word.lower()] for word in words}, key=list(Reset).index))


def _let_go(held: tuple[str, ...] | None) -> tuple[str, ...]:
    return (f"{NEXT_CYCLE}: {', '.join(held or ()) or 'whom the log does not name'}.",)


async def _left_besides(graph: Restarted, meant: StackJob, log: LogReader, held: Mapping[str, str]) -> tuple[str, ...]:
    """Say who goes as well since they left after the cycle that held the others back: no threshold stops them now."""
    since = log.clock.now() - LOG_KEEPS
    # A reader of its own: one gives each line once.
    lines = LogReader(log.graph, log.clock, log.pace)
    try:
        found = [one async for one in survey(graph, meant, lines, since=since, tell=lambda _: None)]
    except MissingPermissionError as error:
        return (f"So is whoever left since; who that is cannot be told: {error.message}",)
    new = sorted(one.person for one in found if one.standing is Standing.LEAVING and one.person_id not in held)
    return (f"So is whoever left since: {', '.join(new)}.",) if new else ()


async def _told_of_held(graph: Switched, meant: StackJob, held: tuple[str, ...] | None) -> tuple[tuple[str, ...], bool]:
    """Say what the next cycle does to those who were held back before a job was switched off, and whether they go.

    They go when the threshold has been raised or switched off since; otherwise the same quarantine comes again.
    """
    if held is None:
        return (UNSEEN,), False
    if not held:
        return (), False
    names = ", ".join(held)
    threshold = Connection(await graph.secrets(meant.address.service_principal)).delete_threshold
    if not threshold or len(held) <= threshold:
        return (
            f"{NEXT_CYCLE}, unless brought back: {names}. The threshold, which held that back, allows it now.",
        ), True
    again = f"To carry it out: elium restart {meant.stack} --reset ForceDeletes"
    return (
        f"Held back before it was switched off, and again by its next cycle, unless brought back: {names}. {again}",
    ), False


def _refuse_while_held(job: Job, stack: str) -> None:
    if holds_back(job):
        raise UnsafeChangeError(
            "The job holds disables and deletions back, because more people would lose their accounts than the "
            "threshold allows. It would look healed for a moment, and be in the same quarantine after its next cycle.",
            hint="Bring those people back first, or raise elium:deleteThreshold. To carry the deletions out: "
            f"elium restart {stack} --reset ForceDeletes",
        )
