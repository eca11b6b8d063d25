from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from emulator.azuread.faults import PluginError
from emulator.azuread.resources.application_from_template import ApplicationFromTemplate

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.azuread.graph import Graph

    GraphWith = Callable[[dict[str, Any]], Graph]

RESOURCE = ApplicationFromTemplate()
MADE = {"application": {"id": "app"}, "servicePrincipal": {"id": "sp"}}
IDENTIFIER = "/applicationTemplates/tid/instantiate/app/sp"


async def test_a_template_becomes_an_application_and_a_service_principal(
    graph_with: GraphWith, body_of: Callable[[int], Any]
) -> None:
    graph = graph_with({"POST /v1.0/applicationTemplates/tid/instantiate": (201, MADE)})

    assert await RESOURCE.create(graph, {"displayName": "Elium", "templateId": "tid"}) == IDENTIFIER
    assert body_of(0) == {"displayName": "Elium"}


async def test_a_template_that_does_not_exist_is_named(graph_with: GraphWith) -> None:
    with pytest.raises(PluginError, match=r'creating Application Template \(Application Template: "tid"\): unexpected'):
        await RESOURCE.create(graph_with({}), {"displayName": "Elium", "templateId": "tid"})


async def test_its_state_has_both_ids_in_both_forms(graph_with: GraphWith) -> None:
    graph = graph_with({"GET /v1.0/applications/app": {"id": "app", "displayName": "Elium"}})

    assert await RESOURCE.read(graph, IDENTIFIER) == {
        "displayName": "Elium",
        "templateId": "tid",
        "applicationId": "/applications/app",
        "applicationObjectId": "app",
        "servicePrincipalId": "/servicePrincipals/sp",
        "servicePrincipalObjectId": "sp",
    }


async def test_without_its_application_it_does_not_exist(graph_with: GraphWith) -> None:
    assert await RESOURCE.read(graph_with({}), IDENTIFIER) is None


async def test_a_new_name_is_patched(
    graph_with: GraphWith, body_of: Callable[[int], Any], conversation: Callable[[], list[str]]
) -> None:
    await RESOURCE.update(graph_with({"PATCH /v1.0/applications/app": 204}), IDENTIFIER, {}, {"displayName": "Elium 2"})

    assert conversation() == ["PATCH /v1.0/applications/app"]
    assert body_of(0) == {"@odata.type": "#microsoft.graph.application", "displayName": "Elium 2"}


async def test_it_is_deleted_once_and_an_absent_one_is_an_error(
    graph_with: GraphWith, conversation: Callable[[], list[str]]
) -> None:
    await RESOURCE.delete(graph_with({"DELETE /v1.0/applications/app": 204}), IDENTIFIER)

    assert conversation() == ["DELETE /v1.0/applications/app"]
    with pytest.raises(PluginError, match=f"deleting {IDENTIFIER}: unexpected status 404"):
        await RESOURCE.delete(graph_with({}), IDENTIFIER)
