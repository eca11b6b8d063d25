"""How long something that was just created may stay invisible, and how often to look."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Patience:
    """A deadline and growing steps. The official plugin looks every five seconds, five times at least."""

    within: float = 30.0
    """Seconds after which it is given up; the official plugin takes five minutes and more."""
    first: float = 0.1
    """Seconds before the second look; every further step is twice as long."""
    longest: float = 5.0
    """The longest step, in seconds."""
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def until(self, look: Callable[[], Awaitable[Found | None]]) -> Found | None:
        """Look until there is something, and give ``None`` when time ran out."""
        deadline, step = self.now() + self.within, self.first
        while (found := await look()) is None:
            if self.now() + step > deadline:
                return None
            await self.sleep(step)
            step = min(2 * step, self.longest)
        return found
