"""Relations inside of objects (Learn: query-parameters#expand)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asking import elium_job, named

from emulator.company.store import Kind

if TYPE_CHECKING:
    import httpx2

    from emulator import Emulator

ALAN = "/users/alan.turing@contoso.com"
ADA = "/users/ada.byron@contoso.com"


async def expanded(graph: httpx2.AsyncClient, path: str, text: str) -> Any:
    answer = await graph.get(path, params={"$expand": text})
    assert answer.status_code == 200, answer.text
    return answer.json()[text.partition("(")[0]]


async def test_who_is_assigned_is_shown_inside_a_service_principal(
    emulator: Emulator, graph: httpx2.AsyncClient
) -> None:
    principal = (await elium_job(emulator, graph)).split("/")[2]

    (assignment,) = await expanded(graph, f"/servicePrincipals/{principal}", "appRoleAssignedTo")

    assert (assignment["principalDisplayName"], assignment["resourceId"]) == ("Elium users", principal)
    group = named(emulator, Kind.GROUP, "Elium users").id
    held = await expanded(graph, f"/groups/{group}", "appRoleAssignments($select=appRoleId)")
    assert held == [{"appRoleId": assignment["appRoleId"]}]


async def test_reports_and_nested_groups_are_shown(graph: httpx2.AsyncClient) -> None:
    reports = await expanded(graph, ADA, "directReports($select=displayName)")
    above = await expanded(graph, "/users/john.backus@contoso.com", "transitiveMemberOf($select=displayName)")

    assert {"Alan Turing", "Edsger Dijkstra"} <= {one["displayName"] for one in reports}
    assert "Engineering" in {one["displayName"] for one in above}


async def test_the_chain_of_managers_goes_up_to_the_top(graph: httpx2.AsyncClient) -> None:
    manager = await expanded(graph, ALAN, "manager($levels=max;$select=id,displayName)")

    assert (manager["displayName"], manager["manager"]["displayName"]) == ("Ada Byron", "Grace Hopper")
    assert "manager" not in manager["manager"]


async def test_one_level_shows_one_manager(graph: httpx2.AsyncClient) -> None:
    assert "manager" not in await expanded(graph, ALAN, "manager($levels=1)")


async def test_levels_are_for_one_user_only(graph: httpx2.AsyncClient) -> None:
    assert (await graph.get("/users?$expand=manager($levels=max)")).status_code == 400


async def test_an_asterisk_stands_for_every_relation(graph: httpx2.AsyncClient) -> None:
    found = (await graph.get(f"{ADA}?$expand=*")).json()

    relations = {"manager", "directReports", "memberOf", "transitiveMemberOf", "appRoleAssignments"}
    assert relations <= found.keys()


async def test_related_objects_are_filtered_and_cut(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    group = f"/groups/{named(emulator, Kind.GROUP, 'Elium users').id}"

    one = await expanded(graph, group, "members($top=1)")
    found = await expanded(graph, group, "members($filter=displayName eq 'Ada Byron';$select=displayName)")

    assert len(one) == 1
    assert [each["displayName"] for each in found] == ["Ada Byron"]


async def test_members_of_two_kinds_show_what_each_has(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    group = f"/groups/{named(emulator, Kind.GROUP, 'Engineering').id}"

    members = await expanded(graph, group, "members($select=displayName,userPrincipalName)")

    assert {"displayName"} in [set(each) - {"@odata.type"} for each in members]


@pytest.mark.parametrize(
    "text",
    [
        "shoes",
        "manager(",
        "manager)",
        "manager($select)",
        "manager($search=x)",
        "manager($levels=0)",
        "manager($levels=x)",
        "memberOf($levels=2)",
        "memberOf($top=x)",
        "memberOf($filter=displayName eq)",
        "manager($select=shoeSize)",
        "manager,,memberOf",
        "a b",
        "'",
        "(" * 10_000,
    ],
)
async def test_what_makes_no_sense_is_refused(graph: httpx2.AsyncClient, text: str) -> None:
    assert (await graph.get(ADA, params={"$expand": text})).status_code == 400


async def test_a_wrong_relation_is_refused_for_an_empty_list_too(graph: httpx2.AsyncClient) -> None:
    query = {"$filter": "displayName eq 'Nobody'", "$expand": "shoes"}

    assert (await graph.get("/users", params=query)).status_code == 400
