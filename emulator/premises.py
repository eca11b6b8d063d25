"""What an emulator stands on: the pretend Entra, the pretend Elium, and the way from one to the other."""

from __future__ import annotations

import ssl
from abc import ABC, abstractmethod
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import httpx2

from emulator.company import seed as seeds
from emulator.company import snapshot as snapshots
from emulator.company.clock import Clock, StandingClock
from emulator.company.seed import Seed
from emulator.elium import Elium
from emulator.engine.job_notation import JOBS
from emulator.engine.target import Target, over_http
from emulator.entra import Entra
from emulator.identity.keys import SigningKey, key_of_this_process
from emulator.moods.graph_knobs import GraphKnobs
from emulator.moods.knobs import Knobs
from emulator.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import timedelta

    from starlette.types import ASGIApp, Scope

    from emulator.company.store import JsonObject, World


_PATIENCE = 5.0
"""Seconds that an issuer's discovery document may take."""


class TrustError(ValueError):
    """That a file holds no authority to trust."""


class Connections(Protocol):
    """The open connections of a port."""

    async def cut(self, scope: Scope) -> bool:
        """Cut the connection that a request came over; false when it is not known."""


class Premises(ABC):
    """A pretend Entra and a pretend Elium, in one, before either has a door."""

    @property
    @abstractmethod
    def app(self) -> ASGIApp:
        """The ASGI application of everything, which stands above this."""

    def __init__(
        self,
        *,
        seed: Seed | Path | None = None,
        clock: Clock | None = None,
        knobs: Knobs | None = None,
        graph_knobs: GraphKnobs | None = None,
        key: Callable[[], SigningKey] = key_of_this_process,
        trust: Sequence[Path] = (),
    ) -> None:
        """Make a world.

        *seed* is a company, or the file of one; without it, it is Contoso. *clock* is the company's time and stands
        still where none is given. *knobs* and *graph_knobs* say what provisioning and Graph do where the documents are
        silent. *key* gives what tokens are signed with: one for this process. *trust* names files with authorities in
        PEM, beside those of the machine, for SCIM servers elsewhere.

        :raises SeedError: when the seed is wrong.
        :raises TrustError: when a file of *trust* holds no certificate.
        """
        self.seed = seed if isinstance(seed, Seed) else seeds.read(seed)
        self.knobs = knobs or Knobs()
        self.origin = "https://localhost"
        """Where it answers: a name for use without a socket, or the address of the port."""
        self.control_key: str | None = None
        """What the control interface asks for, when it is set."""
        self._origins = {"localhost"}
        self._trust = tuple(trust)
        for file in self._trust:
            # Told now and not in the middle of a cycle.
            _trust(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), file)
        self.entra = Entra(
            seed=self.seed,
            clock=clock or StandingClock(),
            connect=self._connect,
            knobs=self.knobs,
            graph_knobs=graph_knobs or GraphKnobs(),
            key=key,
            browse=lambda: httpx2.AsyncClient(verify=self._trusted, timeout=_PATIENCE),
        )
        self.connections: Connections | None = None
        """The port's open connections, while it is served."""
        self.elium = self._new_elium()
        """The ASGI application of the SCIM targets."""
        self.vault = Vault(self.clock)
        """The pretend Azure Key Vault of this company."""

    @property
    def world(self) -> World:
        """What exists."""
        return self.entra.world

    @property
    def clock(self) -> Clock:
        """The company's clock."""
        return self.entra.clock

    async def advance(self, by: timedelta) -> int:
        """Let the company's time pass, run what becomes due, and tell how many cycles ran.

        :raises ValueError: when *by* is negative.
        """
        return await self.entra.pass_time(by)

    async def run_due(self) -> int:
        """Run the cycles that are due now, and tell how many ran."""
        return await self.entra.run_due()

    async def run_cycle(self, job_id: str) -> None:
        """Run a cycle of a job now, due or not.

        :raises Refusal: 404 when there is no such job, 409 when nothing is sent for it any more.
        """
        await self.entra.run_cycle(job_id)

    def reset(self) -> None:
        """Go back to the seed: company, jobs, accounts at Elium, request log, moods, an empty vault. Time stays."""
        self.entra.reset()
        self.entra.requests.clear()
        self.entra.faults.clear()
        self.entra.throttle.set(None)
        self.entra.replication.set()
        self.vault.clear()
        self.elium = self._new_elium()

    def snapshot(self) -> JsonObject:
        """Write down the world and the accounts at Elium; :mod:`emulator.company.snapshot` says what is left out."""
        return {**snapshots.taken(self.world, self.seed, JOBS), "elium": self.elium.taken()}

    def restore(self, snapshot: JsonObject) -> None:
        """Go on in the world of a snapshot. A clock that is further on stays there.

        :raises Refusal: 400 when it is not one; then nothing has moved, neither the clock nor the accounts.
        """
        with snapshots.reading(snapshot):
            moment = snapshots.moment_of(snapshot)
            world = snapshots.brought_back(snapshot, self.world, self.seed, JOBS)
            accounts = self.elium.understood(snapshot["elium"])
        if self.clock.now() < moment:
            self.clock.advance(moment - self.clock.now())
        self.elium.put_back(accounts)
        self.entra.enter(world)

    async def hang_up(self, scope: Scope) -> bool:
        """Cut the connection that a request came over; false when it came over none."""
        return self.connections is not None and await self.connections.cut(scope)

    def take_origin(self, origin: str) -> None:
        """Know an address as one's own, so that provisioning to it stays inside the program."""
        self.origin = origin
        self._origins.add(urlsplit(origin).netloc)
        port = urlsplit(origin).port
        self._origins |= {f"localhost:{port}", f"127.0.0.1:{port}"}

    def _connect(self, base_address: str, token: str) -> Target:
        is_inside = self._is_inside(base_address)
        return self._inside(base_address, token) if is_inside else self._outside(base_address, token)

    def _is_inside(self, base_address: str) -> bool:
        try:
            address = urlsplit(base_address)
        except ValueError:
            # What is not an address is told by whoever calls it.
            return False
        return address.netloc in self._origins and address.path.startswith("/elium/")

    @cached_property
    def _inside(self) -> Callable[[str, str], Target]:
        return over_http(self.knobs, transport=httpx2.ASGITransport(self.app))

    @cached_property
    def _outside(self) -> Callable[[str, str], Target]:
        return over_http(self.knobs, verify=self._trusted)

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        """Whom outgoing connections believe: the machine's authorities, and those that were named."""
        context = ssl.create_default_context()
        for file in self._trust:
            _trust(context, file)
        return context

    def _new_elium(self) -> Elium:
        return Elium({tenant.name: tenant.token or "" for tenant in self.seed.elium}, now=self.clock.now)


def _trust(context: ssl.SSLContext, file: Path) -> None:
    try:
        context.load_verify_locations(cafile=file)
    except (OSError, ssl.SSLError) as error:
        raise TrustError(f"{file} holds no certificate in PEM that can be read: {error.strerror or error}.") from error
