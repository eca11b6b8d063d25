"""Keeping to the pace that the service allows: so many calls in so much time. Importing this costs nothing."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioning.graph.patience import Clock

LOG_PACE = 5, 10.0
"""Requests, and in how many seconds, that Graph takes about reports (Learn: graph/throttling-limits)."""

ON_DEMAND_PACE = 5, 10.0
"""The same of provisioning on demand (graph: synchronizationjob-provisionondemand)."""


@dataclass(slots=True)
class Pace:
    """Lets a number of calls pass in a span of time, and holds the next one back."""

    clock: Clock
    calls: int = LOG_PACE[0]
    within: float = LOG_PACE[1]
    """Seconds."""
    _passed: deque[datetime] = field(default_factory=deque)

    async def turn(self) -> None:
        """Wait until a call may be made, and count it."""
        if len(self._passed) == self.calls:
            since = (self.clock.now() - self._passed.popleft()).total_seconds()
            if since < self.within:
                await self.clock.sleep(self.within - since)
        self._passed.append(self.clock.now())
