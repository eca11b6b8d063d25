"""What the provisioning log tells when it is read as a whole: cycles over time, and failures by cause. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from provisioning.model.provisioning_log import LogEntry
from provisioning.operations.log_codes import words_of
from provisioning.operations.standing import WELL, PersonStanding, Standing

PERSON = "User"

ACTIONS: Mapping[str, str] = {"create": "created", "update": "updated", "disable": "disabled", "delete": "deleted"}
"""What is counted of a cycle that went well, by the log's word for it (graph: provisioningobjectsummary)."""

FAILED = "failed"

COUNTED = (*ACTIONS.values(), FAILED)
"""What is counted of a cycle, in the order in which it is shown."""

OPENS, CLOSES = frozenset({"created"}), frozenset({"disabled", "deleted"})
"""What opens an account, and what closes one."""


@dataclass(frozen=True, slots=True)
class CycleTally:
    """What one cycle, or one request on demand, did about people."""

    cycle: str
    """Graph's id."""
    at: datetime
    """When its last line was written, in UTC."""
    counts: Mapping[str, int]
    """How many people, by what was done: ``created``, ``updated``, ``disabled``, ``deleted``, ``failed``."""
    accounts: int
    """How many accounts were open after it, as far as the log tells."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why people fail, and what helps."""

    code: str
    """Graph's, such as ``DuplicateTargetEntries``."""
    meaning: str
    """In plain words; the code where there are none."""
    remedy: str
    """What to do; empty where that is not known."""
    people: tuple[str, ...]
    """Who fails for it, in order."""


@dataclass(slots=True)
class History:
    """Takes the log line by line, newest first, and keeps numbers only: there may be 100,000 people."""

    _counts: dict[str, Counter[str]] = field(default_factory=dict)
    _at: dict[str, datetime] = field(default_factory=dict)
    made: dict[str, datetime] = field(default_factory=dict)
    """By object id: when somebody's account was made, the last time if that was more than once."""

    def take(self, entry: LogEntry) -> None:
        """Count a line. What was skipped, or is about a group, is not counted."""
        if entry.kind != PERSON:
            return
        done = FAILED if entry.result == "failure" else ACTIONS.get(entry.action) if entry.result in WELL else None
        if done is None:
            return
        self._counts.setdefault(entry.cycle, Counter())[done] += 1
        self._at[entry.cycle] = max(entry.at, self._at.get(entry.cycle, entry.at))
        if done in OPENS:
            self.made[entry.source_id] = max(entry.at, self.made.get(entry.source_id, entry.at))

    def cycles(self, *, open_now: int) -> tuple[CycleTally, ...]:
        """Give the cycles that did something, oldest first. *open_now*: how many accounts are open at the end."""
        newest_first = sorted(self._counts, key=lambda cycle: self._at[cycle], reverse=True)
        told: list[CycleTally] = []
        accounts = open_now
        for cycle in newest_first:
            counts = self._counts[cycle]
            told.append(CycleTally(cycle, self._at[cycle], {each: counts[each] for each in COUNTED}, accounts))
            accounts -= opened_by(told[-1])
        return tuple(reversed(told))


def by_day(histories: Iterable[Sequence[CycleTally]]) -> tuple[CycleTally, ...]:
    """Put the cycles of several jobs together, day by day in UTC: what was done on it, and how many accounts were open.

    Each history is of one job, oldest first. Before its first cycle a job has as many accounts as that one found.
    """
    listed = [history for history in histories if history]
    open_at = [history[0].accounts - opened_by(history[0]) for history in listed]
    merged = sorted(((cycle, number) for number, history in enumerate(listed) for cycle in history), key=_when)
    told: list[CycleTally] = []
    for day, group in groupby(merged, key=lambda each: f"{each[0].at:%Y-%m-%d}"):
        counts, of_day = Counter[str](), [*group]
        for cycle, number in of_day:
            counts.update(cycle.counts)
            open_at[number] = cycle.accounts
        told.append(CycleTally(day, of_day[-1][0].at, {each: counts[each] for each in COUNTED}, sum(open_at)))
    return tuple(told)


def opened_by(cycle: CycleTally) -> int:
    """Tell by how many a cycle raised the number of open accounts."""
    return sum(cycle.counts[each] for each in OPENS) - sum(cycle.counts[each] for each in CLOSES)


def _when(each: tuple[CycleTally, int]) -> tuple[datetime, int]:
    return each[0].at, each[1]


def together(causes: Iterable[tuple[str, Cause]]) -> tuple[Cause, ...]:
    """Put the causes of several jobs together, each given with the job's name, the most frequent first."""
    people: dict[str, list[str]] = {}
    for job, cause in causes:
        people.setdefault(cause.code, []).extend(f"{job}: {name}" for name in cause.people)
    return _ordered(people)


def causes_of(people: Iterable[PersonStanding]) -> tuple[Cause, ...]:
    """Put those who fail together by why, the most frequent first."""
    failing: dict[str, list[str]] = {}
    for one in people:
        if one.standing is Standing.FAILING:
            failing.setdefault(one.code, []).append(one.person)
    return _ordered(failing)


def _ordered(failing: Mapping[str, list[str]]) -> tuple[Cause, ...]:
    return tuple(
        _cause(code, sorted(names))
        for code, names in sorted(failing.items(), key=lambda each: (-len(each[1]), each[0]))
    )


def _cause(code: str, names: list[str]) -> Cause:
    words = words_of(code)
    return Cause(code, words.meaning if words else code, words.remedy if words else "", tuple(names))
