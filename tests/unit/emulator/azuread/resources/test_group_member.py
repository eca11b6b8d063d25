from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from emulator.azuread.faults import PluginError
from emulator.azuread.resources.group_member import GroupMember

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.azuread.graph import Graph

    GraphWith = Callable[[dict[str, Any]], Graph]

RESOURCE = GroupMember()
INPUTS = {"groupObjectId": "staff", "memberObjectId": "ada"}
THERE = {
    "GET /beta/groups/staff": {"id": "staff"},
    "GET /beta/groups/staff/members": {"value": [{"id": "bob"}]},
    "GET /beta/groups/staff/members?$filter=id eq 'ada'": {"value": [{"id": "ada"}]},
    "POST /beta/groups/staff/members/$ref": 204,
    "DELETE /beta/groups/staff/members/ada/$ref": 204,
}


async def test_a_member_is_added_by_reference(graph_with: GraphWith, body_of: Callable[[int], Any]) -> None:
    assert await RESOURCE.create(graph_with(THERE), INPUTS) == "staff/member/ada"
    assert body_of(2) == {"@odata.id": "https://localhost:8443/beta/directoryObjects/ada"}


async def test_a_member_that_is_one_already_must_be_imported(graph_with: GraphWith) -> None:
    with pytest.raises(PluginError, match='A resource with the ID "staff/member/BOB" already exists'):
        await RESOURCE.create(graph_with(THERE), INPUTS | {"memberObjectId": "BOB"})


async def test_a_group_that_does_not_exist_is_named(graph_with: GraphWith) -> None:
    with pytest.raises(PluginError, match=r'Group \(Group: "staff"\) was not found'):
        await RESOURCE.create(graph_with({}), INPUTS)


async def test_its_state_is_its_two_ends(graph_with: GraphWith) -> None:
    assert await RESOURCE.read(graph_with(THERE), "staff/member/ada") == INPUTS


async def test_it_is_gone_with_the_member_or_with_the_group(graph_with: GraphWith) -> None:
    alone = THERE | {"GET /beta/groups/staff/members?$filter=id eq 'ada'": {"value": []}}

    assert await RESOURCE.read(graph_with(alone), "staff/member/ada") is None
    assert await RESOURCE.read(graph_with({}), "staff/member/ada") is None


async def test_a_removed_member_is_looked_for_until_gone(graph_with: GraphWith, slept: list[float]) -> None:
    lingering = [{"value": [{"id": "ada"}]}, {"value": []}]
    graph = graph_with(THERE | {"GET /beta/groups/staff/members?$filter=id eq 'ada'": lingering})
    await RESOURCE.delete(graph, "staff/member/ada")

    assert slept == [0.1]
