"""Keeping to the pace that the service allows: so many calls in so much time. Importing this costs nothing."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioning.graph.patience import Clock

LOG_PACE = 5, 10.0
"""Requests, and in how many seconds, that Graph takes about reports (Learn: graph/throttling-limits)."""

ON_DEMAND_PACE = 5, 10.0
"""The same of provisioning on demand (graph: synchronizationjob-provisionondemand)."""


@dataclass(slots=True)
class Pace:
    """Lets a number of calls pass in a span of time, and holds the next one back, from whichever thread it comes."""

    clock: Clock
    calls: int = LOG_PACE[0]
    within: float = LOG_PACE[1]
    """Seconds."""
    _passed: deque[datetime] = field(default_factory=deque)
    """When the last of them were, or are to be."""
    _guard: Lock = field(default_factory=Lock)

    async def turn(self) -> None:
        """Wait until a call may be made; it is counted before that, so that others wait for a later moment."""
        with self._guard:
            now = self.clock.now()
            is_full = len(self._passed) == self.calls
            at = max(now, self._passed.popleft() + timedelta(seconds=self.within)) if is_full else now
            self._passed.append(at)
        if at > now:
            await self.clock.sleep((at - now).total_seconds())
