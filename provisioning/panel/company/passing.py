"""Letting the company's time pass, forwards only, and telling what happened on the way."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from provisioning.errors import NotFoundError
from provisioning.graph.watching_wire import status_of
from provisioning.model.identifiers import JobAddress
from provisioning.model.job import Job
from provisioning.panel.company.emulated import Emulated, State
from provisioning.words import counted

STEPS: Mapping[str, str] = {
    "cycle": "Next cycle",
    "forty": "+40 minutes",
    "day": "+1 day",
    "quarantine": "Until the quarantine ends",
}
"""What can be asked for, and what the button says."""

SPANS = {"forty": timedelta(minutes=40), "day": timedelta(days=1)}

MOST_ATTEMPTS = 60
"""More often than this nothing is tried within four weeks (Learn: application-provisioning-quarantine-status)."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What came of it."""

    since: datetime
    until: datetime
    cycles: int
    counts: Mapping[str, int]
    """How many accounts and groups were created, changed, disabled…, and how many requests refused."""
    ending: str = ""
    """How it ended, where that is not told by the numbers."""

    @property
    def what(self) -> str:
        """Say how much time passed."""
        passed = self.until - self.since
        moved = f"{_words(passed)} passed, to {self.until:%Y-%m-%d %H:%M}." if passed >= timedelta(seconds=1) else ""
        cycles = {0: "No cycle", 1: "One cycle"}.get(self.cycles, counted(self.cycles, "cycle"))
        return " ".join(filter(None, (moved, f"{cycles} ran.")))

    @property
    def then(self) -> str:
        """Say what was done."""
        told = [f"{count} {word}" for word, count in self.counts.items() if count]
        if not told:
            said = "Nothing had to be changed at Elium." if self.cycles else ""
        else:
            said = f"At Elium: {', '.join(told)}."
        return " ".join(filter(None, (said, self.ending)))


async def let_pass(emulated: Emulated, step: str, job: JobAddress) -> Passed:
    """Do one of :data:`STEPS`. :raises TwinError: when the emulator does not."""
    before, tally = await emulated.state(), (await emulated.sent(top=0)).tally
    cycles, ending = await _passed(emulated, step, before, job)
    after, now = await emulated.state(), (await emulated.sent(top=0)).tally
    counts = {word: count - tally.get(word, 0) for word, count in now.items()}
    return Passed(before.time, after.time, cycles, counts, ending)


async def _passed(emulated: Emulated, step: str, state: State, job: JobAddress) -> tuple[int, str]:
    if step == "quarantine":
        return await _until_released(emulated, job)
    if step in SPANS:
        return await emulated.let_pass(SPANS[step].total_seconds()), ""
    if state.next_cycle is None:
        return 0, "No cycle is due, because the job does not run."
    if state.next_cycle <= state.time:
        return await emulated.run_due(), ""
    return await emulated.let_pass(_seconds_until(state.next_cycle, state)), ""


async def _until_released(emulated: Emulated, job: JobAddress) -> tuple[int, str]:
    """Go from attempt to attempt; each that fails makes the next one later."""
    ran, state = 0, await emulated.state()
    if _found(state, job).quarantine is None:
        return 0, "The job is not in quarantine."
    for _ in range(MOST_ATTEMPTS):
        quarantine = _found(state, job).quarantine
        if quarantine is None or quarantine.next_attempt is None:
            break
        more = await emulated.let_pass(_seconds_until(quarantine.next_attempt, state))
        state = await emulated.state()
        if not more:
            break
        ran += more
    return ran, _ending(_found(state, job))


def _ending(job: Job) -> str:
    if job.quarantine is None and job.is_on:
        return "The quarantine has ended."
    given_up = "" if job.quarantine else "After four weeks the service gave up, and switched the job off. "
    return f"{given_up}Nothing is tried any more: mend the cause, then restart the job."


def _found(state: State, job: JobAddress) -> Job:
    """Find the job. :raises NotFoundError: when it is gone."""
    for each in state.jobs:
        if each["id"] == job.job:
            return status_of(each).job
    raise NotFoundError(f"The job {job.job} no longer exists.", status=404, asked="GET /_emulator/state")


def _seconds_until(moment: datetime, state: State) -> float:
    # Graph tells moments in whole seconds, cut off: a second more is surely not before it.
    return max(0.0, math.ceil((moment - state.time).total_seconds()) + 1.0)


def _words(span: timedelta) -> str:
    days, seconds = span.days, span.seconds
    parts = ((days, "day"), (seconds // 3600, "hour"), (seconds // 60 % 60, "minute"))
    told = [f"{number} {word}{'s' if number != 1 else ''}" for number, word in parts if number]
    return " ".join(told) or "Less than a minute"
