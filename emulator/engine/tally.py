"""What a cycle did, counted as it goes: its entries are in the archive by the time that it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.engine.entry import Action, Outcome

if TYPE_CHECKING:
    from emulator.engine.entry import Entry

_DONE = frozenset({Action.CREATE, Action.UPDATE, Action.DISABLE, Action.DELETE})
_FINE = frozenset({Outcome.SUCCESS, Outcome.WARNING})


@dataclass(slots=True)
class Tally:
    """How many entries were what."""

    failed: int = 0
    succeeded: int = 0
    """Those included that had nothing to change."""
    entitled: int = 0
    in_scope: int = 0
    exported: int = 0

    def count(self, entry: Entry) -> None:
        """Count an entry to which nothing happens any more."""
        outcome, verdict = entry.outcome, entry.verdict
        self.failed += outcome is Outcome.FAILURE
        self.succeeded += outcome in _FINE or (outcome is Outcome.SKIPPED and entry.skip == "RedundantExport")
        self.exported += outcome is not Outcome.FAILURE and entry.action in _DONE
        if verdict is not None:
            self.entitled += verdict.is_entitled
            self.in_scope += verdict.in_scope
