"""What the provisioning log tells when it is read as a whole: cycles over time, and failures by cause. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

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

    def take(self, entry: LogEntry) -> None:
        """Count a line. What was skipped, or is about a group, is not counted."""
        if entry.kind != PERSON:
            return
        done = FAILED if entry.result == "failure" else ACTIONS.get(entry.action) if entry.result in WELL else None
        if done is None:
            return
        self._counts.setdefault(entry.cycle, Counter())[done] += 1
        self._at[entry.cycle] = max(entry.at, self._at.get(entry.cycle, entry.at))

    def cycles(self, *, open_now: int) -> tuple[CycleTally, ...]:
        """Give the cycles that did something, oldest first. *open_now*: how many accounts are open at the end."""
        newest_first = sorted(self._counts, key=lambda cycle: self._at[cycle], reverse=True)
        told: list[CycleTally] = []
        accounts = open_now
        for cycle in newest_first:
            counts = self._counts[cycle]
            told.append(CycleTally(cycle, self._at[cycle], {each: counts[each] for each in COUNTED}, accounts))
            accounts += sum(counts[each] for each in CLOSES) - sum(counts[each] for each in OPENS)
        return tuple(reversed(told))


def causes_of(people: Iterable[PersonStanding]) -> tuple[Cause, ...]:
    """Put those who fail together by why, the most frequent first."""
    failing: dict[str, list[str]] = {}
    for one in people:
        if one.standing is Standing.FAILING:
            failing.setdefault(one.code, []).append(one.person)
    return tuple(
        _cause(code, sorted(names))
        for code, names in sorted(failing.items(), key=lambda each: (-len(each[1]), each[0]))
    )


def _cause(code: str, names: list[str]) -> Cause:
    words = words_of(code)
    return Cause(code, words.meaning if words else code, words.remedy if words else "", tuple(names))
