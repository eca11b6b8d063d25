"""Counts what came of what a target was sent, so that a stretch of time can be summed up without reading it again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.elium.traffic import Received

WORDS = {"create": "created", "change": "changed", "disable": "disabled", "enable": "enabled", "delete": "deleted"}
"""What is counted of accounts and groups, by what the request was for."""

REFUSED = "refused"
"""What is counted when the target did not do it, questions included."""


@dataclass(slots=True)
class Tally:
    """How many requests came to what; it only grows."""

    counts: Counter[str] = field(default_factory=Counter)

    def count(self, received: Received) -> None:
        """Count a request that was answered."""
        if received.status >= HTTPStatus.BAD_REQUEST:
            self.counts[REFUSED] += 1
        elif word := WORDS.get(received.act):
            self.counts[word] += 1

    def as_json(self) -> dict[str, int]:
        """Show all counts."""
        return {word: self.counts[word] for word in (*WORDS.values(), REFUSED)}
