"""Dynamic groups fill themselves, and provisioning follows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from asking import elium_job, graph_of, named

from emulator import Emulator
from emulator.company import seed as seeds
from emulator.company.seed import SeedError
from emulator.company.store import Kind
from emulator.moods.knobs import Knobs
from tools.manual.parity import witness

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx2

    from emulator import Seed

RULE = 'user.department -eq "Sales"'
SALES = {"margaret.hamilton", "joseph.oneill", "soren.kjaer", "zofia.zolty"}
NEW = {
    "displayName": "Ruled",
    "mailNickname": "ruled",
    "mailEnabled": False,
    "securityEnabled": True,
    "groupTypes": ["DynamicMembership"],
    "membershipRule": RULE,
    "membershipRuleProcessingState": "On",
}


@pytest.fixture
async def graph(emulator: Emulator) -> AsyncIterator[httpx2.AsyncClient]:
    """Open Graph as the deployer."""
    async with graph_of(emulator) as client:
        yield client


async def members(graph: httpx2.AsyncClient, group: str) -> set[str]:
    found = (await graph.get(f"/groups/{group}/members?$select=userPrincipalName")).json()["value"]
    return {one["userPrincipalName"].partition("@")[0] for one in found}


async def made(graph: httpx2.AsyncClient, **told: Any) -> str:
    return str((await graph.post("/groups", json={**NEW, **told})).json()["id"])


async def test_the_seeds_dynamic_group_is_filled(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    assert await members(graph, named(emulator, Kind.GROUP, "All of sales").id) == SALES


async def test_a_new_dynamic_group_is_filled_at_once(graph: httpx2.AsyncClient) -> None:
    assert await members(graph, await made(graph)) == SALES


async def test_who_changes_comes_and_goes(graph: httpx2.AsyncClient) -> None:
    group = await made(graph)

    await graph.patch("/users/ada.byron@contoso.com", json={"department": "Sales"})
    await graph.patch("/users/zofia.zolty@contoso.com", json={"department": "Knowledge"})

    assert await members(graph, group) == SALES - {"zofia.zolty"} | {"ada.byron"}


async def test_who_is_hired_comes_and_who_is_restored_comes_back(graph: httpx2.AsyncClient) -> None:
    group = await made(graph)
    person = {"displayName": "Emmy", "mailNickname": "emmy", "userPrincipalName": "emmy@contoso.com"}
    password = {"passwordProfile": {"password": "Hush-hush-1"}, "accountEnabled": True}
    emmy = (await graph.post("/users", json={**person, **password, "department": "Sales"})).json()["id"]
    hired = await members(graph, group)
    await graph.delete(f"/users/{emmy}")
    gone = await members(graph, group)
    await graph.post(f"/directory/deletedItems/{emmy}/restore")

    assert (hired, gone, await members(graph, group)) == (SALES | {"emmy"}, SALES, SALES | {"emmy"})


async def test_another_rule_makes_another_group(graph: httpx2.AsyncClient) -> None:
    group = await made(graph)

    await graph.patch(f"/groups/{group}", json={"membershipRule": 'user.department -eq "Finance"'})

    assert await members(graph, group) == {"charles.babbage", "joan.clarke"}


async def test_a_rule_that_rests_changes_nobody(graph: httpx2.AsyncClient) -> None:
    group = await made(graph)
    await graph.patch(f"/groups/{group}", json={"membershipRuleProcessingState": "Paused"})

    await graph.patch("/users/ada.byron@contoso.com", json={"department": "Sales"})
    resting = await members(graph, group)
    await graph.patch(f"/groups/{group}", json={"membershipRuleProcessingState": "On"})

    assert (resting, await members(graph, group)) == (SALES, SALES | {"ada.byron"})


async def test_reports_follow_their_manager(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    ada, zofia = (named(emulator, Kind.USER, name).id for name in ("Ada Byron", "Zofia Żółty"))
    group = await made(graph, membershipRule=f'Direct Reports for "{ada}"')
    before = await members(graph, group)

    await graph.put(f"/users/{zofia}/manager/$ref", json={"@odata.id": f"https://x/users/{ada}"})

    assert (before, await members(graph, group)) == (
        {"alan.turing", "edsger.dijkstra", "claude.shannon"},
        {"alan.turing", "edsger.dijkstra", "claude.shannon", "zofia.zolty"},
    )


async def test_a_group_may_follow_another(graph: httpx2.AsyncClient) -> None:
    first = await made(graph)
    second = await made(graph, membershipRule=f"user.memberof -any (group.objectId -in ['{first}'])")

    await graph.patch("/users/ada.byron@contoso.com", json={"department": "Sales"})

    assert await members(graph, second) == SALES | {"ada.byron"}


async def test_nobody_is_added_or_removed_by_hand(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    group, ada = await made(graph), named(emulator, Kind.USER, "Ada Byron").id
    margaret = named(emulator, Kind.USER, "Margaret Hamilton").id
    reference = {"@odata.id": f"https://x/directoryObjects/{ada}"}

    answers = [
        await graph.post(f"/groups/{group}/members/$ref", json=reference),
        await graph.patch(f"/groups/{group}", json={"members@odata.bind": [reference["@odata.id"]]}),
        await graph.delete(f"/groups/{group}/members/{margaret}/$ref"),
        await graph.post("/groups", json={**NEW, "members@odata.bind": [reference["@odata.id"]]}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert await members(graph, group) == SALES


@pytest.mark.parametrize(
    "told",
    [
        {"membershipRule": "user.department -eq"},
        {"membershipRule": None},
        {"membershipRuleProcessingState": "Off"},
        {"membershipRuleProcessingState": None},
    ],
)
async def test_a_dynamic_group_needs_a_rule_that_makes_sense(
    graph: httpx2.AsyncClient, told: dict[str, str | None]
) -> None:
    assert (await graph.post("/groups", json={**NEW, **told})).status_code == 400


@witness("Dynamic groups are filled by their rules, and provisioning follows")
async def test_who_leaves_by_the_rule_is_disabled_at_elium(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    job = (await elium_job(emulator, graph)).split("/")
    group = await made(graph)
    principal = (await graph.get(f"/servicePrincipals/{job[2]}")).json()
    role = {"principalId": group, "resourceId": job[2], "appRoleId": principal["appRoles"][0]["id"]}
    await graph.post(f"/servicePrincipals/{job[2]}/appRoleAssignedTo", json=role)
    await emulator.run_cycle(job[-1])

    await graph.patch("/users/zofia.zolty@contoso.com", json={"department": "Knowledge"})
    await emulator.run_cycle(job[-1])

    active = {user["userName"]: user["active"] for user in emulator.elium.tenant("contoso").users}
    assert (active["zofia.zolty@contoso.com"], active["margaret.hamilton@contoso.com"]) == (False, True)


@pytest.mark.parametrize("told", [{"membershipRule": "nonsense"}, {"membershipRule": RULE, "members": ["a@x.example"]}])
def test_a_seed_with_a_wrong_rule_is_told(told: dict[str, Any]) -> None:
    person = {"userPrincipalName": "a@x.example", "displayName": "A"}
    tenant = {"id": "c0ffee00-1234-4abc-8def-0123456789ab", "displayName": "X", "domain": "x.example"}
    client = {"displayName": "x", "appId": "e11ed000-0000-4000-8000-000000000001"}
    group = {"displayName": "G", **told}

    with pytest.raises(SeedError, match=r"groups\[0\]\.mem"):
        seeds.parse({"tenant": tenant, "people": [person], "groups": [group], "clients": [client]})


async def test_that_a_dynamic_group_lags_is_a_knob(seed: Seed) -> None:
    emulator = Emulator(seed=seed, knobs=Knobs(dynamic_group_lag=timedelta(minutes=5)))
    async with graph_of(emulator) as graph:
        sales = named(emulator, Kind.GROUP, "All of sales").id
        at_first = await members(graph, sales)
        await graph.patch("/users/ada.byron@contoso.com", json={"department": "Sales"})
        at_once = await members(graph, sales)
        await emulator.advance(timedelta(minutes=4))
        soon = await members(graph, sales)
        await emulator.advance(timedelta(minutes=1))

        assert at_first == at_once == soon == SALES
        assert await members(graph, sales) == {*SALES, "ada.byron"}


async def test_provisioning_follows_once_the_group_has(seed: Seed) -> None:
    emulator = Emulator(seed=seed, knobs=Knobs(dynamic_group_lag=timedelta(minutes=50)))
    async with graph_of(emulator) as graph:
        at = await elium_job(emulator, graph)
        principal = at.split("/")[2]
        group = await made(graph)
        role = (await graph.get(f"/servicePrincipals/{principal}")).json()["appRoles"][0]["id"]
        told = {"principalId": group, "resourceId": principal, "appRoleId": role}
        await graph.post(f"/servicePrincipals/{principal}/appRoleAssignedTo", json=told)
        await emulator.advance(timedelta(minutes=45))
        before = {user["userName"].partition("@")[0] for user in emulator.elium.tenant("contoso").users}
        await emulator.advance(timedelta(minutes=40))
        after = {user["userName"].partition("@")[0] for user in emulator.elium.tenant("contoso").users}

    assert after - before != set()
    assert after - before <= SALES <= after
