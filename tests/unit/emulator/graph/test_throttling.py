from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emulator.moods.quotas import Quotas, units_for
from tools.manual.parity import witness

if TYPE_CHECKING:
    import httpx2

    from emulator import Emulator

ADA = "/users/ada.byron@contoso.com"


def throttled(emulator: Emulator, **quotas: int) -> list[float]:
    """Count from now on, in a time that the test moves."""
    now = [1000.0]
    emulator.entra.wall = lambda: now[0]
    emulator.entra.throttle.set(Quotas(**quotas))
    return now


async def cost(graph: httpx2.AsyncClient, path: str) -> str:
    return str((await graph.get(path)).headers["x-ms-resource-unit"])


async def test_nothing_is_counted_until_it_is_switched_on(graph: httpx2.AsyncClient) -> None:
    assert "x-ms-resource-unit" not in (await graph.get(ADA)).headers


@witness("Requests are counted in resource units and writes, and refused with 429 and Retry-After beyond the quota")
async def test_beyond_the_quota_requests_are_refused_until_the_bucket_fills(
    emulator: Emulator, graph: httpx2.AsyncClient
) -> None:
    now = throttled(emulator, units=4)
    answers = [await graph.get(ADA) for _ in range(5)]
    refused = answers[4]
    now[0] += int(refused.headers["retry-after"])

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert (refused.json()["error"]["code"], refused.headers["retry-after"]) == ("TooManyRequests", "3")
    assert refused.headers["x-ms-throttle-information"] == "ResourceUnitLimitExceeded"
    assert refused.headers["x-ms-throttle-scope"].startswith("Tenant_Application/ReadWrite/")
    assert (await graph.get(ADA)).status_code == 429
    now[0] += 10
    assert (await graph.get(ADA)).status_code == 200


async def test_from_eighty_percent_on_the_share_is_told(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    throttled(emulator, units=5)
    told = [(await graph.get(ADA)).headers.get("x-ms-throttle-limit-percentage") for _ in range(6)]

    assert told == [None, None, None, "0.8", "1.0", "1.2"]


async def test_writes_have_a_quota_of_their_own(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    throttled(emulator, writes=1)
    answers = [await graph.patch(ADA, json={"jobTitle": "x"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 429]
    assert (
        answers[1].headers["x-ms-throttle-information"],
        answers[1].headers["retry-after"],
    ) == ("WriteLimitExceeded", "150")


async def test_reports_are_asked_five_times_in_ten_seconds(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    throttled(emulator)
    answers = [await graph.get("/auditLogs/provisioning") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]


async def test_a_request_costs_what_is_documented(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    throttled(emulator)
    group = (await graph.get("/groups")).json()["value"][0]["id"]

    assert [
        await cost(graph, path)
        for path in ("/users", "/users?$select=id", "/users?$select=id&$top=5", "/users?$expand=manager")
    ] == ["2", "1", "1", "3"]
    assert [
        await cost(graph, path) for path in (f"/groups/{group}/members", f"/groups/{group}/transitiveMembers", ADA)
    ] == ["3", "5", "1"]


async def test_synchronization_is_not_counted(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    throttled(emulator)

    assert "x-ms-resource-unit" not in (await graph.get("/servicePrincipals/x/synchronization/jobs")).headers


@pytest.mark.parametrize(("people", "expected"), [(49, 3500), (50, 5000), (500, 5000), (501, 8000)])
def test_the_quota_goes_by_the_size_of_the_tenant(people: int, expected: int) -> None:
    assert expected == units_for(people)
