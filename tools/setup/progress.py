"""What the person in front of the screen reads: one line when all is ready, else one line a step.

A *check* finds out whether something is there already; its line is kept back. A *step* does something: it is announced
with how long it may take, after what the checks before it found, and it says how it ended.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from tools.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(slots=True)
class Outcome:
    """How a check or a step ended; it says so itself."""

    text: str = "failed"


@dataclass(slots=True)
class Progress:
    """Prints what the set-up does."""

    out: TextIO
    seconds: Callable[[], float] = time.monotonic
    remark: str = ""
    """What the one line says besides, such as that a part is only a stand-in."""
    _kept_back: list[str] = field(default_factory=list)
    _is_one_line: bool = False

    @contextmanager
    def summary(self, what: str) -> Iterator[None]:
        """Print one line for everything inside, as long as nothing inside has to be done."""
        begun = self.seconds()
        self._print(f"{what} … ")
        self._is_one_line = True
        try:
            yield
        except BaseException:
            self._tell_all()
            raise
        if self._is_one_line:
            self._is_one_line = False
            self._print(f"ready, {self.seconds() - begun:.1f} s{self.remark and f'; {self.remark}'}\n")
        self._kept_back.clear()

    def say(self, sentence: str) -> None:
        """Print a line that is not a step."""
        self._tell_all()
        self._print(f"{sentence}\n")

    @contextmanager
    def check(self, what: str) -> Iterator[Outcome]:
        """Keep back the line about whether something is there, until something has to be done."""
        outcome = Outcome()
        try:
            with _telling_why_not(outcome):
                yield outcome
        finally:
            self._kept_back.append(f"{what}: {outcome.text}\n")
            if not self._is_one_line:
                self._tell_all()

    @contextmanager
    def step(self, what: str, takes: str) -> Iterator[Outcome]:
        """Announce a step, and when it is over say how it ended and how long it took."""
        self._tell_all()
        self._print(f"{what} ({takes}) … ")
        begun = self.seconds()
        outcome = Outcome()
        try:
            with _telling_why_not(outcome):
                yield outcome
        finally:
            self._print(f"{outcome.text}, {self.seconds() - begun:.1f} s\n")

    def _tell_all(self) -> None:
        if self._is_one_line:
            self._is_one_line = False
            self._print("\n")
        self._print("".join(self._kept_back))
        self._kept_back.clear()

    def _print(self, text: str) -> None:
        self.out.write(text)
        self.out.flush()


@contextmanager
def _telling_why_not(outcome: Outcome) -> Iterator[None]:
    try:
        yield
    except UnavailableError as reason:
        outcome.text = str(reason)
        raise
