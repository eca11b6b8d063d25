from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from asking import elium_app, named

from emulator.company.store import Kind
from tools.manual.parity import witness

if TYPE_CHECKING:
    import httpx2

    from emulator import Emulator

BIN = "/directory/deletedItems"


@witness("GET /directoryObjects/{id}")
async def test_an_object_says_what_it_is(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    for kind, name in ((Kind.USER, "Ada Byron"), (Kind.GROUP, "Guests"), (Kind.SERVICE_PRINCIPAL, "elium-reader")):
        shown = (await graph.get(f"/directoryObjects/{named(emulator, kind, name).id}")).json()

        assert f"#microsoft.graph.{kind.value}" == shown["@odata.type"]


@witness("POST /directoryObjects/getByIds")
async def test_several_objects_are_shown_at_once(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    ids = [named(emulator, Kind.USER, "Ada Byron").id, named(emulator, Kind.GROUP, "Guests").id, "unknown"]
    every = (await graph.post("/directoryObjects/getByIds", json={"ids": ids})).json()["value"]
    users = (await graph.post("/directoryObjects/getByIds", json={"ids": ids, "types": ["user"]})).json()["value"]
    wrong = await graph.post("/directoryObjects/getByIds", json={"ids": "x"})

    assert (len(every), len(users), wrong.status_code) == (2, 1, 400)


@witness(
    "GET /directory/deletedItems/microsoft.graph.application",
    "GET /directory/deletedItems/microsoft.graph.servicePrincipal",
    "POST /directory/deletedItems/{id}/restore",
    "Deleting an application deletes its service principal, and restoring it brings both back",
)
async def test_an_application_comes_back_with_its_service_principal(graph: httpx2.AsyncClient) -> None:
    pair = await elium_app(graph)
    app_id = pair["application"]["appId"]
    await graph.delete(f"/applications/{pair['application']['id']}")
    for kind in ("application", "servicePrincipal"):
        found = await graph.get(f"{BIN}/microsoft.graph.{kind}", params={"$filter": f"appId eq '{app_id}'"})
        assert [app_id] == [one["appId"] for one in found.json()["value"]]
    restored = await graph.post(f"{BIN}/{pair['application']['id']}/restore")
    principal = await graph.get(f"/servicePrincipals/{pair['servicePrincipal']['id']}")

    assert (restored.status_code, principal.status_code) == (200, 200)


@witness("What is deleted does not come back beside something alive that has its name by now")
async def test_a_name_that_is_taken_meanwhile_stays_taken(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    ada = named(emulator, Kind.USER, "Ada Byron")
    another = {
        "accountEnabled": True,
        "displayName": "Another Ada",
        "mailNickname": "ada",
        "userPrincipalName": ada.properties["userPrincipalName"].upper(),
        "passwordProfile": {"password": "Analytical-Engine-1843"},
    }
    await graph.delete(f"/users/{ada.id}")
    made = await graph.post("/users", json=another)
    refused = await graph.post(f"{BIN}/{ada.id}/restore")
    await graph.delete(f"/users/{made.json()['id']}")
    back = await graph.post(f"{BIN}/{ada.id}/restore")

    assert (made.status_code, refused.status_code, back.status_code) == (201, 400, 200)
    assert "userPrincipalName already exists" in refused.json()["error"]["message"]


async def test_an_application_has_one_service_principal_whatever_is_restored(graph: httpx2.AsyncClient) -> None:
    pair = await elium_app(graph)
    application, first = pair["application"], pair["servicePrincipal"]["id"]
    await graph.delete(f"/servicePrincipals/{first}")
    second = (await graph.post("/servicePrincipals", json={"appId": application["appId"]})).json()["id"]
    refused = await graph.post(f"{BIN}/{first}/restore")
    await graph.delete(f"/applications/{application['id']}")
    await graph.post(f"{BIN}/{application['id']}/restore")
    found = await graph.get("/servicePrincipals", params={"$filter": f"appId eq '{application['appId']}'"})

    assert (refused.status_code, [second]) == (409, [one["id"] for one in found.json()["value"]])


async def test_a_deleted_object_shows_what_is_selected(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    ada = named(emulator, Kind.USER, "Ada Byron").id
    await graph.delete(f"/users/{ada}")
    shown = (await graph.get(f"{BIN}/{ada}?$select=displayName")).json()

    assert {"@odata.context", "@odata.type", "displayName"} == set(shown)


@witness("GET /directory/deletedItems/microsoft.graph.user", "GET /directory/deletedItems/{id}")
async def test_a_deleted_user_says_when(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    ada = named(emulator, Kind.USER, "Ada Byron").id
    await graph.delete(f"/users/{ada}")
    listed = (await graph.get(f"{BIN}/microsoft.graph.user?$select=id,deletedDateTime")).json()["value"]

    assert [{"id": ada, "deletedDateTime": "2026-01-15T09:00:00Z"}] == listed
    assert (await graph.get(f"{BIN}/{ada}")).json()["@odata.type"] == "#microsoft.graph.user"


@witness("GET /directory/deletedItems/microsoft.graph.group", "DELETE /directory/deletedItems/{id}")
async def test_what_is_purged_is_gone_for_good(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    group = named(emulator, Kind.GROUP, "Marketing").id
    await graph.delete(f"/groups/{group}")
    purged, again = await graph.delete(f"{BIN}/{group}"), await graph.delete(f"{BIN}/{group}")
    left = await graph.get(f"{BIN}/microsoft.graph.group")

    assert (purged.status_code, again.status_code, left.json()["value"]) == (204, 404, [])


@witness("What was deleted is purged thirty days later, by the company's clock")
async def test_the_recycle_bin_is_emptied_after_thirty_days(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    pair = await elium_app(graph)
    await graph.delete(f"/applications/{pair['application']['id']}")
    await emulator.advance(timedelta(days=29))
    before = await graph.get(f"{BIN}/{pair['application']['id']}")
    await emulator.advance(timedelta(days=1))
    after = [await graph.get(f"{BIN}/{pair[kind]['id']}") for kind in ("application", "servicePrincipal")]

    assert (before.status_code, *(answer.status_code for answer in after)) == (200, 404, 404)


@witness("GET /domains", "GET /domains/{id}")
async def test_a_tenant_has_its_own_domain_and_the_one_it_was_born_with(graph: httpx2.AsyncClient) -> None:
    listed = (await graph.get("/domains")).json()["value"]
    one, unknown = await graph.get("/domains/contoso.com"), await graph.get("/domains/fabrikam.com")

    assert [(d["id"], d["isInitial"]) for d in listed] == [("contoso.com", False), ("contoso.onmicrosoft.com", True)]
    assert (one.status_code, unknown.status_code) == (200, 404)


@witness("GET /organization", "GET /organization/{id}")
async def test_the_tenant_shows_its_name(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    listed = (await graph.get("/organization")).json()["value"]
    one = await graph.get(f"/organization/{emulator.seed.tenant.id}")
    other = await graph.get("/organization/00000000-0000-0000-0000-000000000009")

    assert ([each["displayName"] for each in listed], one.status_code, other.status_code) == (["Contoso"], 200, 404)


async def test_of_a_type_that_nothing_is_of_nothing_is_shown(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    ada = named(emulator, Kind.USER, "Ada Byron").id
    found = await graph.post("/directoryObjects/getByIds", json={"ids": [ada], "types": ["device"]})

    assert (found.status_code, found.json()["value"]) == (200, [])
