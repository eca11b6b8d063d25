"""What the person in front of the screen reads: one line a step, what it does, how long it may take, how it ended."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from tools.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(slots=True)
class Outcome:
    """How a step ended; the step itself says it."""

    text: str = "done"


@dataclass(frozen=True, slots=True)
class Progress:
    """Prints steps."""

    out: TextIO
    seconds: Callable[[], float] = time.monotonic

    def say(self, sentence: str) -> None:
        """Print a line that is no step."""
        self.out.write(f"{sentence}\n")
        self.out.flush()

    @contextmanager
    def step(self, what: str, takes: str) -> Iterator[Outcome]:
        """Announce a step, and when it is over say how it ended and how long it took."""
        self.out.write(f"{what} ({takes}) … ")
        self.out.flush()
        begun = self.seconds()
        outcome = Outcome("failed")
        try:
            yield outcome
        except UnavailableError as reason:
            outcome.text = str(reason)
            raise
        finally:
            self.out.write(f"{outcome.text}, {self.seconds() - begun:.1f} s\n")
            self.out.flush()
