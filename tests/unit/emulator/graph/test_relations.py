"""Related objects: whole, counted, narrowed to a type, and asked for by id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from asking import graph_of, named

from emulator import Emulator
from emulator.company import seed as seeds
from emulator.company.store import Kind
from tools.manual.parity import witness

if TYPE_CHECKING:
    import httpx2

EVENTUAL = {"ConsistencyLevel": "eventual"}
WHO = {
    "users": (Kind.USER, "John Backus"),
    "groups": (Kind.GROUP, "Platform team"),
    "servicePrincipals": (Kind.SERVICE_PRINCIPAL, "elium-reader"),
}
PATHS = [
    "/users/{id}/directReports",
    "/users/{id}/directReports/microsoft.graph.user",
    "/users/{id}/memberOf",
    "/users/{id}/memberOf/microsoft.graph.group",
    "/users/{id}/transitiveMemberOf",
    "/users/{id}/transitiveMemberOf/microsoft.graph.group",
    "/servicePrincipals/{id}/memberOf",
    "/servicePrincipals/{id}/memberOf/microsoft.graph.group",
    "/servicePrincipals/{id}/transitiveMemberOf",
    "/servicePrincipals/{id}/transitiveMemberOf/microsoft.graph.group",
    "/groups/{id}/members",
    "/groups/{id}/members/microsoft.graph.user",
    "/groups/{id}/members/microsoft.graph.group",
    "/groups/{id}/members/microsoft.graph.servicePrincipal",
    "/groups/{id}/transitiveMembers",
    "/groups/{id}/transitiveMembers/microsoft.graph.user",
    "/groups/{id}/transitiveMembers/microsoft.graph.group",
    "/groups/{id}/transitiveMembers/microsoft.graph.servicePrincipal",
    "/groups/{id}/memberOf",
    "/groups/{id}/memberOf/microsoft.graph.group",
    "/groups/{id}/transitiveMemberOf",
    "/groups/{id}/transitiveMemberOf/microsoft.graph.group",
]


def at(emulator: Emulator, path: str) -> str:
    kind, name = WHO[path.split("/")[1]]
    return path.replace("{id}", named(emulator, kind, name).id)


@witness(
    "GET /users/{id}/directReports",
    "GET /users/{id}/directReports/$count",
    "GET /users/{id}/directReports/microsoft.graph.user",
    "GET /users/{id}/directReports/microsoft.graph.user/$count",
    "GET /users/{id}/memberOf",
    "GET /users/{id}/memberOf/$count",
    "GET /users/{id}/memberOf/microsoft.graph.group",
    "GET /users/{id}/memberOf/microsoft.graph.group/$count",
    "GET /users/{id}/transitiveMemberOf",
    "GET /users/{id}/transitiveMemberOf/$count",
    "GET /users/{id}/transitiveMemberOf/microsoft.graph.group",
    "GET /users/{id}/transitiveMemberOf/microsoft.graph.group/$count",
    "GET /servicePrincipals/{id}/memberOf",
    "GET /servicePrincipals/{id}/memberOf/$count",
    "GET /servicePrincipals/{id}/memberOf/microsoft.graph.group",
    "GET /servicePrincipals/{id}/memberOf/microsoft.graph.group/$count",
    "GET /servicePrincipals/{id}/transitiveMemberOf",
    "GET /servicePrincipals/{id}/transitiveMemberOf/$count",
    "GET /servicePrincipals/{id}/transitiveMemberOf/microsoft.graph.group",
    "GET /servicePrincipals/{id}/transitiveMemberOf/microsoft.graph.group/$count",
    "GET /groups/{id}/members",
    "GET /groups/{id}/members/$count",
    "GET /groups/{id}/members/microsoft.graph.user",
    "GET /groups/{id}/members/microsoft.graph.user/$count",
    "GET /groups/{id}/members/microsoft.graph.group",
    "GET /groups/{id}/members/microsoft.graph.group/$count",
    "GET /groups/{id}/members/microsoft.graph.servicePrincipal",
    "GET /groups/{id}/members/microsoft.graph.servicePrincipal/$count",
    "GET /groups/{id}/transitiveMembers",
    "GET /groups/{id}/transitiveMembers/$count",
    "GET /groups/{id}/transitiveMembers/microsoft.graph.user",
    "GET /groups/{id}/transitiveMembers/microsoft.graph.user/$count",
    "GET /groups/{id}/transitiveMembers/microsoft.graph.group",
    "GET /groups/{id}/transitiveMembers/microsoft.graph.group/$count",
    "GET /groups/{id}/transitiveMembers/microsoft.graph.servicePrincipal",
    "GET /groups/{id}/transitiveMembers/microsoft.graph.servicePrincipal/$count",
    "GET /groups/{id}/memberOf",
    "GET /groups/{id}/memberOf/$count",
    "GET /groups/{id}/memberOf/microsoft.graph.group",
    "GET /groups/{id}/memberOf/microsoft.graph.group/$count",
    "GET /groups/{id}/transitiveMemberOf",
    "GET /groups/{id}/transitiveMemberOf/$count",
    "GET /groups/{id}/transitiveMemberOf/microsoft.graph.group",
    "GET /groups/{id}/transitiveMemberOf/microsoft.graph.group/$count",
)
@pytest.mark.parametrize("path", PATHS)
async def test_a_list_and_its_count_agree(emulator: Emulator, graph: httpx2.AsyncClient, path: str) -> None:
    found = (await graph.get(at(emulator, path))).json()["value"]
    counted = await graph.get(f"{at(emulator, path)}/$count", headers=EVENTUAL)

    assert (counted.text, counted.headers["content-type"]) == (str(len(found)), "text/plain")


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/users/{id}/memberOf", ["Platform team"]),
        ("/users/{id}/memberOf/microsoft.graph.group", ["Platform team"]),
        ("/users/{id}/transitiveMemberOf/microsoft.graph.group", ["Engineering", "Platform team"]),
        ("/groups/{id}/memberOf/microsoft.graph.group", ["Engineering"]),
        ("/groups/{id}/members/microsoft.graph.group", []),
        ("/servicePrincipals/{id}/memberOf/microsoft.graph.group", []),
    ],
)
async def test_a_cast_keeps_what_is_of_the_type(
    emulator: Emulator, graph: httpx2.AsyncClient, path: str, names: list[str]
) -> None:
    found = (await graph.get(at(emulator, path))).json()["value"]

    assert sorted(one["displayName"] for one in found) == names


@witness(
    "POST /users/{id}/getMemberGroups",
    "POST /users/{id}/getMemberObjects",
    "POST /users/{id}/checkMemberGroups",
    "POST /users/{id}/checkMemberObjects",
    "POST /groups/{id}/getMemberGroups",
    "POST /groups/{id}/getMemberObjects",
    "POST /groups/{id}/checkMemberGroups",
    "POST /groups/{id}/checkMemberObjects",
    "POST /servicePrincipals/{id}/getMemberGroups",
    "POST /servicePrincipals/{id}/getMemberObjects",
    "POST /servicePrincipals/{id}/checkMemberGroups",
    "POST /servicePrincipals/{id}/checkMemberObjects",
    "POST /directoryObjects/{id}/getMemberGroups",
    "POST /directoryObjects/{id}/getMemberObjects",
    "POST /directoryObjects/{id}/checkMemberGroups",
    "POST /directoryObjects/{id}/checkMemberObjects",
)
@pytest.mark.parametrize("kind", ["users", "groups", "servicePrincipals", "directoryObjects"])
async def test_groups_are_asked_for_by_id(emulator: Emulator, graph: httpx2.AsyncClient, kind: str) -> None:
    who = at(emulator, f"/{'users' if kind == 'directoryObjects' else kind}/{{id}}")
    subject = f"/{kind}/{who.rpartition('/')[2]}"
    engineering, marketing = (named(emulator, Kind.GROUP, name).id for name in ("Engineering", "Marketing"))
    inside = [] if kind == "servicePrincipals" else [engineering]

    groups = (await graph.post(f"{subject}/getMemberGroups", json={"securityEnabledOnly": False})).json()["value"]
    things = (await graph.post(f"{subject}/getMemberObjects", json={"securityEnabledOnly": True})).json()["value"]
    asked = [engineering, marketing]
    of_groups = (await graph.post(f"{subject}/checkMemberGroups", json={"groupIds": asked})).json()["value"]
    of_things = (await graph.post(f"{subject}/checkMemberObjects", json={"ids": asked})).json()["value"]

    assert (set(inside) <= set(groups), groups) == (True, things)
    assert of_groups == of_things == inside


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("getMemberGroups", {}),
        ("getMemberObjects", {"securityEnabledOnly": "true"}),
        ("checkMemberGroups", {"groupIds": "x"}),
        ("checkMemberGroups", {"groupIds": ["x"] * 21}),
        ("checkMemberObjects", {"ids": [1]}),
    ],
)
async def test_a_malformed_question_about_groups_is_refused(
    emulator: Emulator, graph: httpx2.AsyncClient, action: str, body: dict[str, object]
) -> None:
    assert (await graph.post(f"{at(emulator, '/users/{id}')}/{action}", json=body)).status_code == 400


@witness("GET /subscribedSkus")
async def test_the_tenant_has_a_premium_licence(graph: httpx2.AsyncClient) -> None:
    (licence,) = (await graph.get("/subscribedSkus")).json()["value"]

    assert (licence["skuPartNumber"], licence["capabilityStatus"]) == ("AAD_PREMIUM", "Enabled")
    assert (await graph.get("/subscribedSkus?$filter=skuPartNumber eq 'AAD_PREMIUM'")).status_code == 400


@pytest.mark.parametrize(
    ("role", "is_shown"), [("GroupMember.Read.All", False), ("Directory.Read.All", True)], ids=["groups", "everything"]
)
async def test_whoever_may_not_read_a_kind_is_shown_its_id_alone(role: str, *, is_shown: bool) -> None:
    seed = seeds.read()
    (client,) = [each for each in seed.clients if each.display_name == "elium-reader"]
    client.roles = [role]
    emulator = Emulator(seed=seed)
    at = f"/groups/{named(emulator, Kind.GROUP, 'Elium users').id}/members"

    async with graph_of(emulator, "elium-reader") as graph:
        every = (await graph.get(f"{at}?$select=id,displayName,accountEnabled")).json()["value"]
        one_kind = (await graph.get(f"{at}/microsoft.graph.user?$select=id,displayName")).json()["value"]
        found = (await graph.get(f"{at}?$filter=startswith(displayName,'Ada')")).json()["value"]

    ada = {"@odata.type": "#microsoft.graph.user", "id": named(emulator, Kind.USER, "Ada Byron").id}
    shown = {"displayName": "Ada Byron", "accountEnabled": True}
    assert ada | (shown if is_shown else dict.fromkeys(shown)) in every
    assert ("Ada Byron" in {each["displayName"] for each in one_kind}) is is_shown
    assert len(found) == is_shown
