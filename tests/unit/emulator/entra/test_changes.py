"""Who waits for a change is answered when there is one, or when they have waited long enough."""

from __future__ import annotations

import asyncio

from emulator.entra.changes import Changes

FOR_EVER = 3600.0


async def test_a_change_wakes_all_who_wait_for_one() -> None:
    changes = Changes()
    async with asyncio.TaskGroup() as tasks:
        waiting = [tasks.create_task(changes.other_than(0, FOR_EVER)) for _ in range(2)]
        await asyncio.sleep(0)
        changes.note()

    assert [one.result() for one in waiting] == [1, 1]


async def test_who_has_seen_less_or_more_is_answered_at_once() -> None:
    changes = Changes(number=5)

    assert [await changes.other_than(number, FOR_EVER) for number in (4, 6)] == [5, 5]


async def test_nobody_waits_longer_than_they_said() -> None:
    assert await Changes(number=5).other_than(5, 0.0) == 5


async def test_a_port_that_closes_lets_go_of_who_waits() -> None:
    changes = Changes()
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(changes.other_than(0, FOR_EVER))
        await asyncio.sleep(0)
        changes.let_go()

    assert waiting.result() == 0
