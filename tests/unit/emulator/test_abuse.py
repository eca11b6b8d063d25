"""Nothing from outside ends in a 500, whatever is sent to whom."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from abuse import RIGHT, SCRAPS, Abuse, spoilt
from asking import elium_job, graph_of

from emulator import Emulator
from emulator.elium import LEGACY, QUIRKY, STRICT, TOLERANT
from emulator.graph.routes import ROUTES
from emulator.store import Kind
from tools.manual.parity import witness
from tools.manual.parity_rows import OTHER_ROUTES

if TYPE_CHECKING:
    from abuse import Attempt, Ids

    from emulator import Seed
    from emulator.elium import Behaviour

SCIM = "urn:ietf:params:scim"


def ids_of(emulator: Emulator) -> Ids:
    """Give right ids of everything that a path may name."""
    directory = emulator.world.tenant(emulator.seed.tenant.id).directory
    (job,) = emulator.entra.jobs()
    kinds = {f"{kind.value}s": [found.id for found in directory.all(kind)] for kind in Kind}
    return {
        **kinds,
        # Most of what hangs below a service principal hangs below Elium's.
        "servicePrincipals": [job.service_principal_id] * 6 + kinds["servicePrincipals"],
        "directoryObjects": list(directory.objects),
        "deletedItems": list(directory.objects),
        "job": [job.id],
        "template": ["elium"],
        "assignment": list(directory.assignments),
        "member": kinds["users"],
        "owner": kinds["users"],
        "object": kinds["users"],
        "directory": [one["id"] for one in job.schema["directories"]],
        "applicationTemplates": list(emulator.world.gallery),
        "organization": [emulator.seed.tenant.id],
        "domains": ["contoso.com"],
        "tenant": ["contoso.com"],
    }


async def send(http: httpx2.AsyncClient, attempt: Attempt, before: str) -> int:
    body: dict[str, Any] = {"content": attempt.content} if attempt.json is None else {"json": attempt.json}
    answer = await http.request(attempt.method, f"{before}{attempt.url}", headers=attempt.headers, **body)
    return answer.status_code


@witness("Nothing from outside ends in a 500")
@pytest.mark.parametrize("number", range(2))
@pytest.mark.parametrize("version", ["v1.0", "beta"])
async def test_no_route_of_graph_ends_in_a_500(seed: Seed, version: str, number: int) -> None:
    emulator, random = Emulator(seed=seed), Random(number)
    routes = [(route.method, route.path) for route in ROUTES if version in route.versions]
    random.shuffle(routes)
    async with graph_of(emulator) as graph:
        await elium_job(emulator, graph)
        abuse = Abuse(ids_of(emulator), random, {**RIGHT, "schema": emulator.entra.jobs()[0].schema})
        broken = [
            attempt
            for attempt in abuse.attempts(routes, 2)
            if await send(graph, attempt, f"{emulator.origin}/{version}") >= 500
        ]

    assert broken == []


@pytest.mark.parametrize("number", range(2))
async def test_no_route_of_the_login_service_or_the_control_interface_does(seed: Seed, number: int) -> None:
    emulator, random = Emulator(seed=seed), Random(number)
    routes = [tuple(name.split(" ")) for name in OTHER_ROUTES]
    async with graph_of(emulator) as graph:
        await elium_job(emulator, graph)
        right = {**RIGHT, "snapshot": emulator.snapshot(), "advance": {"by": "PT1M"}, "faults": {"status": 503}}
        abuse = Abuse(ids_of(emulator), random, right)
        transport = httpx2.ASGITransport(emulator.app)
        async with httpx2.AsyncClient(transport=transport, base_url=emulator.origin) as http:
            broken = []
            for attempt in abuse.attempts([(method, path) for method, path in routes], 8):
                if await send(http, attempt, emulator.origin) >= 500:
                    broken.append(attempt)
                emulator.entra.faults.clear()

    assert broken == []


@pytest.mark.parametrize("number", range(2))
async def test_a_schema_that_was_saved_can_be_lived_with(seed: Seed, number: int) -> None:
    emulator, random = Emulator(seed=seed), Random(number)
    async with graph_of(emulator) as graph:
        at = await elium_job(emulator, graph)
        schema = (await graph.get(f"{at}/schema")).json()
        for _ in range(40):
            saved = await graph.put(f"{at}/schema", json=spoilt(schema, random, anywhere=True))
            if saved.status_code == 204:
                await emulator.run_cycle(at.rpartition("/")[2])
            shown = [(await graph.get(path)).status_code for path in (at, f"{at}/schema", "/auditLogs/provisioning")]

            assert (saved.status_code in {204, 400}, shown) == (True, [200] * 3)


@pytest.mark.parametrize("name", ["department", "businessPhones", "mail", "employeeHireDate", "proxyAddresses"])
async def test_what_graph_keeps_of_a_person_can_be_provisioned(seed: Seed, name: str) -> None:
    emulator = Emulator(seed=seed)
    async with graph_of(emulator) as graph:
        job = (await elium_job(emulator, graph)).rpartition("/")[2]
        for scrap in SCRAPS:
            kept = await graph.patch("/users/ada.byron@contoso.com", json={name: scrap})
            await emulator.run_cycle(job)

            assert kept.status_code in {204, 400}


@pytest.mark.parametrize(
    "behaviour", [TOLERANT, STRICT, QUIRKY, LEGACY], ids=["tolerant", "strict", "quirky", "legacy"]
)
async def test_elium_says_what_it_does_not_take(seed: Seed, behaviour: Behaviour) -> None:
    emulator, random = Emulator(seed=seed), Random(7)
    emulator.elium.tenant("contoso").behaviour = behaviour
    user = {"schemas": [f"{SCIM}:schemas:core:2.0:User"], "userName": "x@y.z", "name": {"givenName": "x"}}
    operation = {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "x@y.z"}
    patch = {"schemas": [f"{SCIM}:api:messages:2.0:PatchOp"], "Operations": [operation]}
    headers = {"authorization": f"Bearer {emulator.seed.elium[0].token}", "content-type": "application/scim+json"}
    base = f"{emulator.origin}/elium/contoso/scim/v2"
    statuses = set()
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(emulator.app), headers=headers) as scim:
        made = (await scim.post(f"{base}/Users", json=user)).json()["id"]
        for _ in range(60):
            body = spoilt(patch, random, anywhere=True)
            statuses.add((await scim.patch(f"{base}/Users/{made}", json=body)).status_code)
            statuses.add((await scim.post(f"{base}/Users", json=spoilt(user, random, anywhere=True))).status_code)
        for content in (b"{", b"\xff", b"[" * 5_000, b"5"):
            statuses.add((await scim.patch(f"{base}/Users/{made}", content=content)).status_code)
            statuses.add((await scim.post(f"{base}/Users", content=content)).status_code)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(emulator.app), base_url=emulator.origin) as http:
        statuses.add((await http.get("/_emulator/elium/contoso/requests")).status_code)

    assert max(statuses) < 500
