"""Each call of the first configuration fails, before it is carried out or after: one job results, nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from answers import JumpingClock
from asking import elium_app, graph_of, token_of

from emulator import Emulator
from emulator.faults import Fault
from provisioning.errors import ProvisioningError
from provisioning.graph.client import GraphClient
from provisioning.model.identifiers import JobAddress, ServicePrincipalId
from provisioning.provider.synchronization_job import SynchronizationJobCallbacks, UnfinishedError

if TYPE_CHECKING:
    from collections.abc import Mapping

CALLS = 8
"""Of a first configuration with a mapping."""


class KnownToken:
    """A sign-in that happened already."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    async def token(self) -> str:
        return token_of(self._emulator)

    def forget(self) -> None:
        """Ask for another next time, which this one does anyway."""


class Engine:
    """Asks the plugin's callbacks as Pulumi would, and keeps the state as Pulumi would."""

    def __init__(self, emulator: Emulator, principal: str) -> None:
        self.emulator = emulator
        http = httpx2.AsyncClient(transport=httpx2.ASGITransport(emulator.app))
        self.graph = GraphClient(http, KnownToken(emulator), emulator.origin, JumpingClock())
        site = emulator.seed.elium[0]
        self.written: Mapping[str, Any] = {
            "servicePrincipalId": principal,
            "baseAddress": f"{emulator.origin}/elium/{site.name}",
            "secretToken": site.token,
            "mappings": {"users": {"title": "[department]"}},
        }
        self.id = ""
        self.state: dict[str, Any] = {}

    async def up(self) -> bool:
        """Run once, in a process of its own, and tell whether it succeeded."""

        async def connect() -> GraphClient:
            return self.graph

        callbacks = SynchronizationJobCallbacks(connect)
        inputs = callbacks.check(self.state, dict(self.written), salt=b"salt")
        try:
            if not self.id:
                self.id, self.state = await callbacks.create(inputs, preview=False)
            else:
                before = {name: self.state[name] for name in inputs}
                address = JobAddress.parse(self.id)
                self.state = await callbacks.update(address, self.state, before, inputs, preview=False)
        except UnfinishedError as error:
            self.id, self.state = str(error.address), error.properties
            return False
        except ProvisioningError:
            return False
        return True

    def ends_well(self) -> bool:
        """Tell whether there is one job, switched on, with the secrets and the mapping that were declared."""
        tenant = self.emulator.world.tenant(self.emulator.seed.tenant.id)
        held = tenant.synchronization_of(ServicePrincipalId(str(self.written["servicePrincipalId"])))
        (job,) = held.jobs.values()
        described = self.emulator.entra.service.as_graph(job)
        schema = str(self.emulator.entra.service.schema_of(job))
        is_on = described["schedule"]["state"] == "Active"
        return is_on and held.secrets["SecretToken"] == self.written["secretToken"] and "[department]" in schema


@pytest.fixture
async def engine() -> Engine:
    emulator = Emulator()
    async with graph_of(emulator) as graph:
        made = await elium_app(graph)
    return Engine(emulator, made["servicePrincipal"]["id"])


def a_fault(number: int, *, committed: bool, times: int | None) -> Fault:
    return Fault(
        route="* /servicePrincipals/*/synchronization/*", after=number, drop=True, committed=committed, times=times
    )


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("number", range(CALLS))
async def test_one_lost_answer_is_made_up_for_in_the_same_run(engine: Engine, number: int, *, committed: bool) -> None:
    engine.emulator.entra.faults.add([a_fault(number, committed=committed, times=1)])

    assert await engine.up()
    assert engine.ends_well()


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("number", range(CALLS))
async def test_when_graph_goes_away_in_the_middle_the_next_run_finishes(
    engine: Engine, number: int, *, committed: bool
) -> None:
    engine.emulator.entra.faults.add([a_fault(number, committed=committed, times=None)])
    first = await engine.up()
    engine.emulator.entra.faults.clear()

    assert (first, await engine.up()) == (False, True)
    assert engine.ends_well()
