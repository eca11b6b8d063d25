"""What happened to one object in one cycle: the facts from which every log text is written later."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from emulator.engine.flow import Change
    from emulator.engine.scope import Verdict
    from provisioning.language import Value


class Action(Enum):
    """What was done at the target; the value is Graph's ``provisioningAction``."""

    CREATE = "create"
    UPDATE = "update"
    DISABLE = "disable"
    DELETE = "delete"
    STAGED_DELETE = "stagedDelete"
    OTHER = "other"


class Outcome(Enum):
    """How it ended; the value is Graph's ``provisioningStatusInfo.status``."""

    SUCCESS = "success"
    WARNING = "warning"
    FAILURE = "failure"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Retry:
    """What the log tells of an object that is tried again."""

    created: datetime
    next_attempt: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Run:
    """What the entries of one cycle have in common, kept once."""

    cycle_id: str
    job_id: str


@dataclass(slots=True)
class Entry:
    """The facts of one line of the provisioning log."""

    run: Run
    at: datetime
    kind: str
    source_id: str
    name: str
    """What the log calls the object: its user principal name, or a group's name."""
    display_name: str
    target_id: str = ""
    action: Action = Action.OTHER
    outcome: Outcome = Outcome.SUCCESS
    verdict: Verdict | None = None
    matched: bool | None = None
    """Whether a target object was found; ``None`` when none was looked for."""
    skip: str | None = None
    """A skip reason, such as ``RedundantExport``."""
    code: str | None = None
    """An error code, such as ``Conflict``."""
    reason: str | None = None
    failed_reference: bool = False
    """Whether only a reference failed; the object itself is as it should be."""
    duration: int = 0
    """Milliseconds that it took."""
    retry: Retry | None = None
    """Set when this was an attempt from escrow."""
    attributes: tuple[str, ...] = ()
    """The target attributes that changed, shared between entries."""
    before: tuple[Value, ...] = ()
    after: tuple[Value, ...] = ()
    redacted: frozenset[str] = frozenset()
    """Those of them that the log must not show (``Redact``)."""
    referred: list[tuple[str, str]] | None = None
    """Reference attribute and target id of each reference that was written; an empty id removed one."""
    unresolved: list[tuple[str, str]] | None = None
    """Reference attribute and source id of what could not be resolved."""

    @property
    def change_id(self) -> str:
        """Graph's ``changeId``: an object is changed at most once in a cycle."""
        return str(uuid5(UUID(self.run.cycle_id), self.source_id))

    def tell(self, action: Action, outcome: Outcome = Outcome.SUCCESS) -> None:
        """Say what was done and how it ended."""
        self.action, self.outcome = action, outcome

    def skipped(self, reason: str, code: str | None = None) -> None:
        """Say that nothing had to be done, whatever was begun."""
        self.tell(Action.OTHER, Outcome.SKIPPED)
        self.skip, self.code = reason, code

    def failed(self, code: str, reason: str, *, is_reference: bool = False) -> None:
        """Say that it did not work; of a reference, that what came before it did."""
        self.failed_reference = is_reference and self.outcome is not Outcome.FAILURE
        self.outcome, self.code, self.reason = Outcome.FAILURE, code, reason

    def refers(self, attribute: str, target_ids: Iterable[str]) -> None:
        """Note that references were written; what had nothing to update was updated after all."""
        if self.outcome is Outcome.SKIPPED:
            self.skip = self.code = None
            self.tell(Action.UPDATE)
        elif self.action is Action.OTHER:
            self.action = Action.UPDATE
        self.referred = self.referred if self.referred is not None else []
        self.referred += [(attribute, target_id) for target_id in target_ids]

    def misses(self, attribute: str, source_id: str, code: str) -> None:
        """Note that a reference could not be resolved."""
        self.unresolved = self.unresolved if self.unresolved is not None else []
        self.unresolved.append((attribute, source_id))
        if self.outcome is not Outcome.FAILURE:
            self.outcome, self.skip, self.code = Outcome.WARNING, None, code

    def changed(self, changes: Sequence[Change]) -> None:
        """Note which attributes got which values."""
        self.attributes = _shared(tuple(change.flow.target.text for change in changes))
        self.after = tuple(change.after for change in changes)
        if any(change.before is not None for change in changes):
            self.before = tuple(change.before for change in changes)
        hidden = frozenset(change.flow.target.text for change in changes if change.flow.calls("Redact"))
        if hidden:
            self.redacted = hidden


_SHAPES: dict[tuple[str, ...], tuple[str, ...]] = {}


def _shared(names: tuple[str, ...]) -> tuple[str, ...]:
    """Give the one copy of a tuple that thousands of entries have in common."""
    return _SHAPES.setdefault(names, names)
