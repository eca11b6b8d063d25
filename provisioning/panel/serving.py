"""Serving the panel on loopback until it is cancelled: the server, and a task for what each place watches."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from provisioning.errors import ConfigurationError
from provisioning.panel.app import panel_app
from provisioning.panel.locks import Locks
from provisioning.panel.place import Place

HOST = "127.0.0.1"

KEPT_ALIVE = 90
"""Seconds that a connection may stay open without asking anything.

Longer than clients keep one: with the same five seconds on both sides a request can meet its connection's end.
"""


class _Server(uvicorn.Server):
    """A server that leaves signals to the command."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(places: Sequence[Place], *, port: int, key: str, once: Iterable[str] = ()) -> AsyncIterator[str]:
    """Serve until the block ends, and give the address to open, which has the key. Port 0 takes any free one.

    Each key of *once* opens it as well, a single time.

    :raises ConfigurationError: when the port is taken.
    """
    listener = _opened(port)
    number = listener.getsockname()[1]
    server = _Server(
        # Its own log would have the key, which comes in an address.
        uvicorn.Config(
            Locks(panel_app(places), number, key, set(once)),
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_keep_alive=KEPT_ALIVE,
            timeout_graceful_shutdown=2,
        )
    )
    async with asyncio.TaskGroup() as tasks:
        served = tasks.create_task(server.serve(sockets=[listener]))
        watching = [tasks.create_task(place.watch()) for place in places]
        try:
            yield f"http://{HOST}:{number}/?key={key}"
        finally:
            for each in watching:
                each.cancel()
            for place in places:
                place.live.end()
            server.should_exit = True
            await served


def _opened(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        # Elsewhere it would open a port that somebody else has (Microsoft: using SO_REUSEADDR).
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        # The address is told before the server has begun: whoever comes by then waits, and is not turned away.
        listener.listen()
    except OSError as error:
        listener.close()
        raise ConfigurationError(
            f"--port: {port} cannot be served: {error.strerror}.", hint="Leave it out, and any free one is taken."
        ) from error
    return listener
