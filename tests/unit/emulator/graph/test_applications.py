from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asking import elium_app, graph_of, named

from emulator.company.store import Kind
from tools.manual.parity import witness

if TYPE_CHECKING:
    import httpx2

    from emulator import Emulator

ROLE = {"id": "5e1b5b5e-0000-4000-8000-000000000001", "displayName": "Reader", "description": "Reads", "value": "read"}


async def made(graph: httpx2.AsyncClient, **properties: Any) -> dict[str, Any]:
    answer = await graph.post("/applications", json={"displayName": "Made", **properties})
    application: dict[str, Any] = answer.json()
    return application


@witness("POST /applications")
async def test_a_registered_application_has_an_app_id_and_no_service_principal(graph: httpx2.AsyncClient) -> None:
    application = await made(graph)
    principals = await graph.get("/servicePrincipals", params={"$filter": f"appId eq '{application['appId']}'"})

    assert principals.json()["value"] == []


async def test_annotations_of_a_client_are_never_shown_again(graph: httpx2.AsyncClient) -> None:
    kind = {"@odata.type": "#microsoft.graph.apiApplication"}
    application = await made(graph, **kind, api={**kind, "acceptMappedClaims": True}, appRoles=[{**kind, **ROLE}])

    assert "@odata.type" not in str({name: value for name, value in application.items() if name != "@odata.context"})


async def test_a_name_is_needed(graph: httpx2.AsyncClient) -> None:
    answer = await graph.post("/applications", json={})

    assert answer.status_code == 400


async def test_owners_can_be_bound_at_creation(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    ada = named(emulator, Kind.USER, "Ada Byron").id
    bind = [f"https://anywhere/v1.0/directoryObjects/{ada}"]
    application = await made(graph, **{"owners@odata.bind": bind, "@odata.type": "#microsoft.graph.application"})
    owners = await graph.get(f"/applications/{application['id']}/owners")

    assert [("#microsoft.graph.user", ada)] == [(one["@odata.type"], one["id"]) for one in owners.json()["value"]]


@pytest.mark.parametrize("collection", ["applications", "servicePrincipals", "groups"])
async def test_a_group_owns_nothing(emulator: Emulator, graph: httpx2.AsyncClient, collection: str) -> None:
    pair, group = await elium_app(graph), named(emulator, Kind.GROUP, "Guests").id
    made = {"applications": pair["application"]["id"], "servicePrincipals": pair["servicePrincipal"]["id"]}
    owned = made.get(collection) or named(emulator, Kind.GROUP, "Elium users").id
    reference = {"@odata.id": f"https://anywhere/v1.0/directoryObjects/{group}"}
    bound = {"displayName": "x", "owners@odata.bind": [reference["@odata.id"]], "mailNickname": "x"}
    kind = {"mailEnabled": False, "securityEnabled": True} if collection == "groups" else {}
    new = {"appId": (await graph.post("/applications", json={"displayName": "x"})).json()["appId"]}

    refused = await graph.post(f"/{collection}/{owned}/owners/$ref", json=reference)
    unborn = await graph.post(f"/{collection}", json={**bound, **kind, **(new if "service" in collection else {})})

    for answer in (refused, unborn):
        assert "modified references: 'owners'" in answer.json()["error"]["message"]


@witness("GET /applications")
async def test_applications_are_found_by_template_and_name(graph: httpx2.AsyncClient) -> None:
    pair = await elium_app(graph, "Elium (test)")
    template = pair["application"]["applicationTemplateId"]
    condition = f"applicationTemplateId eq '{template}' and displayName eq 'Elium (test)'"
    found = await graph.get("/applications", params={"$filter": condition})

    assert [pair["application"]["id"]] == [one["id"] for one in found.json()["value"]]


async def test_applications_are_found_by_one_of_their_addresses(graph: httpx2.AsyncClient) -> None:
    application = await made(graph, identifierUris=["api://made"])
    found = await graph.get("/applications", params={"$filter": "identifierUris/any(uri:uri eq 'api://made')"})

    assert [application["id"]] == [one["id"] for one in found.json()["value"]]


@witness("GET /applications/$count")
async def test_applications_are_counted(graph: httpx2.AsyncClient) -> None:
    answer = await graph.get("/applications/$count", headers={"ConsistencyLevel": "eventual"})

    assert answer.text == "3"


@witness("GET /applications/{id}")
async def test_an_application_is_shown_by_object_id_and_by_app_id(graph: httpx2.AsyncClient) -> None:
    application = await made(graph)
    by_id = (await graph.get(f"/applications/{application['id']}")).json()
    by_app_id = (await graph.get(f"/applications(appId='{application['appId']}')")).json()

    assert by_id["id"] == by_app_id["id"] == application["id"]


async def test_what_only_beta_has_is_selected_there(graph: httpx2.AsyncClient, beta: httpx2.AsyncClient) -> None:
    path = f"/applications/{(await made(graph))['id']}?$select=oauth2RequirePostResponse"

    assert ((await graph.get(path)).status_code, (await beta.get(path)).status_code) == (400, 200)


@witness("PATCH /applications/{id}")
async def test_a_new_name_reaches_the_service_principal(graph: httpx2.AsyncClient) -> None:
    pair = await elium_app(graph)
    answer = await graph.patch(f"/applications/{pair['application']['id']}", json={"displayName": "Renamed"})
    principal = (await graph.get(f"/servicePrincipals/{pair['servicePrincipal']['id']}")).json()

    assert (answer.status_code, principal["displayName"], principal["appDisplayName"]) == (204, "Renamed", "Renamed")


@witness("An explicit null empties a property and a group of properties keeps what is not mentioned")
async def test_nulls_empty_and_groups_merge(graph: httpx2.AsyncClient) -> None:
    pair = await elium_app(graph)
    path = f"/applications/{pair['application']['id']}"
    await graph.patch(path, json={"notes": "x", "api": {"acceptMappedClaims": True, "knownClientApplications": None}})
    await graph.patch(path, json={"notes": None, "tags": None})
    shown = (await graph.get(path)).json()

    assert (shown["notes"], shown["tags"], shown["api"]["knownClientApplications"]) == (None, [], [])
    assert len(shown["api"]["oauth2PermissionScopes"]) == 1


@witness("An app role that is enabled cannot be removed")
async def test_a_role_is_disabled_before_it_is_removed(graph: httpx2.AsyncClient) -> None:
    application = await made(graph, appRoles=[{**ROLE, "isEnabled": True, "allowedMemberTypes": ["User"]}])
    path = f"/applications/{application['id']}"
    refused = await graph.patch(path, json={"appRoles": []})
    await graph.patch(path, json={"appRoles": [{**ROLE, "isEnabled": False, "allowedMemberTypes": ["User"]}]})
    removed = await graph.patch(path, json={"appRoles": []})

    assert refused.json()["error"]["code"] == "CannotDeleteOrUpdateEnabledEntitlement"
    assert removed.status_code == 204


async def test_tags_of_the_application_are_added_to_those_of_its_service_principal(graph: httpx2.AsyncClient) -> None:
    pair = await elium_app(graph)
    await graph.patch(f"/applications/{pair['application']['id']}", json={"tags": ["HideApp"]})
    principal = (await graph.get(f"/servicePrincipals/{pair['servicePrincipal']['id']}")).json()

    assert principal["tags"] == ["WindowsAzureActiveDirectoryIntegratedApp", "HideApp"]


async def test_what_is_inherited_follows_addresses_and_scopes(graph: httpx2.AsyncClient) -> None:
    application = await made(graph)
    await graph.post("/servicePrincipals", json={"appId": application["appId"]})
    changes = {
        "identifierUris": ["api://made"],
        "web": {
            "homePageUrl": "https://made.example",
            "logoutUrl": "https://made.example/out",
            "redirectUris": ["https://made.example/back"],
        },
        "api": {"oauth2PermissionScopes": [{"id": ROLE["id"], "value": "read", "isEnabled": True}]},
        "appRoles": [{**ROLE, "isEnabled": True}],
    }
    await graph.patch(f"/applications/{application['id']}", json=changes)
    principal = (await graph.get(f"/servicePrincipals(appId='{application['appId']}')")).json()

    assert [application["appId"], "api://made"] == principal["servicePrincipalNames"]
    assert (principal["homepage"], principal["replyUrls"]) == ("https://made.example", ["https://made.example/back"])
    assert [scope["value"] for scope in principal["oauth2PermissionScopes"]] == ["read"]
    assert [role["origin"] for role in principal["appRoles"]] == ["Application"]


async def test_an_identifier_belongs_to_one_application_even_a_deleted_one(graph: httpx2.AsyncClient) -> None:
    first, second = await made(graph, identifierUris=["api://made"]), await made(graph)
    again = await graph.post("/applications", json={"displayName": "x", "identifierUris": ["api://made"]})
    kept = await graph.patch(f"/applications/{first['id']}", json={"identifierUris": ["api://made", "api://other"]})
    await graph.delete(f"/applications/{first['id']}")
    taken = await graph.patch(f"/applications/{second['id']}", json={"identifierUris": ["api://made"]})

    assert [answer.status_code for answer in (again, kept, taken)] == [400, 204, 400]


@witness("PUT /applications/{id}/logo")
async def test_a_logo_is_taken_and_an_empty_one_is_not(graph: httpx2.AsyncClient) -> None:
    path = f"/applications/{(await made(graph))['id']}"
    taken = await graph.put(f"{path}/logo", content=b"\x89PNG", headers={"content-type": "image/png"})
    empty = await graph.put(f"{path}/logo", content=b"")

    assert (taken.status_code, empty.status_code) == (204, 400)
    assert (await graph.get(path)).json()["info"]["logoUrl"]


@witness("POST /applications/{id}/addPassword", "POST /applications/{id}/removePassword")
async def test_a_secret_is_shown_once_and_can_be_removed(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    path = f"/applications/{(await made(graph))['id']}"
    added = (await graph.post(f"{path}/addPassword", json={"passwordCredential": {"displayName": "ci"}})).json()
    known = (await graph.get(path)).json()["passwordCredentials"]
    await graph.post(f"{path}/removePassword", json={"keyId": added["keyId"]})

    assert len(added["secretText"]) == 40
    assert [(None, added["secretText"][:3])] == [(one["secretText"], one["hint"]) for one in known]
    assert (await graph.get(path)).json()["passwordCredentials"] == []
    assert added["secretText"] not in repr(emulator.world)


async def test_a_secret_that_is_not_there_cannot_be_removed(graph: httpx2.AsyncClient) -> None:
    path = f"/applications/{(await made(graph))['id']}"
    answer = await graph.post(f"{path}/removePassword", json={"keyId": ROLE["id"]})

    assert answer.status_code == 400


@witness(
    "GET /applications/{id}/owners",
    "POST /applications/{id}/owners/$ref",
    "DELETE /applications/{id}/owners/{owner}/$ref",
)
async def test_owners_come_and_go(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    path = f"/applications/{(await made(graph))['id']}/owners"
    ada = named(emulator, Kind.USER, "Ada Byron").id
    reference = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{ada}"}
    added, again = await graph.post(f"{path}/$ref", json=reference), await graph.post(f"{path}/$ref", json=reference)
    listed = (await graph.get(path)).json()["value"]
    removed = await graph.delete(f"{path}/{ada}/$ref")

    assert (added.status_code, again.status_code, removed.status_code) == (204, 400, 204)
    assert ([ada], []) == ([one["id"] for one in listed], (await graph.get(path)).json()["value"])


async def test_a_reference_must_point_somewhere(graph: httpx2.AsyncClient) -> None:
    path = f"/applications/{(await made(graph))['id']}/owners/$ref"
    nowhere, unknown = await graph.post(path, json={}), await graph.post(path, json={"@odata.id": "x/y"})

    assert (nowhere.status_code, unknown.status_code) == (400, 404)


@witness("DELETE /applications/{id}")
async def test_a_deleted_application_is_gone_with_its_service_principal(graph: httpx2.AsyncClient) -> None:
    pair = await elium_app(graph)
    answer = await graph.delete(f"/applications/{pair['application']['id']}")
    gone = await graph.get(f"/applications/{pair['application']['id']}")
    principal = await graph.get(f"/servicePrincipals/{pair['servicePrincipal']['id']}")

    assert (answer.status_code, gone.status_code, principal.status_code) == (204, 404, 404)


async def test_who_may_only_manage_its_own_owns_what_it_registers(emulator: Emulator) -> None:
    async with graph_of(emulator, "elium-owner") as graph:
        application = await made(graph)
        changed = await graph.patch(f"/applications/{application['id']}", json={"notes": "mine"})
        other = named(emulator, Kind.APPLICATION, "elium-deployer").id
        refused = await graph.patch(f"/applications/{other}", json={"notes": "not mine"})

    assert (changed.status_code, refused.status_code) == (204, 403)


@pytest.mark.parametrize(
    ("collection", "name", "value"),
    [
        ("applications", "optionalClaims", {"idToken": [{"name": "email"}], "accessToken": [], "saml2Token": []}),
        ("servicePrincipals", "samlSingleSignOnSettings", {"relayState": "/here"}),
    ],
)
@pytest.mark.parametrize("empty", [None, {}])
async def test_a_group_of_properties_that_may_be_absent_is_cleared(
    graph: httpx2.AsyncClient, collection: str, name: str, value: dict[str, Any], empty: dict[str, Any] | None
) -> None:
    pair = await elium_app(graph)
    path = f"/{collection}/{pair[collection.removesuffix('s')]['id']}"
    await graph.patch(path, json={name: value})
    set_to = (await graph.get(path)).json()[name]

    answer = await graph.patch(path, json={name: empty})

    assert (set_to, answer.status_code, (await graph.get(path)).json()[name]) == (value, 204, None)


async def test_a_group_of_properties_that_is_always_there_goes_back_to_its_beginning(
    graph: httpx2.AsyncClient,
) -> None:
    application = await made(graph, web={"redirectUris": ["https://x.example"]})
    path = f"/applications/{application['id']}"

    await graph.patch(path, json={"web": None})

    assert (await graph.get(path)).json()["web"]["redirectUris"] == []


async def test_secrets_that_come_with_the_creation_are_shown_this_once(
    emulator: Emulator, graph: httpx2.AsyncClient
) -> None:
    asked = [{"displayName": "ci", "endDateTime": "2027-01-01T00:00:00Z"}]
    application = await made(graph, passwordCredentials=asked)
    (shown,) = application["passwordCredentials"]
    (known,) = (await graph.get(f"/applications/{application['id']}")).json()["passwordCredentials"]

    assert (len(shown["secretText"]), known["secretText"], known["hint"]) == (40, None, shown["secretText"][:3])
    assert (known["displayName"], known["endDateTime"]) == ("ci", "2027-01-01T00:00:00Z")
    assert shown["secretText"] not in repr(emulator.world)


@pytest.mark.parametrize("asked", ["x", [1], [{"endDateTime": "soon"}], [{"displayName": 5}]])
async def test_secrets_that_cannot_be_are_refused(graph: httpx2.AsyncClient, asked: Any) -> None:
    before = (await graph.get("/applications")).json()["value"]
    answer = await graph.post("/applications", json={"displayName": "x", "passwordCredentials": asked})

    assert answer.status_code == 400
    assert (await graph.get("/applications")).json()["value"] == before


A_ROLE_TOO = "5b0b7a3e-0000-4000-8000-000000000002"
A_ROLE = {"id": "5b0b7a3e-0000-4000-8000-000000000001", "displayName": "Reader", "allowedMemberTypes": ["User"]}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("signInAudience", "Everybody"),
        ("groupMembershipClaims", "Some"),
        ("displayName", "x" * 257),
        ("appRoles", [{**A_ROLE, "id": "reader"}]),
        ("appRoles", [A_ROLE, A_ROLE]),
        ("web", {"redirectUri": ["https://acme.example"]}),
        ("web", {"implicitGrantSettings": {"enableTokens": True}}),
        ("api", {"acceptMappedClaim": True}),
        ("appRoles", [{**A_ROLE, "value": "may read"}]),
        ("appRoles", [{**A_ROLE, "value": "x" * 121}]),
        ("appRoles", [{**A_ROLE, "value": 5}]),
        ("appRoles", [{**A_ROLE, "value": "read"}, {**A_ROLE, "id": A_ROLE_TOO, "value": "read"}]),
    ],
)
async def test_a_value_that_an_application_cannot_have_is_refused(
    graph: httpx2.AsyncClient, name: str, value: object
) -> None:
    path = f"/applications/{(await made(graph))['id']}"

    assert (await graph.post("/applications", json={"displayName": "x", name: value})).status_code == 400
    assert (await graph.patch(path, json={name: value})).status_code == 400


async def test_claims_of_groups_are_several_words(graph: httpx2.AsyncClient) -> None:
    path = f"/applications/{(await made(graph))['id']}"

    assert (await graph.patch(path, json={"groupMembershipClaims": "SecurityGroup, DirectoryRole"})).status_code == 204
    assert (await graph.patch(path, json={"displayName": None})).status_code == 400
