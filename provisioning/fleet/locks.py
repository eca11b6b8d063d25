"""The lock that a run of the engine holds on its stack, and whoever holds it (pulumi: backend/diy, lock.go).

``pulumi cancel`` only takes a lock away and stops nobody, so one is released here when its holder has certainly ended.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psutil

_HELD = re.compile(r"created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)")

ABOUT = timedelta(seconds=2)
"""How exactly a system tells when a process began."""


@dataclass(frozen=True, slots=True)
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


def holders_in(said: str) -> tuple[Holder, ...]:
    """Read who holds the locks from what the engine says about them."""
    return tuple(
        Holder(user, host, int(pid), datetime.fromisoformat(since).astimezone(UTC))
        for user, host, pid, since in _HELD.findall(said)
    )
