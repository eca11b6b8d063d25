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
from pathlib import Path
from typing import TYPE_CHECKING

from emulator.identity.keys import key_of_this_process
from emulator.premises import Premises, TrustError
from emulator.web.app import App
from emulator.web.server import Served, serving_in_thread
from emulator.web.tls import StateFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from emulator.clock import Clock
    from emulator.identity.keys import SigningKey
    from emulator.knobs import Knobs
    from emulator.moods.doubts import Doubts
    from emulator.seed import Seed

__all__ = ["Emulator", "TrustError"]


class Emulator(Premises):
    """A pretend Entra and a pretend Elium, in one, with the door that answers requests."""

    def __init__(
        self,
        *,
        seed: Seed | Path | None = None,
        clock: Clock | None = None,
        knobs: Knobs | None = None,
        doubts: Doubts | None = None,
        key: Callable[[], SigningKey] = key_of_this_process,
        trust: Sequence[Path] = (),
    ) -> None:
        """Make a world. *trust* names authorities in PEM, beside those of the machine, for SCIM servers elsewhere.

        :raises SeedError: when the seed is wrong.
        :raises TrustError: when a file of *trust* holds no certificate.
        """
        super().__init__(seed=seed, clock=clock, knobs=knobs, doubts=doubts, key=key, trust=trust)
        self.app = App(self)

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
