"""When somebody who watches looks again: after a span, at once when that is wanted, ever more seldom in vain."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

from provisioning.errors import ProvisioningError, ThrottledError
from provisioning.panel.rhythm import Rhythm


@dataclass
class Clock:
    """Lets nobody wait longer than until they are woken."""

    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime(2026, 1, 15, 9, tzinfo=UTC)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.Event().wait()


async def test_who_is_not_reached_is_asked_ever_more_seldom_until_they_answer() -> None:
    rhythm = Rhythm(Clock(), 15.0)
    spans = []
    for is_well in (True, False, False, False, False, False, False, *(False,) * 2_000, True):
        rhythm.heard(None if is_well else ProvisioningError("Graph gave no answer."))
        spans.append(rhythm.span)

    assert [*spans[:7], *spans[-2:]] == [15, 15, 30, 60, 120, 240, 240, 240, 15]


async def test_whoever_is_told_to_look_while_looking_does_not_wait_afterwards() -> None:
    rhythm = Rhythm(Clock(), 15.0)

    rhythm.look_now()
    await asyncio.wait_for(rhythm.wait(), 5)

    waiting = asyncio.ensure_future(rhythm.wait())
    await asyncio.sleep(0)
    assert not waiting.done()
    rhythm.look_now()
    await asyncio.wait_for(waiting, 5)


async def test_nobody_is_asked_before_the_time_that_graph_named() -> None:
    rhythm, throttled = Rhythm(Clock(), 15.0), ThrottledError("Too many requests.", status=429)
    throttled.retry_after = 100.0

    rhythm.heard(throttled)
    assert rhythm.span == 100

    rhythm.heard(None)
    assert rhythm.span == 15
