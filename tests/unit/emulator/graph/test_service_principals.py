from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asking import elium_app, graph_of, named

from emulator.company.store import Kind
from tools.manual.parity import witness

if TYPE_CHECKING:
    import httpx2

    from emulator import Emulator


async def made(graph: httpx2.AsyncClient, **properties: Any) -> dict[str, Any]:
    application = (await graph.post("/applications", json={"displayName": "Made"})).json()
    answer = await graph.post("/servicePrincipals", json={"appId": application["appId"], **properties})
    principal: dict[str, Any] = answer.json()
    return principal


@witness("POST /servicePrincipals")
async def test_a_service_principal_takes_after_its_application(graph: httpx2.AsyncClient) -> None:
    principal = await made(graph, description="ours", tags=["HideApp"])

    assert (principal["displayName"], principal["description"], principal["tags"]) == ("Made", "ours", ["HideApp"])


async def test_there_is_one_service_principal_of_an_application(graph: httpx2.AsyncClient) -> None:
    principal = await made(graph)
    again = await graph.post("/servicePrincipals", json={"appId": principal["appId"]})

    assert (again.status_code, again.json()["error"]["code"]) == (409, "Request_MultipleObjectsWithSameKeyValue")


async def test_an_unknown_application_has_no_service_principal(graph: httpx2.AsyncClient) -> None:
    answer = await graph.post("/servicePrincipals", json={"appId": "00000000-0000-0000-0000-000000000009"})

    assert answer.status_code == 400
    assert "does not reference a valid application object" in answer.json()["error"]["message"]


async def test_owners_can_be_bound_at_creation(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    ada = named(emulator, Kind.USER, "Ada Byron").id
    principal = await made(graph, **{"owners@odata.bind": [f"https://x/v1.0/directoryObjects/{ada}"]})
    owners = await graph.get(f"/servicePrincipals/{principal['id']}/owners")

    assert [ada] == [one["id"] for one in owners.json()["value"]]


@witness("GET /servicePrincipals")
async def test_service_principals_are_found_by_name_and_by_app_id(graph: httpx2.AsyncClient) -> None:
    principal = (await elium_app(graph))["servicePrincipal"]
    for condition in (f"appId eq '{principal['appId']}'", "startswith(displayName,'Elium (')"):
        found = await graph.get("/servicePrincipals", params={"$filter": condition})

        assert [principal["id"]] == [one["id"] for one in found.json()["value"]]


@witness("GET /servicePrincipals/$count")
async def test_service_principals_are_counted(graph: httpx2.AsyncClient) -> None:
    answer = await graph.get("/servicePrincipals/$count", headers={"ConsistencyLevel": "eventual"})

    assert answer.text == "4"


@witness("GET /servicePrincipals/{id}")
async def test_an_app_id_where_an_object_id_belongs_finds_nothing(graph: httpx2.AsyncClient) -> None:
    principal = (await elium_app(graph))["servicePrincipal"]
    by_id, by_app_id = [await graph.get(f"/servicePrincipals/{principal[key]}") for key in ("id", "appId")]
    by_key = await graph.get(f"/servicePrincipals(appId='{principal['appId']}')")

    assert (by_id.status_code, by_app_id.status_code, by_key.status_code) == (200, 404, 200)


async def test_what_only_beta_has_is_selected_there(beta: httpx2.AsyncClient) -> None:
    principal = (await elium_app(beta))["servicePrincipal"]
    shown = await beta.get(f"/servicePrincipals/{principal['id']}?$select=samlMetadataUrl")

    assert shown.json()["samlMetadataUrl"] is None


@witness("PATCH /servicePrincipals/{id}")
async def test_a_service_principal_is_changed(graph: httpx2.AsyncClient) -> None:
    path = f"/servicePrincipals/{(await made(graph))['id']}"
    changes = {"appRoleAssignmentRequired": False, "notes": "kept by code", "preferredSingleSignOnMode": None}
    answer = await graph.patch(path, json=changes)

    assert (answer.status_code, (await graph.get(path)).json()["notes"]) == (204, "kept by code")


async def test_a_note_has_at_most_1024_characters(graph: httpx2.AsyncClient) -> None:
    answer = await graph.patch(f"/servicePrincipals/{(await made(graph))['id']}", json={"notes": "x" * 1025})

    assert answer.status_code == 400


@witness("DELETE /servicePrincipals/{id}")
async def test_a_deleted_service_principal_leaves_its_application(graph: httpx2.AsyncClient) -> None:
    pair = await elium_app(graph)
    await graph.delete(f"/servicePrincipals/{pair['servicePrincipal']['id']}")
    gone = await graph.get(f"/servicePrincipals/{pair['servicePrincipal']['id']}")
    application = await graph.get(f"/applications/{pair['application']['id']}")

    assert (gone.status_code, application.status_code) == (404, 200)


async def test_microsoft_graph_is_found_with_its_permissions_and_cannot_be_deleted(graph: httpx2.AsyncClient) -> None:
    path = "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')"
    shown, deleted = (await graph.get(path)).json(), await graph.delete(path)

    assert "User.Read.All" in {role["value"] for role in shown["appRoles"]}
    assert "User.ReadWrite" in {scope["value"] for scope in shown["oauth2PermissionScopes"]}
    assert deleted.status_code == 400


@witness("POST /servicePrincipals/{id}/addPassword", "POST /servicePrincipals/{id}/removePassword")
async def test_a_service_principal_can_have_a_secret(graph: httpx2.AsyncClient) -> None:
    path = f"/servicePrincipals/{(await made(graph))['id']}"
    added = (await graph.post(f"{path}/addPassword", json={})).json()
    removed = await graph.post(f"{path}/removePassword", json={"keyId": added["keyId"]})

    assert (added["hint"], 204) == (added["secretText"][:3], removed.status_code)


@witness(
    "GET /servicePrincipals/{id}/owners",
    "POST /servicePrincipals/{id}/owners/$ref",
    "DELETE /servicePrincipals/{id}/owners/{owner}/$ref",
)
async def test_owners_come_and_go(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    path = f"/servicePrincipals/{(await made(graph))['id']}/owners"
    ada = named(emulator, Kind.USER, "Ada Byron").id
    await graph.post(f"{path}/$ref", json={"@odata.id": f"https://x/v1.0/directoryObjects/{ada}"})
    listed = (await graph.get(path)).json()["value"]
    await graph.delete(f"{path}/{ada}/$ref")
    absent = await graph.delete(f"{path}/{ada}/$ref")

    assert ([ada], 404) == ([one["id"] for one in listed], absent.status_code)


@witness("GET /servicePrincipals/{id}/memberOf")
async def test_the_groups_of_a_service_principal_are_listed(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    principal = await made(graph)
    group = named(emulator, Kind.GROUP, "Guests").id
    await graph.post(f"/groups/{group}/members/$ref", json={"@odata.id": f"x/directoryObjects/{principal['id']}"})
    groups = await graph.get(f"/servicePrincipals/{principal['id']}/memberOf")

    assert [one["displayName"] for one in groups.json()["value"]] == ["Guests"]


async def test_who_may_only_manage_its_own_owns_what_it_makes(emulator: Emulator) -> None:
    async with graph_of(emulator, "elium-owner") as graph:
        principal = await made(graph)
        answer = await graph.patch(f"/servicePrincipals/{principal['id']}", json={"notes": "mine"})

    assert answer.status_code == 204
