from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.azuread.patience import Patience


async def test_what_is_there_at_once_costs_no_waiting(patience: Patience, slept: list[float]) -> None:
    async def look() -> str:
        return "here"

    assert await patience.until(look) == "here"
    assert slept == []


async def test_steps_grow_while_nothing_is_there(patience: Patience, slept: list[float]) -> None:
    looks = iter([None, None, None, "here"])

    async def look() -> str | None:
        return next(looks)

    assert await patience.until(look) == "here"
    assert slept == [0.1, 0.2, 0.4]


async def test_patience_ends_at_the_deadline(patience: Patience, slept: list[float]) -> None:
    async def look() -> str | None:
        return None

    assert await patience.until(look) is None
    assert 24 < sum(slept) <= patience.within
