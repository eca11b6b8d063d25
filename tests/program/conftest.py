from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def no_event_loop_is_left_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close the loops that Pulumi's mocks open, one in every thread that answers, and leave open."""
    opened: list[asyncio.AbstractEventLoop] = []
    open_loop = asyncio.new_event_loop

    def noted() -> asyncio.AbstractEventLoop:
        opened.append(open_loop())
        return opened[-1]

    monkeypatch.setattr(asyncio, "new_event_loop", noted)
    asyncio.set_event_loop(asyncio.new_event_loop())
    yield
    asyncio.set_event_loop(None)
    for loop in opened:
        loop.close()
