"""Graph for a whole fleet: tenants that sign in alike share one connection, one token and one patience."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from provisioning.graph.client import GraphClient
from provisioning.graph.connect import connect
from provisioning.graph.pace import ON_DEMAND_PACE, Pace
from provisioning.graph.patience import Clock, WallClock

PREFIXES = ("ARM_", "AZURE_", "ACTIONS_ID_", "SYSTEM_", "SSL_", "REQUESTS_CA_", "HTTP", "NO_PROXY")
"""Variables by which one signs in, or reaches Entra; what else an environment has makes no other identity."""


def identity_in(environment: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """Take what says who signs in and how Entra is reached; two environments that agree in it make one identity."""
    return frozenset((name, value) for name, value in environment.items() if name.upper().startswith(PREFIXES))


IN_A_FLEET = timedelta(seconds=1)
"""How long passing trouble is sat out where a hundred others wait to be asked."""


class Clients:
    """The clients by identity. Where it does not say so, everything here happens in one asyncio loop."""

    def __init__(self, clock: Clock | None = None, *, in_a_hurry: bool = False) -> None:
        """Have none yet. They wait by the *clock*, or by the real one; *in_a_hurry*, where it is asked again anyway."""
        self._clock, self._is_in_a_hurry = clock, in_a_hurry
        self._on_demand: dict[frozenset[tuple[str, str]], Pace] = {}
        self._log: dict[frozenset[tuple[str, str]], Pace] = {}
        self._clients: dict[frozenset[tuple[str, str]], asyncio.Future[GraphClient]] = {}

    async def of(self, identity: Mapping[str, str]) -> GraphClient:
        """Give the client of an identity, made when it is needed for the first time.

        :raises ConfigurationError: when the identity is none.
        """
        key = identity_in(identity)
        if key not in self._clients:
            self._clients[key] = asyncio.ensure_future(self._connected(identity))
        client = self._clients[key]
        try:
            return await asyncio.shield(client)
        except BaseException:
            # Whoever comes next may have more luck: a metadata host that did not answer may answer then. One that
            # somebody did not wait for is kept, and closed with the others.
            if client.done() and (client.cancelled() or client.exception()):
                self._clients.pop(key, None)
            raise

    async def _connected(self, identity: Mapping[str, str]) -> GraphClient:
        client = await connect(identity, self._clock, self.on_demand(identity))
        return client.in_a_hurry(IN_A_FLEET) if self._is_in_a_hurry else client

    def on_demand(self, identity: Mapping[str, str]) -> Pace:
        """Give the pace of provisioning on demand that all keep to who sign in as this identity, in any thread."""
        return self._on_demand.setdefault(identity_in(identity), Pace(self._clock or WallClock(), *ON_DEMAND_PACE))

    def log(self, identity: Mapping[str, str]) -> Pace:
        """Give the pace of reading logs that all keep to who sign in as this identity, in any thread."""
        return self._log.setdefault(identity_in(identity), Pace(self._clock or WallClock()))

    async def close(self) -> None:
        """Hang up."""
        for client in self._clients.values():
            await (await client).close()
