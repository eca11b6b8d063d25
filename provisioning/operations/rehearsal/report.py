"""What came of a rehearsal, for people and machines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from provisioning.model.provisioning_log import LogEntry
from provisioning.operations.log_codes import words_of


class Fate(Enum):
    """What becomes of somebody's account."""

    CREATED = "created"
    CHANGED = "changed"
    DISABLED = "disabled"
    DELETED = "deleted"
    HELD = "held"
    """Its disabling or deletion is held back, because the deletion threshold is exceeded."""
    FAILING = "failing"


FATES = {"create": Fate.CREATED, "update": Fate.CHANGED, "disable": Fate.DISABLED, "delete": Fate.DELETED}
"""By what the log calls the action."""

HELD_ACTIONS = frozenset({"stageddelete", "stagedaction"})
"""How the log calls what is held back, in small letters (Learn: accidental-deletions)."""

CHANGES_NOTHING = "skipped"
FAILED = "failure"
UNMATCHED = "ImportSkipped"
"""The code of whoever is skipped for want of a value to match by, and so gets no account (Learn: known-issues)."""

MOST_SAMPLES = 6


@dataclass(frozen=True, slots=True)
class FateRow:
    """What becomes of one account, or group, at the target."""

    fate: Fate
    kind: str
    """``User`` or ``Group``."""
    name: str
    """What an administrator knows it by, such as ``ada.byron@contoso.com``."""
    attributes: tuple[str, ...] = ()
    """The target attributes that are written; values are in the samples alone."""
    code: str = ""
    """Why it fails, as the log has it."""
    meaning: str = ""
    """The code in plain words; empty where it is not known."""
    what_to_do: str = ""


@dataclass(frozen=True, slots=True)
class FateCount:
    """How many accounts, or groups, have one fate."""

    fate: Fate
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """A request that the target would be sent, of a kind that it would be sent."""

    method: str
    path: str
    """Below ``/scim/v2``; the ids of accounts are the emulator's."""
    body: str
    """JSON; empty where there is none."""


@dataclass(frozen=True, slots=True)
class RehearsalReport:
    """What Entra would send after what a stack declares is brought about."""

    stack: str
    people: int
    """How many people were read."""
    groups: int
    """How many groups were read."""
    changes: tuple[str, ...]
    """What would be changed of the set-up, a line each."""
    refusal: str
    """Why a run would refuse it; empty when it would not."""
    counts: tuple[FateCount, ...]
    rows: tuple[FateRow, ...]
    samples: tuple[SampleRequest, ...]
    notes: tuple[str, ...]
    """What is to be known of the set-up, and what the rehearsal cannot know."""
    not_played: tuple[str, ...] = ()
    """What the change does besides to people whom nobody can count: they are in nobody's scope, or held back."""
    saved: str = ""
    """Where the twin was saved, and what is in it; empty when it was not."""


@dataclass(slots=True)
class Told:
    """What the log tells of one person or group."""

    name: str
    kind: str
    attributes: dict[str, None] = field(default_factory=dict)
    fates: dict[Fate, None] = field(default_factory=dict)
    failure: str | None = None
    """The code of the last attempt, while that failed."""


def rows_of(entries: Iterable[LogEntry]) -> tuple[FateRow, ...]:
    """Say what became of whom, from the log, oldest entry first.

    What failed and went well at the next attempt went well. Whoever is created and then changed is created.
    """
    told: dict[str, Told] = {}
    for entry in entries:
        _note(told.setdefault(entry.source_id, Told(entry.name, entry.kind)), entry)
    found = [row for one in told.values() for row in _rows(one)]
    order = [*Fate]
    return tuple(sorted(found, key=lambda row: (order.index(row.fate), row.kind != "User", row.name.casefold())))


def counts_of(rows: Sequence[FateRow]) -> tuple[FateCount, ...]:
    """Count rows, people before groups."""
    counted = Counter((row.fate, row.kind) for row in rows)
    kinds = sorted({row.kind for row in rows}, key=lambda kind: (kind != "User", kind))
    return tuple(FateCount(fate, kind, counted[fate, kind]) for kind in kinds for fate in Fate if counted[fate, kind])


def samples_of(requests: Iterable[dict[str, Any]]) -> tuple[SampleRequest, ...]:
    """Take the first request of each kind: what is done to what, and by which operations."""
    found: dict[str, SampleRequest] = {}
    for one in requests:
        body = one.get("body")
        text = json.dumps(body, ensure_ascii=False) if body else ""
        sample = SampleRequest(str(one["method"]), str(one["target"]), text)
        found.setdefault(_shape_of(sample, body if isinstance(body, dict) else {}), sample)
    return tuple(found.values())[:MOST_SAMPLES]


def _shape_of(sample: SampleRequest, body: Mapping[str, Any]) -> str:
    paths = sorted(str(each.get("path")) for each in body.get("Operations") or ())
    return f"{sample.method} {sample.path.split('/')[1]} {'active' if 'active' in paths else bool(paths)}"


def _note(told: Told, entry: LogEntry) -> None:
    if entry.action.casefold() in HELD_ACTIONS:
        told.fates[Fate.HELD] = None
    elif entry.result == FAILED or entry.code == UNMATCHED:
        told.failure = entry.code or entry.reason
    elif entry.result != CHANGES_NOTHING:
        told.failure = None
        told.fates.update(dict.fromkeys(filter(None, (FATES.get(entry.action),))))
        told.attributes.update(dict.fromkeys(entry.changed))


def _rows(told: Told) -> Iterator[FateRow]:
    for fate in told.fates:
        if fate is not Fate.CHANGED or Fate.CREATED not in told.fates:
            # Of who is created, everything is written.
            attributes = () if fate in (Fate.CREATED, Fate.HELD) else tuple(sorted(told.attributes))
            yield FateRow(fate, told.kind, told.name, attributes)
    if told.failure is not None:
        words = words_of(told.failure)
        known = (words.meaning, words.remedy) if words else ("", "")
        yield FateRow(Fate.FAILING, told.kind, told.name, (), told.failure, *known)
