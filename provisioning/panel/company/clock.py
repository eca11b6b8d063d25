"""The company's time, which the emulator can move ahead of ours; waiting is done in ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioning.graph.patience import Clock


@dataclass(slots=True)
class CompanyClock:
    """Tells the company's time by ours, and by how far it was ahead when it was heard last."""

    ours: Clock
    ahead: timedelta = timedelta()

    def heard(self, time: datetime) -> None:
        """Hear what time it is there."""
        self.ahead = time - self.ours.now()

    def now(self) -> datetime:
        """Tell the moment, in UTC."""
        return self.ours.now() + self.ahead

    async def sleep(self, seconds: float) -> None:
        """Let our time pass."""
        await self.ours.sleep(seconds)
