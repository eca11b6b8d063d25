from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from emulator.azuread.faults import GraphError, PluginError
from emulator.azuread.graph import BETA, Graph

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2

    GraphWith = Callable[[dict[str, Any]], Graph]


async def test_every_request_carries_the_official_headers(graph_with: GraphWith, sent: list[httpx2.Request]) -> None:
    await graph_with({"GET /v1.0/users/1": {"id": "1"}}).get("/users/1")

    headers = sent[0].headers
    assert headers["Accept"] == "application/json; charset=utf-8; IEEE754Compatible=false"
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert (headers["OData-Version"], headers["OData-MaxVersion"]) == ("4.0", "4.0")
    assert headers["Authorization"].startswith("Bearer head.")


async def test_a_query_is_written_as_go_writes_it(graph_with: GraphWith, sent: list[httpx2.Request]) -> None:
    await graph_with({"GET /v1.0/users?$filter=mail eq 'a'&$select=id,mail": {"value": []}}).list(
        "/users", where="mail eq 'a'", select=["id", "mail"]
    )

    assert sent[0].url.raw_path == b"/v1.0/users?%24filter=mail+eq+%27a%27&%24select=id%2Cmail"


async def test_pages_are_followed_by_their_address(graph_with: GraphWith) -> None:
    graph = graph_with(
        {
            "GET /beta/groups": {
                "value": [{"id": "1"}],
                "@odata.nextLink": "https://localhost:8443/beta/groups?page=2",
            },
            "GET /beta/groups?page=2": {"value": [{"id": "2"}]},
        }
    )

    assert await graph.list("/groups", version=BETA) == [{"id": "1"}, {"id": "2"}]


async def test_a_page_elsewhere_is_not_followed(graph_with: GraphWith) -> None:
    graph = graph_with({"GET /v1.0/users": {"value": [], "@odata.nextLink": "https://graph.microsoft.com/v1.0/users"}})

    with pytest.raises(PluginError, match="loopback addresses only"):
        await graph.list("/users")


async def test_a_refusal_reads_as_the_official_plugin_writes_it(graph_with: GraphWith) -> None:
    with pytest.raises(GraphError) as caught:
        await graph_with({}).get("/users/1")

    assert str(caught.value) == (
        "unexpected status 404 (404 Not Found) with error: Request_ResourceNotFound: Resource does not exist."
    )


async def test_a_refusal_without_an_envelope_has_its_status_alone(graph_with: GraphWith) -> None:
    with pytest.raises(GraphError) as caught:
        await graph_with({"GET /v1.0/users/1": 403}).get("/users/1")

    assert str(caught.value) == "unexpected status 403 (403 Forbidden)"


@pytest.mark.parametrize("status", [408, 424, 429, 500, 503])
async def test_what_may_pass_is_asked_again(graph_with: GraphWith, slept: list[float], status: int) -> None:
    graph = graph_with({"GET /v1.0/users/1": [status, status, {"id": "1"}]})

    assert await graph.get("/users/1") == {"id": "1"}
    assert slept == [0.1, 0.2]


async def test_the_pause_that_graph_asks_for_is_made(graph_with: GraphWith, slept: list[float]) -> None:
    throttled: tuple[int, dict[str, str], dict[str, str]] = (429, {}, {"Retry-After": "60"})

    assert await graph_with({"GET /v1.0/users/1": [throttled, throttled, {"id": "1"}]}).get("/users/1") == {"id": "1"}
    assert slept == [60, 60]


async def test_graph_may_not_ask_for_pauses_for_ever(graph_with: GraphWith, slept: list[float]) -> None:
    with pytest.raises(GraphError, match="429"):
        await graph_with({"GET /v1.0/users/1": (429, {}, {"Retry-After": "60"})}).get("/users/1")
    assert slept == [60] * 5


async def test_what_will_not_pass_is_told_at_once(graph_with: GraphWith, slept: list[float]) -> None:
    with pytest.raises(GraphError, match="501"):
        await graph_with({"GET /v1.0/users/1": 501}).get("/users/1")
    assert slept == []


async def test_patience_ends_with_the_last_refusal(graph_with: GraphWith) -> None:
    with pytest.raises(GraphError, match="unexpected status 503"):
        await graph_with({"GET /v1.0/users/1": 503}).get("/users/1")


async def test_what_does_not_exist_is_found_to_be_nothing(graph_with: GraphWith) -> None:
    assert await graph_with({}).find("/users/1") is None


async def test_what_was_deleted_is_looked_for_until_it_is_gone(graph_with: GraphWith, slept: list[float]) -> None:
    await graph_with({"GET /v1.0/users/1": [{"id": "1"}, {"id": "1"}, 404]}).wait_until_gone("/users/1")

    assert slept == [0.1, 0.2]


async def test_a_deleted_object_that_stays_is_reported(graph_with: GraphWith) -> None:
    with pytest.raises(PluginError, match="Waiting for deletion of /users/1: timed out"):
        await graph_with({"GET /v1.0/users/1": {"id": "1"}}).wait_until_gone("/users/1")


async def test_an_older_envelope_is_understood(graph_with: GraphWith) -> None:
    older = {"error": {"code": "Nope", "message": {"lang": "en", "value": "not so"}}}

    with pytest.raises(GraphError, match="Nope: not so"):
        await graph_with({"GET /v1.0/users/1": (400, older)}).get("/users/1")
