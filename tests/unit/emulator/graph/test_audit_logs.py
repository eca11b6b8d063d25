from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from asking import elium_job, graph_of

from emulator.engine.entry import Entry, Run
from tools.manual.parity import witness

if TYPE_CHECKING:
    import httpx2

    from emulator import Emulator

LOG = "/auditLogs/provisioning"


@pytest.fixture
async def job(emulator: Emulator, graph: httpx2.AsyncClient) -> str:
    """Let everybody of "Elium users" appear at Elium, and give the job's id."""
    at = await elium_job(emulator, graph)
    await emulator.run_due()
    return at.rpartition("/")[2]


def an_entry(number: int, job: str) -> Entry:
    moment = datetime(2026, 2, 1, tzinfo=UTC) + timedelta(seconds=number)
    run = Run("00000000-0000-0000-0000-000000000001", job)
    return Entry(run, moment, "User", f"id-{number}", f"name-{number}", f"Name {number}")


async def entries(graph: httpx2.AsyncClient, **options: str) -> list[dict[str, Any]]:
    answer = await graph.get(LOG, params={f"${name}": value for name, value in options.items()})
    found: list[dict[str, Any]] = answer.json()["value"]
    return found


@witness("GET /auditLogs/provisioning", "GET /auditLogs/provisioning/{entry}")
async def test_the_log_is_filtered_by_job_and_action(graph: httpx2.AsyncClient, job: str) -> None:
    created = await entries(graph, filter=f"jobId eq '{job}' and provisioningAction eq 'create'")
    ada = await entries(graph, filter="sourceIdentity/displayName eq 'Ada Byron'", top="1")
    one = await graph.get(f"{LOG}/{ada[0]['id']}")

    assert {"User", "Group"} == {entry["sourceIdentity"]["identityType"] for entry in created}
    assert (ada[0]["changeId"], 200) == (one.json()["changeId"], one.status_code)
    assert (await graph.get(f"{LOG}/unknown")).status_code == 404


async def test_filters_of_the_log_mind_the_case(graph: httpx2.AsyncClient, job: str) -> None:
    assert job
    assert await entries(graph, filter="sourceIdentity/displayName eq 'ada byron'") == []
    assert await entries(graph, filter="contains(tolower(sourceIdentity/displayName),'ada byron')")


async def test_the_log_comes_in_pages(graph: httpx2.AsyncClient, job: str) -> None:
    first = (await graph.get(f"{LOG}?$top=5&$orderby=activityDateTime desc")).json()
    second = (await graph.get(first["@odata.nextLink"])).json()

    assert job
    assert {entry["id"] for entry in first["value"]}.isdisjoint({entry["id"] for entry in second["value"]})


@pytest.mark.parametrize(("direction", "first"), [("desc", "id-99999"), ("", "id-0"), ("asc", "id-0")])
async def test_a_page_of_a_long_log_in_order_of_time_costs_a_page(
    emulator: Emulator, graph: httpx2.AsyncClient, job: str, monkeypatch: pytest.MonkeyPatch, direction: str, first: str
) -> None:
    archive = emulator.entra.service.log(emulator.world.tenant(emulator.seed.tenant.id)).archive
    archive.drop_before(emulator.clock.now() + timedelta(days=1))
    for number in range(100_000):
        archive.append(an_entry(number, job))
    unpacked = 0

    def counted(*row: Any) -> Entry:
        nonlocal unpacked
        unpacked += 1
        return Entry(*row)

    monkeypatch.setattr("emulator.engine.archive.Entry", counted)
    page = (await graph.get(f"{LOG}?$top=100&$orderby=activityDateTime {direction}")).json()["value"]

    assert (page[0]["sourceIdentity"]["id"], len(page)) == (first, 100)
    assert unpacked <= 2_000, "the thousand that the page is in, and the oldest thousand"


@pytest.mark.parametrize("name", ["sourceIdentity/displayName", "sourceidentity/displayname"])
async def test_the_log_is_ordered_by_what_is_below_a_property(graph: httpx2.AsyncClient, job: str, name: str) -> None:
    names = [entry["sourceIdentity"]["displayName"] for entry in await entries(graph, orderby=name)]

    assert job
    assert len(set(names)) > 2
    assert names == sorted(names, key=str.casefold)


async def test_numbers_are_ordered_as_numbers(graph: httpx2.AsyncClient, emulator: Emulator, job: str) -> None:
    archive = emulator.entra.service.log(emulator.world.tenant(emulator.seed.tenant.id)).archive
    for duration in (9_000, 100_000, 20_000):
        entry = an_entry(duration, job)
        entry.duration = duration
        archive.append(entry)
    longest = await entries(graph, orderby="durationInMilliseconds desc", top="3")

    assert [entry["durationInMilliseconds"] for entry in longest] == [100_000, 20_000, 9_000]


async def test_entries_that_were_logged_late_are_sorted_all_the_same(
    emulator: Emulator, graph: httpx2.AsyncClient, job: str
) -> None:
    archive = emulator.entra.service.log(emulator.world.tenant(emulator.seed.tenant.id)).archive
    for number in (2_000, 3_000, 1_000):
        archive.append(an_entry(number, job))
    page = (await graph.get(f"{LOG}?$top=3&$orderby=activityDateTime desc")).json()["value"]

    assert [entry["sourceIdentity"]["id"] for entry in page] == ["id-3000", "id-2000", "id-1000"]


@witness("GET /auditLogs/directoryAudits", "GET /auditLogs/directoryAudits/{entry}")
async def test_changes_of_configuration_are_in_the_directorys_log(graph: httpx2.AsyncClient, job: str) -> None:
    found = (await graph.get("/auditLogs/directoryAudits")).json()["value"]
    one = await graph.get(f"/auditLogs/directoryAudits/{found[0]['id']}")

    assert job
    assert {
        "Add provisioning configuration",
        "Update provisioning setting or credentials",
        "Enable/start provisioning configuration",
    } == {entry["activityDisplayName"] for entry in found}
    assert (found[0]["initiatedBy"]["app"]["displayName"], one.status_code) == ("elium-deployer", 200)


async def test_both_permissions_are_needed_for_the_log(emulator: Emulator) -> None:
    async with graph_of(emulator, "elium-reader") as reader, graph_of(emulator, "elium-owner") as owner:
        assert ((await reader.get(LOG)).status_code, (await owner.get(LOG)).status_code) == (200, 403)


async def test_the_log_is_walked_from_the_newest_to_the_oldest(
    emulator: Emulator, graph: httpx2.AsyncClient, job: str
) -> None:
    tenant = emulator.world.tenant(emulator.seed.tenant.id)
    kept = [entry["id"] for entry in emulator.entra.service.log(tenant)]
    walked, link = [], f"{LOG}?$top=4&$select=provisioningAction"
    while link:
        page = (await graph.get(link)).json()
        walked += page["value"]
        link = page.get("@odata.nextLink")

    assert job
    assert [entry["id"] for entry in walked] == kept[::-1]
    assert {name for entry in walked for name in entry} == {"id", "provisioningAction"}


async def test_switching_a_job_off_is_in_the_directorys_log(
    emulator: Emulator, graph: httpx2.AsyncClient, job: str
) -> None:
    principal = emulator.entra.job_called(job).service_principal_id
    at = f"/servicePrincipals/{principal}/synchronization/jobs/{job}"
    await graph.post(f"{at}/pause")
    await graph.post(f"{at}/restart")
    found = (await graph.get("/auditLogs/directoryAudits")).json()["value"]

    assert {"Disable/pause provisioning configuration", "Enable/restart provisioning configuration"} <= {
        entry["activityDisplayName"] for entry in found
    }
