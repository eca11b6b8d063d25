"""Counts what happens, so that who watches asks once and is answered when there is something to see."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field


@dataclass(slots=True)
class Changes:
    """How often something changed: time, a job, the directory, what a target was sent, a mood."""

    number: int = 0
    _waiting: set[asyncio.Future[None]] = field(default_factory=set, repr=False)

    def note(self) -> None:
        """Count a change, and wake who waits for one."""
        self.number += 1
        self.let_go()

    def let_go(self) -> None:
        """Wake who waits although nothing changed, as the port closes."""
        for each in self._waiting:
            if not each.done():
                each.set_result(None)

    async def other_than(self, number: int, within: float) -> int:
        """Give the number of changes: at once when it is not *number*, or after the next one, or *within* seconds."""
        if number == self.number:
            waits = asyncio.get_running_loop().create_future()
            self._waiting.add(waits)
            try:
                await asyncio.wait({waits}, timeout=within)
            finally:
                self._waiting.discard(waits)
        return self.number
