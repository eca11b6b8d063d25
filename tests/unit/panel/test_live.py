"""Who has a page open is sent each part as it is, and then what is drawn otherwise, and nothing else."""

from __future__ import annotations

import asyncio

import pytest

from provisioning.panel.app import Streams
from provisioning.panel.live import Live, event_of


async def test_a_part_is_sent_again_only_when_it_is_drawn_otherwise() -> None:
    drawn = {"state": "off", "log": "empty"}
    live = Live({"state": lambda: drawn["state"], "log": lambda: drawn["log"]})
    sent = live.events()
    first = [await anext(sent) for _ in range(3)]

    live.changed()
    drawn["log"] = "a line"
    live.changed("log")

    assert [each.partition("data: ")[2].strip() for each in first[1:]] == [
        '<div data-part="state">off</div>',
        '<div data-part="log">empty</div>',
    ]
    assert await anext(sent) == event_of("log", "a line")
    live.end()
    assert [event async for event in sent] == []
    assert live.listeners == 0


async def test_a_part_that_is_none_cannot_change() -> None:
    with pytest.raises(KeyError):
        Live({}).changed("state")


@pytest.mark.parametrize("name", ["two\nlines", "two\rlines", "two\r\nlines"])
def test_a_line_break_in_a_name_does_not_end_an_event(name: str) -> None:
    assert event_of("log", name) == 'data: <div data-part="log">two\ndata: lines</div>\n\n'


async def test_a_page_that_is_left_is_not_counted_any_more() -> None:
    streams, live = Streams(), Live({})
    following = streams.one(live.events())
    await anext(following)
    assert streams.open == 1

    waiting = asyncio.ensure_future(anext(following))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert (streams.open, live.listeners) == (0, 0)
