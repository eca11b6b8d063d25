"""An emulator that runs: inside the program that uses it, or on a port of loopback.

As a test fixture, without a socket::

    emulator = Emulator()
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(emulator.app), base_url=emulator.origin) as http:
        ...

and with one::

    with Emulator().serve() as served:
        subprocess.run([...], env={**os.environ, **served.environment})
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from emulator.premises import Premises, TrustError
from emulator.web.app import App
from emulator.web.server import Served, serving_in_thread
from emulator.web.tls import StateFolder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Emulator", "TrustError"]


class Emulator(Premises):
    """A pretend Entra and a pretend Elium, in one, with the door that answers requests."""

    @cached_property
    def app(self) -> App:
        """The ASGI application of everything."""
        return App(self)

    @contextmanager
    def serve(
        self, *, host: str = "127.0.0.1", port: int = 0, state: Path | None = None, names: Sequence[str] = ()
    ) -> Iterator[Served]:
        """Serve on a port in a thread of its own until the block ends; port 0 takes any free one.

        Without *state* the authority is made for this run only. The certificate carries *names* too.
        """
        with (
            tempfile.TemporaryDirectory() as folder,
            serving_in_thread(self, StateFolder(state or Path(folder), tuple(names)), host=host, port=port) as served,
        ):
            yield served
