from __future__ import annotations

import ssl
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from asking import graph_of, token_of

from emulator.moods.faults import Fault
from emulator.web.faulty import Struck

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from emulator import Emulator

ADA = "/users/ada.byron@contoso.com"


@pytest.fixture
async def graph(emulator: Emulator) -> AsyncIterator[httpx2.AsyncClient]:
    """Open Graph as the deployer."""
    async with graph_of(emulator) as client:
        yield client


def set_fault(emulator: Emulator, **what: Any) -> None:
    emulator.entra.faults.add([Fault(**what)])


async def test_a_status_is_answered_instead_and_then_all_is_well(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    set_fault(emulator, route="GET /users/{id}", status=503, code="ServiceUnavailable", retry_after=3)
    first, second = await graph.get(ADA), await graph.get(ADA)

    assert (first.status_code, first.headers["retry-after"], second.status_code) == (503, "3", 200)
    assert first.json()["error"]["code"] == "ServiceUnavailable"


async def test_a_time_to_wait_may_be_a_date(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    emulator.entra.wall = lambda: 1_000_000.0
    set_fault(emulator, status=429, retry_after=60, retry_after_as_date=True)
    answer = await graph.get(ADA)

    assert parsedate_to_datetime(answer.headers["retry-after"]).timestamp() == 1_000_060


async def test_a_request_may_be_carried_out_before_it_fails(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    set_fault(emulator, route="POST /applications", status=504, committed=True)
    answer = await graph.post("/applications", json={"displayName": "Done all the same"})
    found = await graph.get("/applications", params={"$filter": "displayName eq 'Done all the same'"})

    assert (answer.status_code, len(found.json()["value"])) == (504, 1)


@pytest.mark.parametrize(("committed", "expected"), [(False, 0), (True, 1)])
async def test_a_connection_may_be_cut_before_or_after(
    emulator: Emulator, graph: httpx2.AsyncClient, *, committed: bool, expected: int
) -> None:
    set_fault(emulator, route="POST /applications", drop=True, committed=committed)
    with pytest.raises(httpx2.RemoteProtocolError):
        await graph.post("/applications", json={"displayName": "Cut off"})
    found = await graph.get("/applications", params={"$filter": "displayName eq 'Cut off'"})

    assert expected == len(found.json()["value"])


async def test_an_answer_may_be_something_else_than_json(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    seen = {}
    for content in ("html", "empty", "not-json"):
        set_fault(emulator, content=content)
        answer = await graph.get(ADA)
        seen[content] = (answer.status_code, answer.text[:7])

    assert seen == {"html": (200, "<html><"), "empty": (200, ""), "not-json": (200, "{'this'")}


async def test_a_page_may_be_empty_and_still_go_on(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    set_fault(emulator, content="empty-page", times=3)
    first = (await graph.get("/groups?$top=2&$select=id")).json()
    single, empty = await graph.get(ADA), await graph.put(f"{ADA}/manager/$ref", json={"@odata.id": "x/y"})
    second = (await graph.get(first["@odata.nextLink"])).json()

    assert (first["value"], len(second["value"])) == ([], 2)
    assert (single.json()["displayName"], empty.status_code) == ("Ada Byron", 404)


async def test_a_read_may_be_stale(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    set_fault(emulator, route="/users/{id}", times=4, stale=True)
    seen = [(await graph.get(ADA)).json()["jobTitle"]]
    await graph.patch(ADA, json={"jobTitle": "Countess"})
    seen += [(await graph.get(ADA)).json()["jobTitle"] for _ in range(3)]

    assert seen == ["Knowledge Manager", "Knowledge Manager", "Knowledge Manager", "Countess"]


async def test_an_answer_may_take_its_time(emulator: Emulator) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async def app(*_: object) -> None:
        waited.append(0)

    async def nothing(*_: object) -> Any:
        raise AssertionError

    faults = emulator.entra.faults
    await Struck(Fault(delay=2.5), faults, lambda: 0.0, sleep).answer(app, {"type": "http"}, nothing, nothing)

    assert waited == [2.5, 0]


async def test_signing_in_may_fail_too(emulator: Emulator, http: httpx2.AsyncClient) -> None:
    set_fault(emulator, route="POST /{tenant}/oauth2/v2.0/token", status=500)

    assert (await http.post("/contoso.com/oauth2/v2.0/token")).status_code == 500


@pytest.mark.parametrize("what", [{"drop": True}, {"content": "truncated"}], ids=["before", "in the middle"])
def test_a_connection_is_cut_over_a_socket(emulator: Emulator, what: dict[str, Any]) -> None:
    with emulator.serve() as served:
        context = ssl.create_default_context(cafile=served.ca_file)
        headers = {"authorization": f"Bearer {token_of(emulator)}"}
        set_fault(emulator, **what)
        with httpx2.Client(verify=context, base_url=f"{served.origin}/v1.0", headers=headers) as client:
            with pytest.raises((httpx2.RemoteProtocolError, httpx2.ReadError)):
                client.get(ADA)

            assert client.get(ADA).status_code == 200
