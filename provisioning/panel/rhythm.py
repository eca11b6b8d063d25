"""Looking again: after a while, or at once when somebody knows that there is something to see."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from provisioning.errors import GraphError, ProvisioningError

if TYPE_CHECKING:
    from provisioning.graph.patience import Clock


MOST_DOUBLINGS = 4
"""So four minutes are waited at most where it is a quarter of one."""


@dataclass(slots=True)
class Rhythm:
    """When somebody who watches looks the next time."""

    clock: Clock
    seconds: float
    """How long is waited when nobody says anything."""
    in_vain: int = 0
    """How often in a row nothing could be heard. The span doubles each time but the first."""
    at_least: float = 0.0
    """Seconds that Graph asked to wait."""
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def heard(self, trouble: ProvisioningError | None) -> None:
        """Say why the last look was not answered: whoever is not reached is asked ever more seldom."""
        self.in_vain = self.in_vain + 1 if trouble else 0
        self.at_least = (trouble.retry_after or 0.0) if isinstance(trouble, GraphError) else 0.0

    @property
    def span(self) -> float:
        """How long is waited now, in seconds."""
        return max(self.seconds * 2.0 ** min(max(self.in_vain - 1, 0), MOST_DOUBLINGS), self.at_least)

    def look_now(self) -> None:
        """End the wait, or the next one where somebody is looking just now."""
        self._woken.set()

    async def wait(self) -> None:
        """Wait for the span, or until it is ended."""
        waits = [asyncio.ensure_future(self.clock.sleep(self.span)), asyncio.ensure_future(self._woken.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
        self._woken.clear()
