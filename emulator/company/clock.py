"""Time, as something you move.

The made-up company lives in a time of its own: forty minutes or twenty-eight days pass when somebody says so.
Tokens do not use it. They live in the time of the program that asked for them, which cannot be moved.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

NEVER = datetime(1, 1, 1, tzinfo=UTC)
"""How Graph writes a moment that has not come: ``0001-01-01T00:00:00Z`` (graph: synchronizationstatus)."""


LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""Where time ends here. What lies close to the end of the calendar could not be left again: time goes forward only."""


class Clock(Protocol):
    """What tells the company's time and lets it pass."""

    def now(self) -> datetime:
        """Tell the moment, in UTC."""

    def advance(self, by: timedelta) -> None:
        """Let time pass. :raises ValueError: when *by* is negative."""


class StandingClock:
    """A clock that moves only when told: what tests use."""

    def __init__(self, start: datetime = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        """Tell the moment, in UTC."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Let time pass. :raises ValueError: when *by* is negative."""
        self._now += _forward(by)


class RunningClock:
    """A clock that follows the wall clock and can be moved ahead of it: what ``python -m emulator`` uses."""

    def __init__(self, wall: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._wall = wall
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Tell the moment, in UTC."""
        return self._wall() + self._ahead

    def advance(self, by: timedelta) -> None:
        """Let time pass. :raises ValueError: when *by* is negative."""
        self._ahead += _forward(by)


def as_graph_writes(moment: datetime | None) -> str:
    """Write a moment as Graph does, ``2026-01-15T09:00:00Z``; ``None`` is written as *never*."""
    return f"{(moment or NEVER).astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def moment_in(text: str) -> datetime | None:
    """Read a moment, in UTC where no zone is told; ``None`` when the text is not one."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _forward(by: timedelta) -> timedelta:
    if by < timedelta():
        raise ValueError(f"Time goes forward only; {by} was asked for.")
    return by
