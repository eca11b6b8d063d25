"""Each call of a first configuration is answered by something else than Graph: it is made up for, or told in words."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from answers import JumpingClock
from asking import elium_app, graph_of
from builders import a_mapping, edited
from contract.places import KnownToken

from emulator import Emulator
from emulator.moods.faults import Fault
from emulator.moods.replication import Lag
from provisioning.errors import ConfigurationError, GraphError
from provisioning.graph.client import GraphClient
from provisioning.model.credentials import Credentials, SecretToken
from provisioning.model.identifiers import JobAddress, ServicePrincipalId, TemplateId
from provisioning.model.mapping import ObjectKind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CALLS = range(8)
CONTENTS = ("html", "empty", "not-json", "truncated", "empty-page")
ROUTE = "* /servicePrincipals/*/synchronization/*"
NOW = 1_768_467_600.0
"""Seconds since 1970 at 2026-01-15 09:00 UTC, where the client's clock stands."""


class Configuration:
    """The calls of a first configuration, in order, on an emulator of its own."""

    def __init__(self, emulator: Emulator, http: httpx2.AsyncClient, principal: str) -> None:
        self.emulator = emulator
        self.clock = JumpingClock()
        self.principal = ServicePrincipalId(principal)
        self.graph = GraphClient(http, KnownToken(emulator), emulator.origin, self.clock)

    def fails(self, **fault: Any) -> None:
        self.emulator.entra.faults.add([Fault(route=ROUTE, **fault)])

    async def run(self) -> None:
        graph, principal, site = self.graph, self.principal, self.emulator.seed.elium[0]
        (template,) = await graph.templates(principal)
        found = await graph.jobs(principal)
        address = f"{self.emulator.origin}/elium/{site.name}/scim/v2"
        credentials = Credentials(address, SecretToken(site.token or ""))
        await graph.validate_credentials(principal, template.id, credentials)
        job = found[0] if found else await graph.create_job(principal, template.id)
        at = JobAddress(principal, job.id)
        await graph.save_secrets(principal, {"BaseAddress": address, "SecretToken": credentials.token.reveal()})
        schema = await graph.schema(at)
        await graph.save_schema(
            at, edited(schema, ObjectKind.USERS, lambda it: it.with_mapping(a_mapping("title", "[department]")))
        )
        await graph.start(at)

    async def jobs(self) -> int:
        self.emulator.entra.faults.clear()
        return len(await self.graph.jobs(self.principal))


@pytest.fixture
async def configuration() -> AsyncIterator[Configuration]:
    emulator = Emulator()
    emulator.entra.wall = lambda: NOW
    async with graph_of(emulator) as graph:
        made = await elium_app(graph)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(emulator.app)) as http:
        yield Configuration(emulator, http, made["servicePrincipal"]["id"])


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("number", CALLS)
async def test_one_answer_that_is_not_graphs_is_made_up_for(
    configuration: Configuration, number: int, content: str
) -> None:
    configuration.fails(after=number, content=content)

    await configuration.run()

    assert await configuration.jobs() == 1


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("number", CALLS)
async def test_answers_that_are_never_graphs_are_told_and_a_second_run_leaves_one_job(
    configuration: Configuration, number: int, content: str
) -> None:
    configuration.fails(after=number, content=content, times=None)
    with suppress(GraphError):  # a write whose answer has no content succeeds all the same
        await configuration.run()
    configuration.emulator.entra.faults.clear()

    await configuration.run()

    assert await configuration.jobs() == 1


@pytest.mark.parametrize("as_date", [False, True])
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("number", CALLS)
async def test_a_wait_is_obeyed_at_every_call_whether_in_seconds_or_as_a_date(
    configuration: Configuration, number: int, status: int, *, as_date: bool
) -> None:
    configuration.fails(after=number, status=status, retry_after=42, retry_after_as_date=as_date)

    await configuration.run()

    assert configuration.clock.slept[0] == 42


@pytest.mark.parametrize("lists", [1, 3])
@pytest.mark.parametrize("committed", [False, True])
async def test_a_run_that_was_killed_after_it_asked_for_a_job_leaves_one_while_lists_lag(
    configuration: Configuration, lists: int, *, committed: bool
) -> None:
    graph, principal = configuration.graph, configuration.principal
    if committed:
        configuration.emulator.entra.replication.set(Lag(lists=lists))
        await graph.create_job(principal, TemplateId("elium"))

    await graph.create_job(principal, TemplateId("elium"), made_before=True)

    assert await configuration.jobs() == 1


async def test_a_template_that_the_app_does_not_offer_is_not_blamed_on_the_address(
    configuration: Configuration,
) -> None:
    credentials = Credentials("https://acme.example/scim/v2", SecretToken("a-token"))

    with pytest.raises(ConfigurationError, match=r"'scim' is not a .* template of this app; it offers 'elium'"):
        await configuration.graph.validate_credentials(configuration.principal, TemplateId("scim"), credentials)
