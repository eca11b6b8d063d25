from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from asking import elium_app, graph_of

from emulator import Emulator
from emulator.moods.graph_knobs import GraphKnobs
from tools.manual.parity import witness

if TYPE_CHECKING:
    import httpx2

    from emulator import Seed


@witness("GET /applicationTemplates")
async def test_the_gallery_is_searched_by_name(graph: httpx2.AsyncClient) -> None:
    found = (await graph.get("/applicationTemplates", params={"$filter": "displayName eq 'Elium'"})).json()["value"]

    assert [(one["displayName"], one["supportedProvisioningTypes"]) for one in found] == [("Elium", ["sync"])]


async def test_two_gallery_entries_may_share_a_name(graph: httpx2.AsyncClient) -> None:
    found = await graph.get("/applicationTemplates", params={"$filter": "displayName eq 'Fabrikam Desk'"})

    assert len(found.json()["value"]) == 2


async def test_a_gallery_entry_never_shows_what_only_the_emulator_knows(graph: httpx2.AsyncClient) -> None:
    found = (await graph.get("/applicationTemplates")).json()["value"]

    assert not [name for one in found for name in one if name.startswith("_")]


@witness("GET /applicationTemplates/{id}")
async def test_a_gallery_entry_is_shown_by_id(graph: httpx2.AsyncClient) -> None:
    shown = (await graph.get("/applicationTemplates/4601ed45-8ff3-4599-8377-b6649007e876")).json()

    assert (shown["displayName"], shown["publisher"]) == ("Marketo", "Marketo")


@witness("GET /applicationTemplates/$count")
async def test_the_gallery_is_counted(graph: httpx2.AsyncClient) -> None:
    assert (await graph.get("/applicationTemplates/$count")).text == "8"


@witness("POST /applicationTemplates/{id}/instantiate")
async def test_an_instance_has_the_templates_roles_and_requires_assignment(graph: httpx2.AsyncClient) -> None:
    principal = (await elium_app(graph))["servicePrincipal"]

    assert [role["displayName"] for role in principal["appRoles"]] == ["User", "msiam_access"]
    assert principal["appRoleAssignmentRequired"] is True
    assert principal["tags"] == ["WindowsAzureActiveDirectoryIntegratedApp"]


async def test_an_instance_is_one_application_and_one_service_principal(graph: httpx2.AsyncClient) -> None:
    pair = await elium_app(graph, "Elium (prod)")

    assert pair["application"]["appId"] == pair["servicePrincipal"]["appId"]
    assert (
        pair["application"]["displayName"],
        pair["servicePrincipal"]["displayName"],
    ) == ("Elium (prod)", "Elium (prod)")


@witness("Instantiating a template twice makes two applications")
async def test_instantiating_twice_makes_two_applications(graph: httpx2.AsyncClient) -> None:
    first, second = await elium_app(graph), await elium_app(graph)

    assert first["application"]["id"] != second["application"]["id"]


async def test_a_name_is_needed(graph: httpx2.AsyncClient) -> None:
    answer = await graph.post("/applicationTemplates/4601ed45-8ff3-4599-8377-b6649007e876/instantiate", json={})

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "Request_BadRequest")


async def test_an_unknown_template_is_not_found(graph: httpx2.AsyncClient) -> None:
    unknown = "/applicationTemplates/00000000-0000-0000-0000-000000000009"
    answer = await graph.post(f"{unknown}/instantiate", json={"displayName": "x"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "Request_ResourceNotFound")


async def test_the_caller_owns_what_it_made(graph: httpx2.AsyncClient) -> None:
    pair = await elium_app(graph)
    owners = await graph.get(f"/servicePrincipals/{pair['servicePrincipal']['id']}/owners")

    assert [owner["displayName"] for owner in owners.json()["value"]] == ["elium-deployer"]


async def test_whether_the_caller_owns_it_can_be_doubted(seed: Seed) -> None:
    async with graph_of(Emulator(seed=seed, graph_knobs=GraphKnobs(caller_owns_instance=False))) as graph:
        pair = await elium_app(graph)
        owners = await graph.get(f"/servicePrincipals/{pair['servicePrincipal']['id']}/owners")

    assert owners.json()["value"] == []


async def test_two_applications_of_one_template_may_have_one_name(graph: httpx2.AsyncClient) -> None:
    first, second = await elium_app(graph, "Elium"), await elium_app(graph, "Elium")

    assert first["application"]["appId"] != second["application"]["appId"]


@pytest.mark.parametrize("collection", ["servicePrincipals", "applications"])
async def test_what_was_made_of_a_template_is_found_by_it(graph: httpx2.AsyncClient, collection: str) -> None:
    pair = await elium_app(graph)
    template = pair["application"]["applicationTemplateId"]

    found = await graph.get(f"/{collection}", params={"$filter": f"applicationTemplateId eq '{template}'"})

    assert [one["displayName"] for one in found.json()["value"]] == ["Elium (prod)"]


async def test_an_application_that_is_not_from_the_gallery_says_so_and_has_two_provisioning_templates(
    graph: httpx2.AsyncClient,
) -> None:
    at = "/applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate"
    principal = (await graph.post(at, json={"displayName": "Ours"})).json()["servicePrincipal"]
    templates = (await graph.get(f"/servicePrincipals/{principal['id']}/synchronization/templates")).json()["value"]
    job = {"templateId": "customappsso"}
    made = await graph.post(f"/servicePrincipals/{principal['id']}/synchronization/jobs", json=job)

    assert "WindowsAzureActiveDirectoryCustomSingleSignOnApplication" in principal["tags"]
    assert [(one["id"], one["default"]) for one in templates] == [("scim", True), ("customappsso", False)]
    assert made.json()["id"].startswith("customappsso.")
