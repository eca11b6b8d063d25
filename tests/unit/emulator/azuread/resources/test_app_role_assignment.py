from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from emulator.azuread.faults import PluginError
from emulator.azuread.resources.app_role_assignment import AppRoleAssignment

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.azuread.graph import Graph

    GraphWith = Callable[[dict[str, Any]], Graph]

RESOURCE = AppRoleAssignment()
INPUTS = {"appRoleId": "role", "principalObjectId": "ada", "resourceObjectId": "sp"}
IDENTIFIER = "/servicePrincipals/sp/appRoleAssignedTo/a_1"
POST = "POST /v1.0/servicePrincipals/sp/appRoleAssignedTo"
MADE = {"id": "a_1", "appRoleId": "role", "principalId": "ada", "resourceId": "sp", "principalType": "User"}
THERE = {"GET /v1.0/servicePrincipals/sp": {"id": "sp"}, POST: (201, MADE)}
REFUSED = (400, {"error": {"code": "Request_BadRequest", "message": "Not a valid reference update."}})


async def test_it_looks_for_the_resource_and_assigns(
    graph_with: GraphWith, body_of: Callable[[int], Any], conversation: Callable[[], list[str]]
) -> None:
    assert await RESOURCE.create(graph_with(THERE), INPUTS) == IDENTIFIER
    assert conversation() == ["GET /v1.0/servicePrincipals/sp", POST]
    assert body_of(1) == {
        "@odata.type": "#microsoft.graph.appRoleAssignment",
        "appRoleId": "role",
        "principalId": "ada",
        "resourceId": "sp",
    }


async def test_a_principal_that_is_not_replicated_yet_is_waited_for(graph_with: GraphWith, slept: list[float]) -> None:
    graph = graph_with(THERE | {POST: [404, REFUSED, (201, MADE)]})

    assert await RESOURCE.create(graph, INPUTS) == IDENTIFIER
    assert slept == [0.1, 0.2]


async def test_another_refusal_is_told_at_once(graph_with: GraphWith) -> None:
    refusal = (400, {"error": {"code": "Request_BadRequest", "message": "Permission being assigned already exists."}})

    with pytest.raises(PluginError, match="Could not create app role assignment: unexpected status 400"):
        await RESOURCE.create(graph_with(THERE | {POST: refusal}), INPUTS)


async def test_a_resource_that_does_not_exist_is_named(graph_with: GraphWith) -> None:
    with pytest.raises(PluginError, match=r'Service principal not found for resource \(Object ID: "sp"\)'):
        await RESOURCE.create(graph_with({}), INPUTS)


async def test_its_state_tells_who_and_where(graph_with: GraphWith) -> None:
    shown = MADE | {"principalDisplayName": "Ada", "resourceDisplayName": "Elium"}

    assert await RESOURCE.read(graph_with({f"GET /v1.0{IDENTIFIER}": shown}), IDENTIFIER) == INPUTS | {
        "principalDisplayName": "Ada",
        "principalType": "User",
        "resourceDisplayName": "Elium",
    }


async def test_an_absent_one_does_not_exist_and_cannot_be_deleted(graph_with: GraphWith) -> None:
    assert await RESOURCE.read(graph_with({}), IDENTIFIER) is None
    with pytest.raises(PluginError, match=f"Deleting {IDENTIFIER}: unexpected status 404"):
        await RESOURCE.delete(graph_with({}), IDENTIFIER)
