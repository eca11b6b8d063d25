"""Waiting: how long, how often, and for what. Time is an argument."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

from tenacity import AsyncRetrying, retry_if_exception_type, wait_random_exponential

from provisioning.errors import GraphError

if TYPE_CHECKING:
    from tenacity import RetryCallState

_Answer = TypeVar("_Answer")


WORTH_OBEYING = 1.0
"""Seconds; ``Retry-After`` says less than that when its moment has passed."""


class Clock(Protocol):
    """What tells the time and lets it pass."""

    def now(self) -> datetime:
        """Tell the moment, in UTC."""

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""


class WallClock:
    """The real one."""

    def now(self) -> datetime:
        """Tell the moment, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        await asyncio.sleep(seconds)


class Patience:
    """Tries again, with growing steps, until something works or time is up; ``Retry-After`` is obeyed first.

    Steps grow from a quarter of a second to thirty seconds and are spread by chance, so that many programs that were
    turned away together do not come back together (Learn: graph/throttling).
    """

    def __init__(self, clock: Clock, *, within: timedelta) -> None:
        self._clock = clock
        self._within = within
        self._steps = wait_random_exponential(multiplier=0.25, max=30)

    async def until_it_works(
        self, attempt: Callable[[], Awaitable[_Answer]], *, unless: tuple[type[GraphError], ...]
    ) -> _Answer:
        """Try until *attempt* answers. The errors named in *unless* are worth another try; others travel at once.

        When time is up, or would be by the moment that ``Retry-After`` names, the last error travels.
        """
        deadline = self._clock.now() + self._within

        def is_late(state: RetryCallState) -> bool:
            return self._clock.now() + timedelta(seconds=state.upcoming_sleep) > deadline

        retrying = AsyncRetrying(
            retry=retry_if_exception_type(unless), wait=self._wait, stop=is_late, sleep=self._clock.sleep, reraise=True
        )

        async def once() -> _Answer:
            return await attempt()

        return await retrying(once)

    def _wait(self, state: RetryCallState) -> float:
        """Wait as long as Graph asks; where that is no time, our own steps keep us from hammering."""
        error = state.outcome.exception() if state.outcome else None
        wished = error.retry_after if isinstance(error, GraphError) else None
        step = float(self._steps(state))
        return wished if wished is not None and wished >= WORTH_OBEYING else max(wished or 0.0, step)
