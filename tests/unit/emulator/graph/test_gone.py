"""What is gone is 404 when it is deleted again, as for every client that wants to repeat a removal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from asking import elium_job, named

from emulator.company.store import Kind

if TYPE_CHECKING:
    import httpx2

    from emulator import Emulator


async def twice(graph: httpx2.AsyncClient, path: str) -> tuple[int, int]:
    return (await graph.delete(path)).status_code, (await graph.delete(path)).status_code


@pytest.mark.parametrize(("kind", "name"), [(Kind.USER, "Ada Byron"), (Kind.GROUP, "Elium users")])
async def test_users_and_groups(emulator: Emulator, graph: httpx2.AsyncClient, kind: Kind, name: str) -> None:
    assert await twice(graph, f"/{kind.value}s/{named(emulator, kind, name).id}") == (204, 404)


async def test_jobs_assignments_service_principals_and_applications(
    emulator: Emulator, graph: httpx2.AsyncClient
) -> None:
    job = await elium_job(emulator, graph)
    principal = f"/servicePrincipals/{job.split('/')[2]}"
    assignment = (await graph.get(f"{principal}/appRoleAssignedTo")).json()["value"][0]["id"]
    app = (await graph.get(principal)).json()["appId"]

    assert await twice(graph, job) == (204, 404)
    assert await twice(graph, f"{principal}/appRoleAssignedTo/{assignment}") == (204, 404)
    assert await twice(graph, principal) == (204, 404)
    assert await twice(graph, f"/applications(appId='{app}')") == (204, 404)


async def test_memberships_and_managers(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    group, ada = named(emulator, Kind.GROUP, "Elium users").id, named(emulator, Kind.USER, "Ada Byron").id

    assert await twice(graph, f"/groups/{group}/members/{ada}/$ref") == (204, 404)
    assert await twice(graph, f"/users/{ada}/manager/$ref") == (204, 404)
