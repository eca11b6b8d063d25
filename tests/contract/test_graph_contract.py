"""The contract of Graph holds over each way to travel; with ``--live`` it is held against a real tenant."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import httpx2
import pytest
from answers import JumpingClock
from contract.graph_contract import GraphContract, Place
from contract.places import KnownToken, credentials_of, place_of, sdk_client, signed_in

from emulator import Emulator
from provisioning.graph.caller import graph_over
from provisioning.graph.client import GraphClient
from provisioning.graph.patience import WallClock
from provisioning.model.identifiers import ServicePrincipalId

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from identities import Contract


class TestOurTransportWithoutASocket(GraphContract):
    """Our client inside the program."""

    @pytest.fixture
    async def place(self) -> AsyncIterator[Place]:
        emulator, clock = Emulator(), JumpingClock()
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(emulator.app)) as http:
            graph = GraphClient(http, KnownToken(emulator), emulator.origin, clock)
            yield await place_of(emulator, graph, clock)


class TestOurTransportOverASocket(GraphContract):
    """Our client, signed in from the environment."""

    @pytest.fixture
    async def place(self, contract: Contract) -> AsyncIterator[Place]:
        clock = JumpingClock()
        async with signed_in(contract.served.environment, clock) as graph:
            yield await place_of(contract.served.emulator, graph, clock)


class TestAClientThatTheCallerBrings(GraphContract):
    """Microsoft's client, with its middleware and its credential."""

    @pytest.fixture
    async def place(self, contract: Contract) -> AsyncIterator[Place]:
        clock = JumpingClock()
        async with sdk_client(contract) as client:
            yield await place_of(contract.served.emulator, graph_over(client, clock), clock)


@pytest.mark.live
@pytest.mark.enable_socket
class TestARealTenant(GraphContract):
    """The tenant that the environment names, and an app there that nobody needs."""

    @pytest.fixture
    async def place(self) -> AsyncIterator[Place]:
        clock = WallClock()
        async with signed_in(os.environ, clock) as graph:
            principal = ServicePrincipalId(os.environ["ELIUM_TEST_SERVICE_PRINCIPAL_ID"])
            yield Place(graph, principal, credentials_of(os.environ), clock)
