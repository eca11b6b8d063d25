from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asking import elium_job, graph_of

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
