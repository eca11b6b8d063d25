from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from asking import elium_app, named

from emulator.company.store import Kind
from emulator.moods.replication import Lag
from tools.manual.parity import witness

if TYPE_CHECKING:
    import httpx2

    from emulator import Emulator


@witness("A new object answers 404 and is missing in lists until it has been replicated")
async def test_a_new_object_arrives_after_some_reads_and_lists(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    emulator.entra.replication.set(Lag(reads=2, lists=1))
    pair = await elium_app(graph)
    path = f"/applications/{pair['application']['id']}"
    reads = [(await graph.get(path)).status_code for _ in range(3)]
    condition = {"$filter": f"appId eq '{pair['application']['appId']}'"}
    lists = [len((await graph.get("/servicePrincipals", params=condition)).json()["value"]) for _ in range(2)]

    assert (reads, lists) == ([404, 404, 200], [0, 1])


async def test_jobs_and_assignments_lag_behind_too(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    principal = (await elium_app(graph))["servicePrincipal"]
    emulator.entra.replication.set(Lag(reads=1, lists=1))
    at = f"/servicePrincipals/{principal['id']}"
    job = (await graph.post(f"{at}/synchronization/jobs", json={"templateId": "elium"})).json()["id"]
    body = {"principalId": named(emulator, Kind.GROUP, "Guests").id, "resourceId": principal["id"]}
    made = await graph.post(f"{at}/appRoleAssignedTo", json={**body, "appRoleId": principal["appRoles"][0]["id"]})
    paths = (f"{at}/synchronization/jobs/{job}", f"{at}/appRoleAssignedTo/{made.json()['id']}")

    for path in paths:
        assert [(await graph.get(path)).status_code for _ in range(2)] == [404, 200]
    for path in paths:
        folder = path.rpartition("/")[0]
        assert [len((await graph.get(folder)).json()["value"]) for _ in range(2)] == [0, 1]


async def test_a_new_group_cannot_be_assigned_before_it_has_arrived(
    emulator: Emulator, graph: httpx2.AsyncClient
) -> None:
    principal = (await elium_app(graph))["servicePrincipal"]
    emulator.entra.replication.set(Lag(reads=1, lists=0))
    new = {"displayName": "New", "mailNickname": "new", "mailEnabled": False, "securityEnabled": True}
    group = (await graph.post("/groups", json=new)).json()["id"]
    body = {"principalId": group, "resourceId": principal["id"], "appRoleId": principal["appRoles"][0]["id"]}
    path = f"/servicePrincipals/{principal['id']}/appRoleAssignedTo"
    refused = await graph.post(path, json=body)
    await graph.get(f"/groups/{group}")

    assert refused.json()["error"]["message"] == "Not a valid reference update."
    assert (await graph.post(path, json=body)).status_code == 201


async def test_a_new_object_may_lag_by_the_companys_clock(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    emulator.entra.replication.set(Lag(seconds=30))
    pair = await elium_app(graph)
    path = f"/applications/{pair['application']['id']}"
    condition = {"$filter": f"appId eq '{pair['application']['appId']}'"}

    async def seen() -> tuple[int, int]:
        listed = (await graph.get("/applications", params=condition)).json()["value"]
        return (await graph.get(path)).status_code, len(listed)

    early = await seen()
    await emulator.advance(timedelta(seconds=29))
    still = await seen()
    await emulator.advance(timedelta(seconds=1))

    assert (early, still, await seen()) == ((404, 0), (404, 0), (200, 1))
