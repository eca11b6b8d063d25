from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from asking import elium_job, graph_of

from tools.manual.parity import witness

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx2

    from emulator import Emulator


ACCOUNTS = "/_emulator/elium/contoso/accounts"
REQUESTS = "/_emulator/elium/contoso/requests"


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
    assert (await http.get(at)).json()["value"] == [{"number": number, "enabled": True} for number in ("1", "2")]

    await http.delete(f"{at}/1")

    assert (await graph.post(f"{job}/validateCredentials", json=new)).status_code == 204
    assert (await graph.post(f"{job}/validateCredentials", json={"useSavedCredentials": True})).status_code == 400


async def test_a_token_that_is_gone_cannot_be_revoked_again(http: httpx2.AsyncClient) -> None:
    assert (await http.delete("/_emulator/elium/contoso/tokens/7")).status_code == 404


async def test_a_reset_brings_back_the_first_token_alone(http: httpx2.AsyncClient) -> None:
    await http.post("/_emulator/elium/contoso/tokens")
    await http.delete("/_emulator/elium/contoso/tokens/1")

    await http.post("/_emulator/reset")

    assert (await http.get("/_emulator/elium/contoso/tokens")).json()["value"] == [{"number": "1", "enabled": True}]


@witness("PATCH /_emulator/elium/{tenant}/tokens/{number}")
async def test_a_token_that_was_switched_off_comes_back(
    emulator: Emulator, http: httpx2.AsyncClient, graph: httpx2.AsyncClient
) -> None:
    job = await elium_job(emulator, graph)
    seen = []
    for enabled in (False, True):
        await http.patch("/_emulator/elium/contoso/tokens/1", json={"enabled": enabled})
        seen.append((await graph.post(f"{job}/validateCredentials", json={"useSavedCredentials": True})).status_code)

    assert seen == [400, 204]


@witness("GET /_emulator/elium/{tenant}/faults")
async def test_faults_at_elium_are_listed_as_they_can_be_set_again(http: httpx2.AsyncClient) -> None:
    at = "/_emulator/elium/contoso/faults"
    await http.post(at, json={"status": 429, "times": None, "retry_after": "60"})
    told = (await http.get(at)).json()["value"]
    await http.delete(at)
    again = await http.post(at, json={"value": told})

    assert (again.status_code, (await http.get(at)).json()["value"]) == (201, told)
    assert (told[0]["status"], told[0]["times"], told[0]["retry_after"]) == (429, None, "60")


@witness("GET /_emulator/elium/{tenant}/accounts")
async def test_accounts_are_shown_page_by_page_the_one_changed_last_first(
    emulator: Emulator, http: httpx2.AsyncClient, graph: httpx2.AsyncClient
) -> None:
    await elium_job(emulator, graph)
    await emulator.run_due()
    await graph.patch("/users/edsger.dijkstra@contoso.com", json={"jobTitle": "Writer"})
    await emulator.advance(timedelta(minutes=40))

    async def page(query: str) -> list[str]:
        return [one["userName"] for one in (await http.get(f"{ACCOUNTS}?{query}")).json()["value"]]

    whole = await page("")
    assert whole[0] == "edsger.dijkstra@contoso.com"
    assert await page("skip=2&top=3") == whole[2:5]
    assert await page("search=DIJK") == whole[:1]
    assert (await http.get(ACCOUNTS)).json()["count"] == len(whole)


async def test_what_elium_was_sent_is_read_from_a_number_on(
    emulator: Emulator, http: httpx2.AsyncClient, graph: httpx2.AsyncClient
) -> None:
    await elium_job(emulator, graph)
    await emulator.run_due()

    async def numbers(query: str) -> list[int]:
        return [one["number"] for one in (await http.get(f"{REQUESTS}?{query}")).json()["value"]]

    last = (await http.get(REQUESTS)).json()["last"]
    assert await numbers("") == list(range(1, last + 1))
    assert await numbers(f"after={last - 3}") == [last - 2, last - 1, last]
    assert await numbers(f"before={last}&top=2") == [last - 2, last - 1]
    assert await numbers(f"after={last}") == []


async def test_each_request_at_elium_says_what_it_is_for_and_about_whom(
    emulator: Emulator, http: httpx2.AsyncClient, graph: httpx2.AsyncClient
) -> None:
    await elium_job(emulator, graph)
    await emulator.run_due()
    await graph.patch("/users/alan.turing@contoso.com", json={"accountEnabled": False})
    last = (await http.get(REQUESTS)).json()["last"]
    await emulator.advance(timedelta(minutes=40))
    told = (await http.get(f"{REQUESTS}?after={last}")).json()

    acts = {(one["act"], one["about"]["name"]) for one in told["value"]}
    assert ("disable", "alan.turing@contoso.com") in acts
    assert {"test", "disable"} <= {act for act, _ in acts}
    assert {one["at"] for one in told["value"]} == {"2026-01-15T09:40:00+00:00"}
    assert (told["tally"]["disabled"], told["tally"]["refused"]) == (1, 0)


@pytest.mark.parametrize("query", ["after=x", "before=-1", "top=many"])
async def test_a_number_that_is_none_is_refused(http: httpx2.AsyncClient, query: str) -> None:
    assert (await http.get(f"{REQUESTS}?{query}")).status_code == 400


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
