"""Keeping to a pace: what comes at once is spread over time, for whoever shares it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

from answers import JumpingClock

from provisioning.fleet.clients import Clients
from provisioning.graph.pace import Pace


@dataclass
class StandingClock:
    """Everybody who sleeps does so at the same moment."""

    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime(2026, 1, 15, 9, tzinfo=UTC)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


async def test_those_who_come_at_once_wait_for_one_moment_after_the_other() -> None:
    clock = StandingClock()
    pace = Pace(clock, 5, 10)

    await asyncio.gather(*(pace.turn() for _ in range(12)))

    assert clock.slept == [10, 10, 10, 10, 10, 20, 20]


async def test_who_comes_later_waits_for_the_rest_of_the_span() -> None:
    clock = JumpingClock()
    pace = Pace(clock, 2, 10)

    await pace.turn()
    await clock.sleep(4)
    await pace.turn()
    await pace.turn()
    await pace.turn()

    assert clock.slept == [4, 6, 4]


def test_those_who_sign_in_alike_share_a_pace() -> None:
    clients = Clients()
    first, second = {"ARM_CLIENT_ID": "a", "HOME": "/one"}, {"ARM_CLIENT_ID": "b"}

    assert clients.on_demand(first) is clients.on_demand({**first, "HOME": "/other"})
    assert clients.on_demand(first) is not clients.on_demand(second)
