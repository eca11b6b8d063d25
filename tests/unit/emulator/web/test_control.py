from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from asking import elium_app, graph_of

from tools.manual.parity import witness

if TYPE_CHECKING:
    from emulator import Emulator


@pytest.fixture
async def job(emulator: Emulator) -> str:
    """Start provisioning for the whole company, and give the job's id."""
    tenant = emulator.seed.elium[0]
    async with graph_of(emulator) as graph:
        principal = (await elium_app(graph))["servicePrincipal"]["id"]
        at = f"/servicePrincipals/{principal}/synchronization"
        made = (await graph.post(f"{at}/jobs", json={"templateId": "elium"})).json()["id"]
        pairs = {
            "BaseAddress": f"{emulator.origin}/elium/{tenant.name}/scim/v2",
            "SecretToken": tenant.token,
            "SyncAll": "true",
        }
        await graph.put(f"{at}/secrets", json={"value": [{"key": key, "value": value} for key, value in pairs.items()]})
        await graph.post(f"{at}/jobs/{made}/start")
    return str(made)


async def state(http: httpx2.AsyncClient) -> dict[str, Any]:
    told: dict[str, Any] = (await http.get("/_emulator/state")).json()
    return told


@witness("GET /_emulator/state", "POST /_emulator/cycles/run")
async def test_what_is_due_runs_on_request(http: httpx2.AsyncClient, job: str) -> None:
    before = await state(http)
    ran = (await http.post("/_emulator/cycles/run")).json()
    after = await state(http)

    assert (before["ready"], before["nextCycle"], ran) == (True, "2026-01-15T09:00:00+00:00", {"cycles": 1})
    assert (after["jobs"][0]["status"]["code"], after["nextCycle"]) == ("Active", "2026-01-15T09:40:00+00:00")
    assert job == after["jobs"][0]["id"]


async def test_the_job_of_an_app_that_was_deleted_is_none(
    emulator: Emulator, http: httpx2.AsyncClient, job: str
) -> None:
    before = (await state(http))["jobs"]
    async with graph_of(emulator) as graph:
        await graph.delete(f"/servicePrincipals/{before[0]['servicePrincipalId']}")

    after = await state(http)

    assert ([each["id"] for each in before], after["jobs"], after["nextCycle"]) == ([job], [], None)


async def test_one_job_runs_on_request_whether_due_or_not(http: httpx2.AsyncClient, job: str) -> None:
    ran = [await http.post("/_emulator/cycles/run", json={"jobId": name}) for name in (job, job, "unknown")]

    assert [answer.status_code for answer in ran] == [200, 200, 404]


@witness("POST /_emulator/clock/advance", "A cycle runs at the moment when it is due, also when weeks pass at once")
async def test_cycles_run_while_time_passes(http: httpx2.AsyncClient, job: str) -> None:
    answer = (await http.post("/_emulator/clock/advance", json={"by": "P1D"})).json()
    last = (await state(http))["jobs"][0]["status"]["lastExecution"]

    assert answer == {"time": "2026-01-16T09:00:00+00:00", "cycles": 37}
    assert last["timeBegan"] == "2026-01-16T09:00:00Z"
    assert job


async def test_time_cannot_be_moved_by_nonsense(http: httpx2.AsyncClient) -> None:
    bodies: list[Any] = [{"by": "soon"}, {}, [], None]
    answers = [await http.post("/_emulator/clock/advance", json=body) for body in bodies]
    broken = await http.post("/_emulator/clock/advance", content=b"{")

    assert [answer.status_code for answer in (*answers, broken)] == [400] * 5


@witness("GET /_emulator/requests", "DELETE /_emulator/requests")
async def test_what_was_asked_is_listed_by_face_and_without_secrets(
    emulator: Emulator, http: httpx2.AsyncClient, job: str
) -> None:
    await http.post("/_emulator/cycles/run", json={"jobId": job})
    await http.get("/metadata/endpoints?api-version=2022-09-01")
    every = await http.get("/_emulator/requests")
    scim = (await http.get("/_emulator/requests?face=scim")).json()["value"]
    await http.delete("/_emulator/requests")

    assert {"graph", "scim", "metadata"} == {one["face"] for one in every.json()["value"]}
    assert scim[0]["path"].startswith("/elium/contoso/scim/v2/Users")
    assert str(emulator.seed.elium[0].token) not in every.text
    assert (await http.get("/_emulator/requests")).json()["value"] == []


async def test_the_job_of_an_app_that_is_deleted_sends_nothing(
    emulator: Emulator, http: httpx2.AsyncClient, job: str
) -> None:
    await http.post("/_emulator/cycles/run", json={"jobId": job})
    async with graph_of(emulator) as graph:
        principal = emulator.entra.jobs()[0].service_principal_id
        await graph.delete(f"/servicePrincipals/{principal}")
        binned = await http.post("/_emulator/cycles/run", json={"jobId": job})
        await graph.delete(f"/directory/deletedItems/{principal}")
    purged = await http.post("/_emulator/cycles/run", json={"jobId": job})

    assert (binned.status_code, purged.status_code) == (409, 404)
    assert (await state(http))["jobs"] == []
    assert all(account["active"] for account in emulator.elium.tenant("contoso").users)


@witness("POST /_emulator/reset")
async def test_a_reset_goes_back_to_the_seed(emulator: Emulator, http: httpx2.AsyncClient, job: str) -> None:
    await http.post("/_emulator/cycles/run", json={"jobId": job})
    await http.post("/_emulator/reset")

    assert (await state(http))["jobs"] == []
    assert emulator.elium.tenant("contoso").users == []


async def test_the_control_interface_answers_on_loopback_only(emulator: Emulator) -> None:
    transport = httpx2.ASGITransport(emulator.app, client=("192.0.2.1", 1))
    async with httpx2.AsyncClient(transport=transport, base_url=emulator.origin) as http:
        answers = [
            await http.request(method, f"/_emulator/{path}")
            for method, path in (("GET", "state"), ("GET", "requests"), ("POST", "reset"), ("POST", "cycles/run"))
        ]

    assert [answer.status_code for answer in answers] == [403] * 4


@witness("GET /_emulator/outbox", "DELETE /_emulator/outbox")
async def test_the_outbox_is_read_and_emptied(emulator: Emulator, http: httpx2.AsyncClient, job: str) -> None:
    async with graph_of(emulator) as graph:
        at = f"/servicePrincipals/{emulator.entra.jobs()[0].service_principal_id}/synchronization/secrets"
        settings = {"key": "SyncNotificationSettings", "value": '{"Enabled":true,"Recipients":"ops@contoso.com"}'}
        address = {"key": "BaseAddress", "value": f"{emulator.origin}/elium/contoso/scim/v2"}
        await graph.put(at, json={"value": [address, settings]})
    await http.post("/_emulator/cycles/run", json={"jobId": job})
    told = (await http.get("/_emulator/outbox")).json()["value"]
    await http.delete("/_emulator/outbox")

    assert [mail["to"] for mail in told] == [["ops@contoso.com"]]
    assert (await http.get("/_emulator/outbox")).json()["value"] == []


async def test_a_face_that_there_is_not_has_no_requests_and_is_told(http: httpx2.AsyncClient) -> None:
    refused = await http.get("/_emulator/requests?face=grahp")

    assert refused.status_code == 400
    assert "graph, login, metadata, scim, vault" in refused.json()["error"]["message"]


@witness("GET /_emulator/changes")
async def test_who_waits_for_a_change_is_answered_when_there_is_one(
    emulator: Emulator, http: httpx2.AsyncClient
) -> None:
    before = (await http.get("/_emulator/changes")).json()
    async with graph_of(emulator) as graph, asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(http.get(f"/_emulator/changes?since={before['number']}"))
        ada = (await graph.get("/users/ada.byron@contoso.com")).json()["id"]
        await graph.patch(f"/users/{ada}", json={"jobTitle": "Analyst"})
    told = waiting.result().json()

    assert (told["number"], told["journal"]) == (before["number"] + 1, before["journal"] + 1)
    assert (before["people"], told["people"]) == ([], [ada])


async def test_who_has_seen_another_number_is_answered_at_once(http: httpx2.AsyncClient) -> None:
    assert (await http.get("/_emulator/changes?since=999")).json() == (await http.get("/_emulator/changes")).json()


@pytest.mark.parametrize(
    ("path", "body"), [("/clock/advance", {"by": "PT1M"}), ("/cycles/run", {}), ("/faults", {"status": 500})]
)
async def test_time_cycles_and_moods_are_changes(http: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> None:
    before = (await http.get("/_emulator/changes")).json()["number"]
    await http.post(f"/_emulator{path}", json=body)

    assert (await http.get(f"/_emulator/changes?since={before}")).json()["number"] > before
