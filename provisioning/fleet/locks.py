"""The lock that a run of the engine holds on its stack, and whoever holds it (pulumi: backend/diy, lock.go).

``pulumi cancel`` only takes a lock away and stops nobody, so one is released without a word when its holder has
certainly ended. Of another machine nobody here knows that: there a person decides, who is shown whose lock it is.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psutil

_HELD = re.compile(r"created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)")

ABOUT = timedelta(seconds=2)
"""How exactly a system tells when a process began."""


@dataclass(frozen=True, slots=True, order=True)
class Holder:
    """Who holds a lock."""

    user: str
    host: str
    pid: int
    since: datetime

    def __str__(self) -> str:
        return f"{self.user}@{self.host} (pid {self.pid}, since {self.since:%Y-%m-%d %H:%M} UTC)"

    @property
    def is_here(self) -> bool:
        """Tell whether it is a process of this machine."""
        return self.host == socket.gethostname()

    @property
    def is_dead(self) -> bool:
        """Tell whether it has certainly ended: of another machine nobody here knows."""
        return self.is_here and self._process() is None

    @property
    def is_alive(self) -> bool:
        """Tell whether it is certainly at work."""
        return self.is_here and self._process() is not None

    def standing(self, now: datetime) -> str:
        """Say who it is, since when, and whether it can still be at work."""
        hours, minutes = divmod(int((now - self.since).total_seconds()) // 60, 60)
        age = f"{hours} h {minutes} min" if hours else f"{minutes} min"
        if not self.is_here:
            can_be = f"Whether it is still at work, only {self.host} knows."
        else:
            can_be = "It is at work." if self.is_alive else "It has ended."
        return f"{self}, for {age}. {can_be}"

    def has_ended(self, within: timedelta) -> bool:
        """Wait until it has ended, if it is a process of this machine; tell whether it has."""
        process = self._process() if self.is_here else None
        if process is None:
            return self.is_here
        try:
            process.wait(within.total_seconds())
        except psutil.TimeoutExpired:
            return False
        return True

    def _process(self) -> psutil.Process | None:
        """Find the process. Numbers come again, so one that began after the lock was made is another."""
        try:
            process = psutil.Process(self.pid)
            began = datetime.fromtimestamp(process.create_time(), UTC)
        except psutil.Error:
            return None
        is_it = began <= self.since + ABOUT and process.status() != psutil.STATUS_ZOMBIE
        return process if is_it else None


def is_held_by(found: Sequence[Holder], shown: Sequence[Holder]) -> bool:
    """Tell whether a stack is locked by those who were shown, and by nobody else."""
    return sorted(found) == sorted(shown)


def holders_in(said: str) -> tuple[Holder, ...]:
    """Read who holds the locks from what the engine says about them."""
    return tuple(
        Holder(user, host, int(pid), datetime.fromisoformat(since).astimezone(UTC))
        for user, host, pid, since in _HELD.findall(said)
    )
