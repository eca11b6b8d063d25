"""What connections cost: little while they are idle, and nothing for ever.

Python keeps a buffer of 256 kB for every TLS connection; ten thousand idle ones held 2.6 GB, and what is freed in many
small pieces is not given back to the system by itself. Here a buffer is as large as a TLS record, a connection that
never asks anything is closed like one that has no more to ask, and after a crowd has left the memory is given back.
"""

from __future__ import annotations

import ctypes
import gc
import os
from asyncio import sslproto
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

RECORD = 16 * 1024
"""Bytes of one TLS record (RFC 8446 section 5.1)."""
CROWD = 200
"""How many connections are many."""
PAUSE = 1.0
"""Seconds until the objects of a closed connection are gone."""


def use_small_buffers() -> None:
    """Let every TLS connection of this process read one record at a time."""
    # A detail of CPython without a setting: where it is missing, nothing is saved and nothing breaks.
    if hasattr(sslproto.SSLProtocol, "max_size"):
        sslproto.SSLProtocol.max_size = RECORD


def give_back(system: str = os.name) -> None:
    """Give freed memory back to the *system*, named as :data:`os.name` does, where its C library can."""
    gc.collect()
    # Windows has no way to say "the library of this process" by None.
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if system == "posix" else None
    if trim is not None:
        trim(0)


@dataclass(slots=True)
class Tally:
    """Counts open connections, and says when a crowd has left."""

    left: Callable[[], object]
    """Called when half of a crowd is gone, and again at the next half."""
    open: int = 0
    most: int = 0

    def came(self) -> None:
        """Count a connection that was opened."""
        self.open += 1
        self.most = max(self.most, self.open)

    def went(self) -> None:
        """Count a connection that was closed."""
        self.open -= 1
        if self.most >= CROWD and self.open <= self.most // 2:
            self.most = self.open
            self.left()


def protocol_counted_by(tally: Tally) -> type[Any]:
    """Make uvicorn's protocol count its connections, and close those that never ask anything."""

    class Frugal(AutoHTTPProtocol):  # type: ignore[misc,valid-type]  # chosen by uvicorn at run time
        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            tally.came()
            # As after an answer: who asks takes the clock back.
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            tally.went()
            if self.timeout_keep_alive_task is not None:
                self.timeout_keep_alive_task.cancel()

    return Frugal
