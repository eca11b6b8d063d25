"""Who has a page open, and which of its parts are drawn otherwise than they were told: server-sent events.

A listener is told *that* a part has changed and draws it when it is sent, so that a slow page never has a queue, only
less often something new.
"""

from __future__ import annotations

import asyncio
import html
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

RETRY_MILLISECONDS = 500
"""After which a browser asks again when it was cut off (HTML: server-sent events, ``retry``)."""

SECONDS_OF_SILENCE = 15.0
"""After which something is sent all the same, so that a page that is gone is noticed."""


class Draws(Protocol):
    """Draws a part of a page."""

    def __call__(self) -> str:
        """Give its HTML, without the element that it stands in."""


@dataclass(slots=True, eq=False)
class _Listener:
    changed: set[str]
    wakes: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Live:
    """The parts of one page, by the id of the element that each stands in, and those who look at it."""

    parts: Mapping[str, Draws]
    _listeners: set[_Listener] = field(default_factory=set)
    _is_over: bool = False

    def changed(self, *names: str) -> None:
        """Say that parts may be drawn otherwise now; without names, that all may.

        :raises KeyError: when there is no such part.
        """
        for name in names:
            self.parts[name]
        for listener in self._listeners:
            listener.changed.update(names or self.parts)
            listener.wakes.set()

    def end(self) -> None:
        """Let everybody go, as the server ends."""
        self._is_over = True
        for listener in self._listeners:
            listener.wakes.set()

    @property
    def listeners(self) -> int:
        """How many pages are open."""
        return len(self._listeners)

    async def events(self) -> AsyncIterator[str]:
        """Give server-sent events: each part as it is, then each that is drawn otherwise than it was sent last."""
        listener = _Listener(set(self.parts))
        listener.wakes.set()
        self._listeners.add(listener)
        sent: dict[str, str] = {}
        try:
            yield f"retry: {RETRY_MILLISECONDS}\n\n"
            while not self._is_over:
                if not await _woken(listener):
                    yield ": still here\n\n"
                    continue
                for name in [name for name in self.parts if name in listener.changed]:
                    listener.changed.discard(name)
                    drawn = self.parts[name]()
                    if sent.get(name) != drawn:
                        sent[name] = drawn
                        yield event_of(name, drawn)
        finally:
            self._listeners.discard(listener)


async def _woken(listener: _Listener) -> bool:
    """Wait until there is something to send; false when there was nothing for long."""
    try:
        async with asyncio.timeout(SECONDS_OF_SILENCE):
            await listener.wakes.wait()
    except TimeoutError:
        return False
    listener.wakes.clear()
    return True


def event_of(name: str, drawn: str) -> str:
    """Write a part as an event: the element with its id, whose content takes the place of what is there."""
    element = f'<div data-part="{html.escape(name)}">{drawn}</div>'
    # Each kind of line break ends a line of the stream, and a name may have any.
    lines = element.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "".join(f"data: {line}\n" for line in lines) + "\n"
