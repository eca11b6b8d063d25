"""Microsoft's client with its default middleware carries our verbs and never applies one of them twice."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from answers import JumpingClock
from contract.places import new_app, sdk_client

from emulator.moods.faults import Fault
from provisioning.errors import RefusedError
from provisioning.graph.caller import graph_over
from provisioning.model.identifiers import TemplateId

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from identities import Contract
    from msgraph.graph_service_client import GraphServiceClient

CREATION = "POST /servicePrincipals/{id}/synchronization/jobs"


@pytest.fixture
async def client(contract: Contract) -> AsyncIterator[GraphServiceClient]:
    async with sdk_client(contract) as client:
        yield client


async def test_a_creation_whose_answer_is_lost_is_asked_for_once(
    contract: Contract, client: GraphServiceClient
) -> None:
    emulator = contract.served.emulator
    principal = await new_app(emulator)
    emulator.entra.faults.add([Fault(route=CREATION, status=504, committed=True)])
    made = await graph_over(client, JumpingClock()).create_job(principal, TemplateId("elium"))
    sent = [one for one in emulator.entra.requests.of("graph") if one.method == "POST" and principal in one.path]
    assert [made.id] == [job.id for job in await graph_over(client).jobs(principal)]
    assert [one.status for one in sent] == [504]


async def test_a_secret_that_entra_refuses_is_told_by_name(contract: Contract) -> None:
    wrong = replace(contract, identity=replace(contract.identity, secret="wrong"))
    principal = await new_app(contract.served.emulator)
    async with sdk_client(wrong) as client:
        with pytest.raises(RefusedError, match="AADSTS7000215"):
            await graph_over(client).jobs(principal)


def test_nobody_needs_microsoft_s_client_who_does_not_bring_one() -> None:
    program = (
        "import sys, provisioning.graph.connect, provisioning.plugin; "
        "print([name for name in sys.modules if name.split('.')[0] in {'msgraph', 'kiota_http', 'httpx'}])"
    )
    run = subprocess.run(  # noqa: S603 - our own interpreter and the program above
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
