"""Looking again: after a while, or at once when somebody knows that there is something to see."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioning.graph.patience import Clock


@dataclass(slots=True)
class Rhythm:
    """When somebody who watches looks the next time."""

    clock: Clock
    seconds: float
    """How long is waited when nobody says anything."""
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def look_now(self) -> None:
        """End the wait, or the next one where somebody is looking just now."""
        self._woken.set()

    async def wait(self) -> None:
        """Wait for the span, or until it is ended."""
        waits = [asyncio.ensure_future(self.clock.sleep(self.seconds)), asyncio.ensure_future(self._woken.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
        self._woken.clear()
