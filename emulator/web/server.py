"""Serving an emulator on a port of loopback: in the running event loop, or in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import threading
from concurrent import futures
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import uvicorn

from emulator.company.clock import RunningClock
from emulator.web import frugality
from emulator.web.environment import environment_of

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Coroutine, Iterator
    from datetime import timedelta

    from starlette.types import Scope

    from emulator.company.store import JsonObject
    from emulator.entra.request_log import Exchange
    from emulator.premises import Premises
    from emulator.web.tls import StateFolder

_LOG = logging.getLogger("emulator")
_T = TypeVar("_T")
_PATIENCE = 30.0
"""Seconds that a server may take to end."""
_HAS_ENDED = "The emulator has ended."
KEPT_ALIVE = 90
"""Seconds that a connection may stay open without asking anything."""


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever started it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Idle clients that keep their connection would be waited for: TLS ends when both sides say so.
        for connection in list(self.server_state.connections):
            cycle: Any = getattr(connection, "cycle", None)
            transport: Any = getattr(connection, "transport", None)
            if transport is not None and (cycle is None or cycle.response_complete):
                transport.abort()
        await super().shutdown(sockets)


@dataclass(frozen=True, slots=True)
class Connections:
    """The open connections of a server."""

    server: uvicorn.Server

    async def cut(self, scope: Scope) -> bool:
        """Cut the connection that a request came over, without an answer or in the middle of one."""
        for connection in list(self.server.server_state.connections):
            transport: Any = getattr(connection, "transport", None)
            if transport is not None and transport.get_extra_info("peername")[:2] == tuple(scope["client"]):
                transport.abort()
                # The server hears of it in the next turn of the loop; until then it would answer 500.
                await asyncio.sleep(0)
                return True
        return False


@dataclass(frozen=True, slots=True)
class Served:
    """An emulator that answers on a port, seen from another thread.

    What is asked of it waits until a cycle that runs has ended, however long that takes, and is a ``RuntimeError`` when
    the emulator has ended before.
    """

    emulator: Premises
    origin: str
    """Such as ``https://127.0.0.1:8443``."""
    environment: dict[str, str] = field(repr=False)
    """What points clients here: see :func:`emulator.web.environment.environment_of`."""
    ca_file: str
    """The authority to trust."""
    loop: asyncio.AbstractEventLoop
    ended: futures.Future[None] = field(default_factory=futures.Future, repr=False)
    """Done when nothing is answered any more."""

    def advance(self, by: timedelta) -> int:
        """Let the company's time pass, run what becomes due, and tell how many cycles ran.

        :raises ValueError: when *by* is negative.
        """
        return self._there(self.emulator.advance(by))

    def run_due(self) -> int:
        """Run the cycles that are due now, and tell how many ran."""
        return self._there(self.emulator.run_due())

    def run_cycle(self, job_id: str) -> None:
        """Run a cycle of a job now, due or not.

        :raises Refusal: 404 when there is no such job.
        """
        self._there(self.emulator.run_cycle(job_id))

    def reset(self) -> None:
        """Go back to the seed."""
        self._there(self.emulator.entra.between_cycles(self.emulator.reset))

    def requests(self, face: str) -> list[Exchange]:
        """List what one face was asked, oldest first: ``graph``, ``login``, ``metadata``, ``scim`` or ``vault``."""
        return self._there(_done(lambda: self.emulator.entra.requests.of(face)))

    def snapshot(self) -> JsonObject:
        """Write down the world and the accounts at Elium, as a value that JSON can hold."""
        return self._there(self.emulator.entra.between_cycles(self.emulator.snapshot))

    def restore(self, snapshot: JsonObject) -> None:
        """Go on in the world of a snapshot.

        :raises Refusal: 400 when it is not one; then nothing has moved.
        """
        self._there(self.emulator.entra.between_cycles(lambda: self.emulator.restore(snapshot)))

    def _there(self, work: Coroutine[Any, Any, _T]) -> _T:
        if self.ended.done():
            work.close()
            raise RuntimeError(_HAS_ENDED)
        asked = asyncio.run_coroutine_threadsafe(work, self.loop)
        # No limit of time: how long a year of cycles takes is up to the machine, and what else it does.
        either: tuple[futures.Future[Any], ...] = (asked, self.ended)
        futures.wait(either, return_when=futures.FIRST_COMPLETED)
        if not asked.done() or asked.cancelled():
            raise RuntimeError(_HAS_ENDED)
        return asked.result()


async def _done(act: Any) -> Any:  # noqa: ANN401 - passes on what the act gives
    return act()


@asynccontextmanager
async def serving(emulator: Premises, folder: StateFolder, *, host: str, port: int) -> AsyncIterator[Served]:
    """Serve in the running event loop until the block ends; cycles run as soon as they are due."""
    context = folder.server_context()
    listener = opened_port(host, port)
    number = listener.getsockname()[1]
    origin = f"https://{f'[{host}]' if ':' in host else host}:{number}"
    emulator.take_origin(origin)
    server = _Server(_config(emulator, context))
    emulator.connections = Connections(server)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    cycles = asyncio.create_task(run_cycles_when_due(emulator))
    try:
        await _started(server, task)
        environment = environment_of(
            emulator.seed, origin, str(folder.ca_file), control_key=emulator.control_key, names=folder.names
        )
        served = Served(emulator, origin, environment, str(folder.ca_file), asyncio.get_running_loop())
        try:
            yield served
        finally:
            served.ended.set_result(None)
    finally:
        emulator.connections = None
        emulator.entra.changes.let_go()
        server.should_exit = True
        cycles.cancel()
        await asyncio.gather(task, cycles, return_exceptions=True)
        listener.close()


@contextmanager
def serving_in_thread(emulator: Premises, folder: StateFolder, *, host: str, port: int) -> Iterator[Served]:
    """Serve in a thread of its own until the block ends."""
    ready, ended = threading.Event(), asyncio.Event()
    box: list[Served | BaseException] = []

    async def run() -> None:
        try:
            async with serving(emulator, folder, host=host, port=port) as served:
                box.append(served)
                ready.set()
                await ended.wait()
        except (OSError, RuntimeError) as error:
            if box:
                raise
            box.append(error)

    def work() -> None:
        try:
            asyncio.run(run())
        finally:
            # Whatever it died of: nobody waits for one that cannot start any more.
            ready.set()

    thread = threading.Thread(target=work, name="emulator", daemon=True)
    thread.start()
    ready.wait()
    try:
        if not box or isinstance(box[0], BaseException):
            raise RuntimeError("The emulator did not start.") from (box[0] if box else None)  # type: ignore[misc]  # an exception, or none
        yield box[0]
    finally:
        if box and isinstance(box[0], Served) and not box[0].ended.done():
            box[0].loop.call_soon_threadsafe(ended.set)
        thread.join(_PATIENCE)


async def run_cycles_when_due(emulator: Premises) -> None:
    """Run cycles as they become due, for ever. It waits for the moment or for a change; it never polls."""
    entra = emulator.entra
    while True:
        due = entra.service.next_due()
        left = (due - entra.clock.now()).total_seconds() if due else None
        if left is not None and left <= 0:
            try:
                await entra.run_due()
            except Exception:  # noqa: BLE001 - the boundary: a bug in one cycle must not end all others
                _LOG.exception("A provisioning cycle failed.")
                await entra.wait_for_change(1.0)
            continue
        # A standing clock is moved by somebody, who also runs what becomes due.
        await entra.wait_for_change(left if isinstance(entra.clock, RunningClock) else None)


def opened_port(host: str, port: int, *, system: str = os.name) -> socket.socket:
    """Open the port. TCP is named, because asyncio sends small answers at once only on sockets that say so.

    Where the *system*, named as :data:`os.name` does, is Windows, a port that is taken could be opened once more by
    the option that elsewhere only passes over connections that are closing (Microsoft: using SO_REUSEADDR).
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if system == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def _config(emulator: Premises, context: ssl.SSLContext) -> uvicorn.Config:
    frugality.use_small_buffers()
    loop = asyncio.get_running_loop()
    tally = frugality.Tally(lambda: loop.call_later(frugality.PAUSE, frugality.give_back))
    return uvicorn.Config(
        emulator.app,
        http=frugality.protocol_counted_by(tally),
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        date_header=False,
        timeout_keep_alive=KEPT_ALIVE,
        timeout_graceful_shutdown=2,
        ssl_context_factory=lambda _config, _default: context,
    )


async def _started(server: uvicorn.Server, task: asyncio.Task[None]) -> None:
    while not server.started:
        if task.done():
            task.result()
            raise RuntimeError("The server ended before it started.")
        await asyncio.sleep(0.005)
    with contextlib.suppress(AttributeError):
        logging.getLogger("uvicorn.error").propagate = False
