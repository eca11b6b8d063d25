"""Nothing from outside ends in a 500, whatever is sent to whom."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING

import httpx2
import pytest
import scim2_server.routing
from abuse import RIGHT, ROUNDS, SCRAPS, Abuse, spoilt
from asking import elium_job, graph_of

from emulator import Emulator
from emulator.company.store import Kind
from emulator.elium import LEGACY, QUIRKY, STRICT, TOLERANT
from emulator.graph.routes import ROUTES
from tools.manual.parity import witness

if TYPE_CHECKING:
    from abuse import Attempt, Ids

    from emulator import Seed
    from emulator.elium import Behaviour

SCIM = "urn:ietf:params:scim"
JSON = {"content-type": "application/json"}
A_USER = {"schemas": [f"{SCIM}:schemas:core:2.0:User"], "userName": "x@y.z", "name": {"givenName": "x"}}
A_GROUP = {"schemas": [f"{SCIM}:schemas:core:2.0:Group"], "displayName": "x", "members": [{"value": "x"}]}
_OPERATION = {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "x@y.z"}
A_PATCH = {"schemas": [f"{SCIM}:api:messages:2.0:PatchOp"], "Operations": [_OPERATION]}
A_PATCH_OF_A_GROUP = {**A_PATCH, "Operations": [{"op": "Add", "path": "members", "value": [{"value": "x"}]}]}
A_SEARCH = {"schemas": [f"{SCIM}:api:messages:2.0:SearchRequest"], "filter": 'userName eq "x"', "startIndex": 1}
A_BULK = {
    "schemas": [f"{SCIM}:api:messages:2.0:BulkRequest"],
    "Operations": [{"method": "POST", "path": "/Users", "bulkId": "1", "data": A_USER}],
}
RIGHT_TO_THE_CONTROL_INTERFACE = {
    "advance": {"by": "PT1M"},
    "run": {"jobId": "x"},
    "faults": {"status": 503, "times": 1, "retry_after": 5},
    "throttling": {"units": 100, "writes": 10},
    "replication": {"reads": 1, "lists": 1, "seconds": 1},
    "behaviour": {"understands_entra": False},
    "PUT secrets": {"value": "x"},
    "PATCH secrets": {"enabled": False},
}


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
        "tenant": ["contoso.com", emulator.seed.tenant.id, "common"],
        "elium": ["contoso"],
        "tokens": ["1", "2"],
        "secrets": ["acme-token"],
    }


async def send(http: httpx2.AsyncClient, attempt: Attempt, before: str) -> int:
    url = f"{before}{attempt.url}"
    answer = await http.request(attempt.method, url, headers=attempt.headers, content=attempt.content)
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
            for attempt in abuse.attempts(routes, 2 * ROUNDS)
            if await send(graph, attempt, f"{emulator.origin}/{version}") >= 500
        ]

    assert broken == []


@pytest.mark.parametrize("number", range(2))
async def test_no_route_of_the_login_service_or_the_control_interface_does(seed: Seed, number: int) -> None:
    emulator, random = Emulator(seed=seed), Random(number)
    routes = list(emulator.app.routes)
    async with graph_of(emulator) as graph:
        await elium_job(emulator, graph)
        client = emulator.seed.clients[0]
        token = {"client_id": client.app_id, "client_secret": client.secret, "grant_type": "client_credentials"}
        token |= {"scope": "https://graph.microsoft.com/.default", "resource": "https://graph.microsoft.com"}
        right = {**RIGHT, "snapshot": emulator.snapshot(), **RIGHT_TO_THE_CONTROL_INTERFACE, "token": token}
        abuse = Abuse(ids_of(emulator), random, right)
        transport = httpx2.ASGITransport(emulator.app)
        async with httpx2.AsyncClient(transport=transport, base_url=emulator.origin) as http:
            broken = []
            for attempt in abuse.attempts(routes, 8 * ROUNDS):
                if await send(http, attempt, emulator.origin) >= 500:
                    broken.append(attempt)
                emulator.entra.faults.clear()

    assert broken == []


@pytest.mark.parametrize("number", range(2))
@pytest.mark.parametrize(
    "behaviour", [TOLERANT, STRICT, QUIRKY, LEGACY], ids=["tolerant", "strict", "quirky", "legacy"]
)
async def test_no_route_of_elium_does(seed: Seed, behaviour: Behaviour, number: int) -> None:
    emulator, random = Emulator(seed=seed), Random(number)
    emulator.elium.tenant("contoso").behaviour = behaviour
    base = "/elium/contoso/scim/v2"
    routes = [
        (route.method, base + route.pattern.replace("{endpoint}", endpoint))
        for route in scim2_server.routing.ROUTES
        for endpoint in ("Users", "Groups")
    ]
    async with graph_of(emulator) as graph:
        await emulator.run_cycle((await elium_job(emulator, graph)).rpartition("/")[2])
        tenant = emulator.elium.tenant("contoso")
        held = {"Users": [user["id"] for user in tenant.users], "Groups": [group["id"] for group in tenant.groups]}
        right = {"Users": A_USER, "Groups": A_GROUP, ".search": A_SEARCH, "Bulk": A_BULK, "Me": A_USER}
        right |= {"PATCH Users": A_PATCH, "PATCH Groups": A_PATCH_OF_A_GROUP}
        abuse = Abuse({**ids_of(emulator), **held}, random, right)
        headers = {"authorization": f"Bearer {emulator.seed.elium[0].token}"}
        transport = httpx2.ASGITransport(emulator.app)
        async with httpx2.AsyncClient(transport=transport, headers=headers) as scim:
            broken = [
                attempt
                for attempt in abuse.attempts(routes, 2 * ROUNDS)
                # Some operations of the standard are not implemented, and it has a word for that.
                if await send(scim, attempt, emulator.origin) not in {*range(500), 501}
            ]

    assert broken == []


@pytest.mark.parametrize("number", range(2))
async def test_a_schema_that_was_saved_can_be_lived_with(seed: Seed, number: int) -> None:
    emulator, random = Emulator(seed=seed), Random(number)
    async with graph_of(emulator) as graph:
        at = await elium_job(emulator, graph)
        schema = (await graph.get(f"{at}/schema")).json()
        for _ in range(40):
            saved = await graph.put(
                f"{at}/schema", content=json.dumps(spoilt(schema, random, anywhere=True)), headers=JSON
            )
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
            kept = await graph.patch("/users/ada.byron@contoso.com", content=json.dumps({name: scrap}), headers=JSON)
            await emulator.run_cycle(job)

            assert kept.status_code in {204, 400}


@pytest.mark.parametrize(
    "behaviour", [TOLERANT, STRICT, QUIRKY, LEGACY], ids=["tolerant", "strict", "quirky", "legacy"]
)
async def test_elium_says_what_it_does_not_take(seed: Seed, behaviour: Behaviour) -> None:
    emulator, random = Emulator(seed=seed), Random(7)
    emulator.elium.tenant("contoso").behaviour = behaviour
    headers = {"authorization": f"Bearer {emulator.seed.elium[0].token}", "content-type": "application/scim+json"}
    base = f"{emulator.origin}/elium/contoso/scim/v2"
    statuses = set()
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(emulator.app), headers=headers) as scim:
        made = (await scim.post(f"{base}/Users", json=A_USER)).json()["id"]
        for _ in range(60):
            change, user = (json.dumps(spoilt(right, random, anywhere=True)) for right in (A_PATCH, A_USER))
            statuses.add((await scim.patch(f"{base}/Users/{made}", content=change)).status_code)
            statuses.add((await scim.post(f"{base}/Users", content=user)).status_code)
        for content in (b"{", b"\xff", b"[" * 5_000, b"5"):
            statuses.add((await scim.patch(f"{base}/Users/{made}", content=content)).status_code)
            statuses.add((await scim.post(f"{base}/Users", content=content)).status_code)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(emulator.app), base_url=emulator.origin) as http:
        statuses.add((await http.get("/_emulator/elium/contoso/requests")).status_code)

    assert max(statuses) < 500
