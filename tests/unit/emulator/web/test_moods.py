from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asking import elium_job, graph_of

from tools.manual.parity import witness

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx2

    from emulator import Emulator


@pytest.fixture
async def graph(emulator: Emulator) -> AsyncIterator[httpx2.AsyncClient]:
    """Open Graph as the deployer."""
    async with graph_of(emulator) as client:
        yield client


@witness("GET /_emulator/faults", "POST /_emulator/faults", "DELETE /_emulator/faults")
async def test_faults_are_set_listed_and_cleared(http: httpx2.AsyncClient, graph: httpx2.AsyncClient) -> None:
    faults = {"value": [{"route": "GET /groups", "status": 500, "times": 2}, {"route": "GET /users", "status": 503}]}
    await http.post("/_emulator/faults", json=faults)
    struck = (await graph.get("/groups")).status_code
    left = [(fault["route"], fault["times"]) for fault in (await http.get("/_emulator/faults")).json()["value"]]
    await http.delete("/_emulator/faults")

    assert (struck, left) == (500, [("GET /groups", 1), ("GET /users", 1)])
    assert (await graph.get("/groups")).status_code == 200


@witness("PUT /_emulator/throttling", "DELETE /_emulator/throttling")
async def test_quotas_are_set_and_lifted(http: httpx2.AsyncClient, graph: httpx2.AsyncClient) -> None:
    await http.put("/_emulator/throttling", json={"units": 1})
    seen = [(await graph.get("/groups?$top=1")).status_code for _ in range(3)]
    await http.delete("/_emulator/throttling")

    assert seen == [200, 429, 429]
    assert (await graph.get("/groups")).status_code == 200


@witness("PUT /_emulator/replication")
async def test_replication_is_slowed_down(http: httpx2.AsyncClient, graph: httpx2.AsyncClient) -> None:
    await http.put("/_emulator/replication", json={"reads": 1, "lists": 1})
    made = (await graph.post("/applications", json={"displayName": "x"})).json()["id"]

    assert [(await graph.get(f"/applications/{made}")).status_code for _ in range(2)] == [404, 200]


@witness("DELETE /_emulator/elium/{tenant}/requests")
async def test_what_elium_was_sent_is_narrowed_and_forgotten(
    emulator: Emulator, http: httpx2.AsyncClient, graph: httpx2.AsyncClient
) -> None:
    await elium_job(emulator, graph)
    await emulator.run_due()
    requests = f"/_emulator/elium/{emulator.seed.elium[0].name}/requests"
    sent = (await http.get(f"{requests}?method=post,put")).json()["value"]
    await http.delete(requests)

    assert {one["method"] for one in sent} == {"POST"}
    assert (await http.get(requests)).json()["value"] == []


@witness("GET /_emulator/elium/{tenant}", "GET /_emulator/elium/{tenant}/requests")
async def test_elium_shows_its_accounts_and_what_it_was_sent(
    emulator: Emulator, http: httpx2.AsyncClient, graph: httpx2.AsyncClient
) -> None:
    await elium_job(emulator, graph)
    await emulator.run_due()
    shown = (await http.get("/_emulator/elium/contoso")).json()
    sent = await http.get("/_emulator/elium/contoso/requests")

    assert "ada.byron@contoso.com" in {account["userName"] for account in shown["users"]}
    assert [group["displayName"] for group in shown["groups"]] == ["Elium users"]
    assert {"GET", "POST", "PATCH"} == {one["method"] for one in sent.json()["value"]}
    assert str(emulator.seed.elium[0].token) not in sent.text


@witness(
    "POST /_emulator/elium/{tenant}/faults",
    "DELETE /_emulator/elium/{tenant}/faults",
    "PUT /_emulator/elium/{tenant}/behaviour",
)
async def test_elium_misbehaves_when_told_to(
    emulator: Emulator, http: httpx2.AsyncClient, graph: httpx2.AsyncClient
) -> None:
    at = await elium_job(emulator, graph)
    await http.post("/_emulator/elium/contoso/faults", json={"status": 401, "times": None})
    refused = await graph.post(f"{at}/validateCredentials", json={"useSavedCredentials": True})
    await http.delete("/_emulator/elium/contoso/faults")
    accepted = await graph.post(f"{at}/validateCredentials", json={"useSavedCredentials": True})
    await http.put("/_emulator/elium/contoso/behaviour", json={"understands_entra": False})

    assert (refused.status_code, accepted.status_code) == (400, 204)
    assert emulator.elium.tenant("contoso").behaviour.understands_entra is False


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("POST", "faults", {"rout": "x"}, 400),
        ("POST", "faults", [1], 400),
        ("PUT", "throttling", {"units_a_day": 1}, 400),
        ("GET", "elium/nobody", None, 404),
        ("POST", "elium/contoso/faults", {"method": "GET"}, 400),
        ("PUT", "elium/contoso/behaviour", {"is_kind": True}, 400),
    ],
)
async def test_moods_that_make_no_sense_are_refused(
    http: httpx2.AsyncClient, method: str, path: str, body: Any, expected: int
) -> None:
    assert expected == (await http.request(method, f"/_emulator/{path}", json=body)).status_code


async def test_a_reset_ends_all_moods(emulator: Emulator, http: httpx2.AsyncClient, graph: httpx2.AsyncClient) -> None:
    await http.post("/_emulator/faults", json={"status": 500, "times": None})
    await http.put("/_emulator/throttling", json={"units": 1})
    await http.put("/_emulator/replication", json={"reads": 9})
    await http.post("/_emulator/reset")

    assert (
        emulator.entra.replication.lag.reads,
        emulator.entra.throttle.quotas,
        [(await graph.get("/groups")).status_code for _ in range(3)],
    ) == (0, None, [200] * 3)


@witness(
    "GET /_emulator/elium/{tenant}/tokens",
    "POST /_emulator/elium/{tenant}/tokens",
    "DELETE /_emulator/elium/{tenant}/tokens/{number}",
)
async def test_a_token_of_elium_is_rotated(
    emulator: Emulator, http: httpx2.AsyncClient, graph: httpx2.AsyncClient
) -> None:
    job = await elium_job(emulator, graph)
    at = "/_emulator/elium/contoso/tokens"
    made = (await http.post(at)).json()

    address = f"{emulator.origin}/elium/contoso/scim/v2"
    pairs = [{"key": "BaseAddress", "value": address}, {"key": "SecretToken", "value": made["token"]}]
    new = {"credentials": pairs}
    assert (await graph.post(f"{job}/validateCredentials", json=new)).status_code == 204
    assert (await graph.post(f"{job}/validateCredentials", json={"useSavedCredentials": True})).status_code == 204
    assert (await http.get(at)).json()["value"] == [{"number": "1"}, {"number": "2"}]

    await http.delete(f"{at}/1")

    assert (await graph.post(f"{job}/validateCredentials", json=new)).status_code == 204
    assert (await graph.post(f"{job}/validateCredentials", json={"useSavedCredentials": True})).status_code == 400


async def test_a_token_that_is_gone_cannot_be_revoked_again(http: httpx2.AsyncClient) -> None:
    assert (await http.delete("/_emulator/elium/contoso/tokens/7")).status_code == 404


async def test_a_reset_brings_back_the_first_token_alone(http: httpx2.AsyncClient) -> None:
    await http.post("/_emulator/elium/contoso/tokens")
    await http.delete("/_emulator/elium/contoso/tokens/1")

    await http.post("/_emulator/reset")

    assert (await http.get("/_emulator/elium/contoso/tokens")).json()["value"] == [{"number": "1"}]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/throttling", {"units": "many"}),
        ("PUT", "/throttling", {"units": 0}),
        ("PUT", "/throttling", {"units_window": -1}),
        ("PUT", "/throttling", {"weather": 1}),
        ("PUT", "/replication", {"reads": "x"}),
        ("PUT", "/replication", {"reads": -1}),
        ("PUT", "/replication", {"seconds": [1]}),
        ("PUT", "/replication", {"weather": 1}),
        ("POST", "/faults", {"value": [{"status": 500}, 5]}),
        ("POST", "/faults", {"delay": "long"}),
        ("PUT", "/elium/contoso/behaviour", {"plain_json": "yes"}),
        ("POST", "/elium/contoso/faults", {"status": "x"}),
        ("POST", "/clock/advance", {"by": "P9999999D"}),
        ("POST", "/clock/advance", {"by": "P99999999999D"}),
        ("POST", "/clock/advance", {"by": ["PT1M"]}),
        ("POST", "/cycles/run", {"jobId": ["x"]}),
        ("PUT", "/snapshot", {"format": 1}),
    ],
)
async def test_what_cannot_be_set_is_refused_and_nothing_changes(
    emulator: Emulator, http: httpx2.AsyncClient, method: str, path: str, body: dict[str, Any]
) -> None:
    before = emulator.clock.now()

    refused = await http.request(method, f"/_emulator{path}", json=body)

    assert refused.status_code in {400, 404}
    assert (emulator.entra.faults.set, emulator.entra.throttle.quotas, emulator.clock.now()) == ([], None, before)
