from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asking import graph_of, named

from emulator import Emulator
from emulator.company.store import Kind
from emulator.moods.graph_knobs import GraphKnobs
from tools.manual.parity import witness

if TYPE_CHECKING:
    import httpx2

    from emulator import Seed

NEW = {"displayName": "Readers", "mailNickname": "readers", "mailEnabled": False, "securityEnabled": True}


def path_of(emulator: Emulator, name: str) -> str:
    return f"/groups/{named(emulator, Kind.GROUP, name).id}"


def names(answer: httpx2.Response) -> list[str]:
    return [one["displayName"] for one in answer.json()["value"]]


@witness("GET /groups")
async def test_two_groups_may_share_a_name(graph: httpx2.AsyncClient) -> None:
    condition = {"$filter": "displayName eq 'Project Falcon'", "$select": "id,description,groupTypes"}
    found = (await graph.get("/groups", params=condition)).json()["value"]

    assert [one["description"] for one in found] == ["Brussels", "London"]


@witness("GET /groups/$count")
async def test_groups_are_counted(graph: httpx2.AsyncClient) -> None:
    assert (await graph.get("/groups/$count", headers={"ConsistencyLevel": "eventual"})).text == "10"


@witness("GET /groups/{id}")
async def test_a_dynamic_group_shows_its_rule(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    shown = (await graph.get(path_of(emulator, "All of sales"))).json()

    assert (shown["groupTypes"], shown["membershipRule"]) == (["DynamicMembership"], 'user.department -eq "Sales"')


@witness("POST /groups")
async def test_a_group_is_created_with_owners_and_members(emulator: Emulator, beta: httpx2.AsyncClient) -> None:
    ada = f"https://x/beta/directoryObjects/{named(emulator, Kind.USER, 'Ada Byron').id}"
    body: dict[str, Any] = {**NEW, "owners@odata.bind": [ada], "members@odata.bind": [ada], "membershipRule": None}
    made = await beta.post("/groups", json=body)
    path = f"/groups/{made.json()['id']}"

    assert made.status_code == 201
    assert ["Ada Byron"] == names(await beta.get(f"{path}/owners")) == names(await beta.get(f"{path}/members"))


@pytest.mark.parametrize(("described", "expected"), [(False, None), (True, "Readers")])
async def test_a_microsoft_365_group_gets_an_address_and_perhaps_a_description(
    seed: Seed, *, described: bool, expected: str | None
) -> None:
    body = {**NEW, "groupTypes": ["Unified"], "mailEnabled": True, "theme": "Pink", "visibility": None}
    emulator = Emulator(seed=seed, graph_knobs=GraphKnobs(describes_unified_groups=described))
    async with graph_of(emulator, version="beta") as beta:
        made = (await beta.post("/groups", json={**body, "resourceBehaviorOptions": ["HideGroupInOutlook"]})).json()

    assert (made["mail"], made["description"], made["visibility"]) == ("readers@contoso.com", expected, "Public")
    assert (made["hideFromOutlookClients"], made["allowExternalSenders"], made["theme"]) == (True, False, "Pink")


async def test_what_a_group_needs_is_needed(graph: httpx2.AsyncClient) -> None:
    for missing in NEW:
        answer = await graph.post("/groups", json={name: value for name, value in NEW.items() if name != missing})

        assert answer.status_code == 400


@witness("PATCH /groups/{id}")
async def test_a_group_is_renamed_and_takes_members(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    path = path_of(emulator, "Guests")
    ada = f"https://x/v1.0/directoryObjects/{named(emulator, Kind.USER, 'Ada Byron').id}"
    answer = await graph.patch(path, json={"displayName": "Visitors", "members@odata.bind": [ada]})
    too_many = await graph.patch(path, json={"members@odata.bind": [ada] * 21})

    assert (answer.status_code, too_many.status_code) == (204, 400)
    assert (await graph.get(path)).json()["displayName"] == "Visitors"
    assert names(await graph.get(f"{path}/members")) == ["Linus Pauling", "Ada Byron"]


@witness("DELETE /groups/{id}", "A security group is deleted for good, a Microsoft 365 group softly")
async def test_only_a_microsoft_365_group_waits_in_the_recycle_bin(
    emulator: Emulator, graph: httpx2.AsyncClient
) -> None:
    for name in ("Guests", "Marketing"):
        assert (await graph.delete(path_of(emulator, name))).status_code == 204
    deleted = await graph.get("/directory/deletedItems/microsoft.graph.group")

    assert names(deleted) == ["Marketing"]


@witness("GET /groups/{id}/owners", "POST /groups/{id}/owners/$ref", "DELETE /groups/{id}/owners/{owner}/$ref")
async def test_owners_come_and_go(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    path, tony = f"{path_of(emulator, 'Elium users')}/owners", named(emulator, Kind.USER, "Tony Hoare").id
    await graph.post(f"{path}/$ref", json={"@odata.id": f"x/{tony}"})
    before = names(await graph.get(path))
    await graph.delete(f"{path}/{tony}/$ref")

    assert (before, names(await graph.get(path))) == (["Ada Byron", "Tony Hoare"], ["Ada Byron"])


@witness("GET /groups/{id}/members", "POST /groups/{id}/members/$ref", "DELETE /groups/{id}/members/{member}/$ref")
async def test_members_come_and_go(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    path, ada = f"{path_of(emulator, 'Guests')}/members", named(emulator, Kind.USER, "Ada Byron").id
    reference = {"@odata.id": f"https://graph.microsoft.com/beta/directoryObjects/{ada}"}
    added, again = await graph.post(f"{path}/$ref", json=reference), await graph.post(f"{path}/$ref", json=reference)
    present = (await graph.get(path, params={"$filter": f"id eq '{ada}'"})).json()["value"]
    removed, absent = await graph.delete(f"{path}/{ada}/$ref"), await graph.delete(f"{path}/{ada}/$ref")

    assert [answer.status_code for answer in (added, again, removed, absent)] == [204, 400, 204, 404]
    assert [one["@odata.type"] for one in present] == ["#microsoft.graph.user"]


@witness(
    "GET /groups/{id}/members/microsoft.graph.user",
    "GET /groups/{id}/members/microsoft.graph.group",
    "GET /groups/{id}/members/$count",
)
async def test_members_are_cast_to_one_kind(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    path = f"{path_of(emulator, 'Engineering')}/members"
    users = await graph.get(f"{path}/microsoft.graph.user?$select=displayName,accountEnabled")
    groups = await graph.get(f"{path}/microsoft.graph.group")
    counted = await graph.get(f"{path}/$count", headers={"ConsistencyLevel": "eventual"})

    assert users.json()["value"] == [{"displayName": "Barbara Liskov", "accountEnabled": True}]
    assert (names(groups), counted.text) == (["Platform team", "Compiler team"], "3")


@witness("GET /groups/{id}/transitiveMembers", "GET /groups/{id}/transitiveMembers/microsoft.graph.user")
async def test_nested_members_are_listed_on_request(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    path = f"{path_of(emulator, 'Engineering')}/transitiveMembers"
    everything, users = await graph.get(path), await graph.get(f"{path}/microsoft.graph.user")

    assert (len(names(everything)), len(names(users))) == (9, 7)


@witness("GET /groups/{id}/memberOf", "GET /groups/{id}/transitiveMemberOf")
async def test_the_groups_of_a_group_are_listed(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    path = path_of(emulator, "Compiler team")

    assert (
        ["Engineering"]
        == names(await graph.get(f"{path}/memberOf"))
        == names(await graph.get(f"{path}/transitiveMemberOf"))
    )


async def test_beta_shows_that_nothing_is_known_about_writing_back(
    emulator: Emulator, beta: httpx2.AsyncClient
) -> None:
    group = (await beta.get(f"/groups/{named(emulator, Kind.GROUP, 'Elium users').id}")).json()

    assert group["writebackConfiguration"] == {"isEnabled": None, "onPremisesGroupType": None}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("displayName", "x" * 257),
        ("mailNickname", "two words"),
        ("mailNickname", "ada@contoso"),
        ("groupTypes", ["Uniform"]),
        ("visibility", "Everybody"),
        ("theme", "Black"),
        ("description", "x" * 1025),
    ],
)
async def test_a_value_that_a_group_cannot_have_is_refused(
    graph: httpx2.AsyncClient, emulator: Emulator, name: str, value: object
) -> None:
    group = named(emulator, Kind.GROUP, "Elium users").id
    made = await graph.post("/groups", json={**NEW, name: value})
    changed = await graph.patch(f"/groups/{group}", json={name: value})

    assert (made.status_code, changed.status_code) == (400, 400)


@pytest.mark.parametrize("name", ["displayName", "mailNickname", "mailEnabled", "securityEnabled"])
async def test_what_a_group_cannot_be_without_is_not_emptied(
    graph: httpx2.AsyncClient, emulator: Emulator, name: str
) -> None:
    group = named(emulator, Kind.GROUP, "Elium users").id

    assert (await graph.patch(f"/groups/{group}", json={name: None})).status_code == 400


async def test_an_application_is_no_groups_member(graph: httpx2.AsyncClient, emulator: Emulator) -> None:
    group = named(emulator, Kind.GROUP, "Elium users").id
    application = named(emulator, Kind.APPLICATION, "elium-deployer").id
    address = f"https://graph.microsoft.com/v1.0/directoryObjects/{application}"
    added = await graph.post(f"/groups/{group}/members/$ref", json={"@odata.id": address})
    bound = await graph.patch(f"/groups/{group}", json={"members@odata.bind": [address]})
    made = await graph.post("/groups", json={**NEW, "members@odata.bind": [address]})

    assert (added.status_code, bound.status_code, made.status_code) == (400, 400, 400)
    assert "'members'" in added.json()["error"]["message"]
