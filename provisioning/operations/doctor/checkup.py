"""What came of a check, and of all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """How a check came out."""

    OK = "ok"
    HINT = "hint"
    """Good to know; nothing is broken by it."""
    UNKNOWN = "unknown"
    """The check could not be made."""
    WRONG = "wrong"


class Failure(Enum):
    """Of which kind something wrong is, by the exit code that stands for it."""

    OTHER = 1
    CONFIGURATION = 2
    SIGN_IN = 3
    TARGET = 5
    QUARANTINE = 6


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one check."""

    verdict: Verdict
    sentence: str
    what_to_do: str = ""
    """Empty when nothing is to be done."""
    failure: Failure = Failure.OTHER
    """What a wrong one ends the command with."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check."""

    check: str
    """Its name, such as ``sign-in``."""
    verdict: Verdict
    sentence: str
    what_to_do: str
    """Empty when nothing is to be done."""


@dataclass(frozen=True, slots=True)
class Checkup:
    """Everything that was looked at."""

    stack: str
    verdict: Verdict
    """``wrong`` when something is, else ``hint`` or ``ok``; what is unknown is listed, and counts for nothing."""
    checks: tuple[Check, ...]
    """In the order in which one depends on the other."""
    exit_code: int
    """Of the first that is wrong."""


class CannotBeMadeError(Exception):
    """A check cannot be made: why, and what would allow it."""

    def __init__(self, why: str, what_to_do: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.what_to_do = what_to_do


def ok(sentence: str) -> Result:
    """Say that something is as it should be."""
    return Result(Verdict.OK, sentence)


def hint(sentence: str, what_to_do: str = "") -> Result:
    """Say something that is good to know."""
    return Result(Verdict.HINT, sentence, what_to_do)


def wrong(sentence: str, what_to_do: str, failure: Failure = Failure.OTHER) -> Result:
    """Say that something is wrong."""
    return Result(Verdict.WRONG, sentence, what_to_do, failure)


def checkup_of(stack: str, results: Iterable[tuple[str, Result]]) -> Checkup:
    """Put results together."""
    made = tuple(results)
    verdicts = {result.verdict for _, result in made}
    worst = next((one for one in (Verdict.WRONG, Verdict.HINT) if one in verdicts), Verdict.OK)
    failure = next((result.failure.value for _, result in made if result.verdict is Verdict.WRONG), 0)
    checks = (Check(name, each.verdict, each.sentence, each.what_to_do) for name, each in made)
    return Checkup(stack, worst, tuple(checks), failure)
