"""The panel of a stack, as ``elium panel`` serves it, beside an operator's emulator."""

from __future__ import annotations

import asyncio
import gc
import io
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from queue import Queue
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from operating import Operator

from emulator.web.server import Served
from provisioning.commands.elium import run
from provisioning.commands.screen import Screen, secrets_in
from provisioning.commands.surroundings import Surroundings
from provisioning.operations.deployed import Run
from provisioning.operations.rehearsal.emulator import Starter
from provisioning.panel.aside import THREADS
from provisioning.panel.live import SECONDS_OF_SILENCE

CUTS = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
"""For tests with a panel: a connection that its end, or a reader who leaves, cuts while it shakes hands is left to the
garbage collector (httpcore2 2.16: ``_backends/anyio.py``, ``start_tls`` closes it behind an error, not a cancellation).
"""

_OPEN: list[threading.Thread] = []
"""The panels of this process that have not ended."""

PATIENCE = 90.0
"""Seconds that the panel may take to start, or to end, on a machine that is busy."""


@dataclass(frozen=True)
class CompanyClock:
    """The company's time, which passes where Graph is waited for; who only looks again later waits to be woken."""

    served: Served

    def now(self) -> datetime:
        return self.served.emulator.clock.now()

    async def sleep(self, seconds: float) -> None:
        # Whoever looks again does so after whole quarters of a minute; patience waits by chance, and a pace less.
        if seconds % 15:
            self.served.advance(timedelta(seconds=seconds))
        else:
            await asyncio.Event().wait()


class _Told(io.StringIO):
    """Hands each line on as it is written."""

    def __init__(self, lines: Queue[str]) -> None:
        super().__init__()
        self._lines = lines

    def write(self, text: str, /) -> int:
        self._lines.put(text)
        return super().write(text)


@dataclass
class Panel:
    """A panel that answers."""

    address: str
    """With its key."""
    err: io.StringIO
    code: list[int] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://{urlsplit(self.address).netloc}"

    @property
    def key(self) -> str:
        return parse_qs(urlsplit(self.address).query)["key"][0]

    @contextmanager
    def visitor(self, **options: Any) -> Iterator[httpx2.Client]:
        """Somebody who has opened the address."""
        with httpx2.Client(base_url=self.origin, headers={"origin": self.origin}, **options) as http:
            http.get(f"/?key={self.key}", follow_redirects=True).raise_for_status()
            yield http


class World(Protocol):
    """What a command finds around it."""

    @property
    def served(self) -> Served: ...
    @property
    def environment(self) -> dict[str, str]: ...
    @property
    def folder(self) -> Path: ...
    @property
    def pulumi(self) -> Run: ...
    @property
    def start(self) -> Starter | None: ...


@contextmanager
def panel_of(operator: Operator, *arguments: str) -> Iterator[Panel]:
    """Run ``elium panel`` on the stack ``dev`` in a thread until the block ends."""
    with running(("panel", "dev", *arguments), operator) as panel:
        yield panel


@contextmanager
def running(command: Sequence[str], world: World) -> Iterator[Panel]:
    """Run a command in a thread until the block ends, and wait for the address that it writes."""
    lines: Queue[str] = Queue()
    out, err, ends = _Told(lines), io.StringIO(), _End()
    screen, clock = Screen(out, err, secrets_in(world.environment)), CompanyClock(world.served)
    surroundings = Surroundings(
        world.environment, world.folder, screen, clock, world.pulumi, world.start, stopped=ends.wait
    )
    code: list[int] = []

    def work() -> None:
        code.append(run(command, surroundings))
        lines.put("")

    thread = threading.Thread(target=work, name="panel")
    _OPEN.append(thread)
    thread.start()
    try:
        address = lines.get(timeout=PATIENCE).strip()
        assert address, err.getvalue()
        yield Panel(address, err, code)
    finally:
        ends.end()
        thread.join(PATIENCE)
        _OPEN.remove(thread)
        # The panel leaves what it has begun to itself; here the next test would find it still at work. But threads of a
        # panel that is still open wait for more.
        named = (each for each in threading.enumerate() if each.name.startswith(f"{THREADS}_"))
        begun = [] if _OPEN else [*named]
        for each in begun:
            each.join(PATIENCE)
        # In the test whose they are, or a later one would be blamed for them.
        gc.collect()
    assert (code, [each for each in (thread, *begun) if each.is_alive()]) == ([0], []), err.getvalue()


def events(http: httpx2.Client, path: str = "/stacks/dev/events") -> Iterator[str]:
    """Give what is sent to a page that is open. :raises TimeoutError: when for long it is but signs of life."""
    with http.stream("GET", path, timeout=PATIENCE) as answer:
        data: list[str] = []
        in_vain = 0
        for line in answer.iter_lines():
            if line.startswith("data: "):
                data.append(line.removeprefix("data: "))
            elif line.startswith(":"):
                in_vain += 1
                if in_vain * SECONDS_OF_SILENCE >= PATIENCE:
                    raise TimeoutError(f"{path}: nothing changed for {PATIENCE} s")
            elif not line and data:
                yield "\n".join(data)
                data, in_vain = [], 0


class _End:
    """Lets somebody in another thread's loop wait for the end."""

    def __init__(self) -> None:
        self._is_over = threading.Event()
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def wait(self) -> None:
        event = asyncio.Event()
        self._waiting.append((asyncio.get_running_loop(), event))
        if not self._is_over.is_set():
            await event.wait()

    def end(self) -> None:
        self._is_over.set()
        for loop, event in self._waiting:
            loop.call_soon_threadsafe(event.set)
