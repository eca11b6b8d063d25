from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.moods.quotas import Quotas
from tools.manual.parity import witness

if TYPE_CHECKING:
    import httpx2

    from emulator import Emulator

ADA = "/users/ada.byron@contoso.com"
JSON = {"Content-Type": "application/json"}


async def run(graph: httpx2.AsyncClient, *requests: dict[str, Any]) -> dict[str, dict[str, Any]]:
    answer = await graph.post("/$batch", json={"requests": list(requests)})
    return {response["id"]: response for response in answer.json()["responses"]}


@witness("POST /$batch")
async def test_each_request_is_answered_for_itself(graph: httpx2.AsyncClient) -> None:
    found = await run(
        graph,
        {"id": "1", "method": "GET", "url": f"{ADA}?$select=displayName"},
        {"id": "2", "method": "GET", "url": "users/nobody"},
        {"id": "3", "method": "PATCH", "url": ADA, "headers": JSON, "body": {"department": "Research"}},
        {"id": "4", "method": "GET", "url": "/users/$count", "headers": {"ConsistencyLevel": "eventual"}},
    )

    assert {name: one["status"] for name, one in found.items()} == {"1": 200, "2": 404, "3": 204, "4": 200}
    assert found["1"]["body"]["displayName"] == "Ada Byron"
    assert (found["4"]["body"], "body" in found["3"]) == ("MjU=", False)


@witness("A request of a batch waits for the one it depends on and fails with 424 when that one failed")
async def test_dependencies_are_waited_for(graph: httpx2.AsyncClient) -> None:
    rename = {"method": "PATCH", "url": ADA, "headers": JSON, "body": {"department": "Research"}}
    found = await run(
        graph,
        {"id": "read", "method": "GET", "url": f"{ADA}?$select=department", "dependsOn": ["Write"]},
        {"id": "write", **rename},
        {"id": "fails", "method": "GET", "url": "/users/nobody"},
        {"id": "waits", "method": "GET", "url": ADA, "dependsOn": ["fails"]},
        {"id": "waits too", "method": "GET", "url": ADA, "dependsOn": ["waits"]},
    )

    assert found["read"]["body"]["department"] == "Research"
    assert tuple(found[name]["status"] for name in ("fails", "waits", "waits too")) == (404, 424, 424)


async def test_a_request_of_a_batch_is_throttled_for_itself(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    emulator.entra.throttle.set(Quotas(units=3))
    found = await run(graph, *({"id": str(number), "method": "GET", "url": ADA} for number in range(3)))

    assert [one["status"] for one in found.values()] == [200, 200, 429]
    assert int(found["2"]["headers"]["Retry-After"]) > 0


async def test_a_body_needs_its_content_type(graph: httpx2.AsyncClient) -> None:
    write = {"id": "1", "method": "PATCH", "url": ADA, "body": {}}

    refused = await graph.post("/$batch", json={"requests": [{"id": "2", "method": "GET", "url": ADA}, write]})

    assert refused.status_code == 400
    message = refused.json()["error"]["message"]
    assert message == "Write request id : 1 does not contain Content-Type header or body."


async def test_a_body_may_be_something_else_than_json(graph: httpx2.AsyncClient) -> None:
    application = (await graph.post("/applications", json={"displayName": "x"})).json()["id"]
    logo = {"method": "PUT", "url": f"/applications/{application}/logo", "headers": {"Content-Type": "image/png"}}
    found = await run(graph, {"id": "1", **logo, "body": "iVBORw=="})

    assert found["1"]["status"] == 204


async def test_a_batch_is_not_put_into_a_batch(graph: httpx2.AsyncClient) -> None:
    found = await run(graph, {"id": "1", "method": "POST", "url": "/$batch", "headers": JSON, "body": {"requests": []}})

    assert found["1"]["status"] == 400


async def test_a_malformed_batch_is_refused_as_a_whole(graph: httpx2.AsyncClient) -> None:
    get: dict[str, Any] = {"method": "GET", "url": ADA}
    for requests in (
        [],
        "x",
        [{"id": "1", "method": "GET"}],
        [{"id": "1", "method": "GET", "url": "https://graph.microsoft.com/v1.0/users"}],
        [{"id": "a", **get}, {"id": "A", **get}],
        [{"id": str(number), **get} for number in range(21)],
        [{"id": "1", "dependsOn": ["9"], **get}],
        [{"id": "1", "dependsOn": 9, **get}],
        [{"id": "1", "headers": "x", **get}],
        [{"id": "1", "method": "POST", "url": "/users", "headers": {"Content-Type": "image/png"}, "body": "!"}],
        [{"id": "1", "dependsOn": ["2"], **get}, {"id": "2", "dependsOn": ["1"], **get}],
    ):
        assert (await graph.post("/$batch", json={"requests": requests})).status_code == 400
