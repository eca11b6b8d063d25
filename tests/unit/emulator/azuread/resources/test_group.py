from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from emulator.azuread.faults import PluginError
from emulator.azuread.resources.group import Group

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.azuread.graph import Graph
    from emulator.azuread.values import Values

    GraphWith = Callable[[dict[str, Any]], Graph]

CHANCE = UUID("01234567-89ab-4def-8123-456789abcdef")
RESOURCE = Group(new_id=lambda: CHANCE)
STAFF: Values = {"displayName": "Staff", "securityEnabled": True}
SHOWN = {
    "id": "1",
    "displayName": "Staff",
    "securityEnabled": True,
    "groupTypes": [],
    "mailNickname": "01234567-8",
    "visibility": "Private",
}
THERE = {
    "POST /beta/groups": (201, SHOWN),
    "PATCH /beta/groups/1": 204,
    "GET /beta/groups/1": SHOWN,
    "GET /beta/groups/1/owners": {"value": [{"id": "caller"}]},
    "GET /beta/groups/1/members": {"value": [{"id": "ada"}, {"id": "bob"}]},
}


async def test_a_security_group_is_created_as_the_official_plugin_does(
    graph_with: GraphWith, body_of: Callable[[int], Any]
) -> None:
    assert await RESOURCE.create(graph_with(THERE), STAFF) == "/groups/1"
    assert body_of(0) == {
        "@odata.type": "#microsoft.graph.group",
        "description": None,
        "displayName": "Staff",
        "groupTypes": [],
        "isAssignableToRole": False,
        "mailEnabled": False,
        "mailNickname": "01234567-8",
        "membershipRule": None,
        "owners@odata.bind": ["https://localhost:8443/beta/directoryObjects/caller"],
        "resourceBehaviorOptions": [],
        "resourceProvisioningOptions": [],
        "securityEnabled": True,
    }


async def test_a_rule_is_sent_with_whether_it_runs(graph_with: GraphWith, body_of: Callable[[int], Any]) -> None:
    rule = {"dynamicMembership": {"enabled": False, "rule": 'user.city -eq "Paris"'}, "types": ["DynamicMembership"]}
    await RESOURCE.create(graph_with(THERE), STAFF | rule)

    assert body_of(0)["membershipRule"] == 'user.city -eq "Paris"'
    assert body_of(0)["membershipRuleProcessingState"] == "Paused"


async def test_owners_are_the_caller_then_people_then_programs(
    graph_with: GraphWith, body_of: Callable[[int], Any]
) -> None:
    kinds = {"robot": "servicePrincipal", "ada": "user", "printer": "device"}
    objects = {
        f"GET /v1.0/directoryObjects/{name}": {"id": name, "@odata.type": f"#microsoft.graph.{kind}"}
        for name, kind in kinds.items()
    }
    await RESOURCE.create(graph_with(THERE | objects), STAFF | {"owners": ["robot", "printer", "ada", "caller"]})

    assert [address.rpartition("/")[2] for address in body_of(-1)["owners@odata.bind"]] == ["caller", "ada", "robot"]


async def test_a_new_group_is_renamed_forth_and_back_and_gets_its_members(
    graph_with: GraphWith, body_of: Callable[[int], Any], conversation: Callable[[], list[str]]
) -> None:
    graph = graph_with(THERE | {"POST /beta/groups/1/members/$ref": 204})
    await RESOURCE.complete(graph, "/groups/1", STAFF | {"members": ["ada"]})

    assert conversation() == ["PATCH /beta/groups/1", "PATCH /beta/groups/1", "POST /beta/groups/1/members/$ref"]
    assert [body_of(place)["displayName"] for place in (0, 1)] == [f"TERRAFORM_UPDATE_{CHANCE}", "Staff"]
    assert body_of(2) == {"@odata.id": "https://localhost:8443/beta/directoryObjects/ada"}


async def test_a_description_that_graph_gave_by_itself_is_taken_away(
    graph_with: GraphWith, body_of: Callable[[int], Any]
) -> None:
    graph = graph_with(THERE | {"GET /beta/groups/1": SHOWN | {"description": "Staff"}})
    await RESOURCE.complete(graph, "/groups/1", STAFF | {"types": ["Unified"]})

    assert body_of(-1)["description"] is None


async def test_without_one_nothing_is_taken_away(graph_with: GraphWith, conversation: Callable[[], list[str]]) -> None:
    graph = graph_with(THERE | {"GET /beta/groups/1": SHOWN | {"description": None}})
    await RESOURCE.complete(graph, "/groups/1", STAFF | {"types": ["Unified"]})

    assert conversation().count("PATCH /beta/groups/1") == 2


async def test_a_name_that_is_taken_is_refused_when_asked_to(graph_with: GraphWith) -> None:
    taken = {"GET /beta/groups?$filter=displayName eq 'Staff'": {"value": [{"id": "9"}]}}

    with pytest.raises(PluginError, match=r'An existing "azuread_group" with name "Staff" \(ID: "9"\) was found'):
        await RESOURCE.create(graph_with(THERE | taken), STAFF | {"preventDuplicateNames": True})


async def test_its_state_has_owners_and_members(graph_with: GraphWith) -> None:
    state = await RESOURCE.read(graph_with(THERE), "/groups/1")

    assert state is not None
    assert (state["owners"], state["members"]) == (["caller"], ["ada", "bob"])
    assert (state["objectId"], state["description"], state["types"]) == ("1", "", [])
    assert state["dynamicMembership"] is None


async def test_a_rule_is_shown_with_whether_it_runs(graph_with: GraphWith) -> None:
    ruled = SHOWN | {"membershipRule": "user.city -eq null", "membershipRuleProcessingState": "On"}
    state = await RESOURCE.read(graph_with(THERE | {"GET /beta/groups/1": ruled}), "/groups/1")

    assert state is not None
    assert state["dynamicMembership"] == {"enabled": True, "rule": "user.city -eq null"}


async def test_a_unified_group_is_asked_for_what_only_it_has(graph_with: GraphWith) -> None:
    select = "allowExternalSenders,autoSubscribeNewMembers,hideFromAddressLists,hideFromOutlookClients"
    unified = {
        "GET /beta/groups/1": SHOWN | {"groupTypes": ["Unified"]},
        f"GET /beta/groups/1?$select={select}": {"allowExternalSenders": True},
    }
    state = await RESOURCE.read(graph_with(THERE | unified), "/groups/1")

    assert state is not None
    assert (state["externalSendersAllowed"], state["hideFromAddressLists"]) == (True, False)


async def test_what_only_unified_groups_have_is_written_one_by_one(
    graph_with: GraphWith, body_of: Callable[[int], Any]
) -> None:
    unified = STAFF | {"types": ["Unified"], "externalSendersAllowed": True, "hideFromAddressLists": False}
    await RESOURCE.complete(graph_with(THERE), "/groups/1", unified | {"description": "All of us"})

    assert body_of(2) == {"@odata.type": "#microsoft.graph.group", "allowExternalSenders": True}
    assert body_of(3) == {"@odata.type": "#microsoft.graph.group", "hideFromAddressLists": False}


async def test_other_groups_are_spared_what_they_do_not_have(
    graph_with: GraphWith, conversation: Callable[[], list[str]]
) -> None:
    await RESOURCE.complete(graph_with(THERE), "/groups/1", STAFF | {"hideFromAddressLists": False})

    assert conversation() == ["PATCH /beta/groups/1", "PATCH /beta/groups/1"]


async def test_owners_beyond_the_twentieth_are_added_afterwards(
    graph_with: GraphWith, body_of: Callable[[int], Any], conversation: Callable[[], list[str]]
) -> None:
    names = [f"owner-{number}" for number in range(21)]
    people = {
        f"GET /v1.0/directoryObjects/{name}": {"id": name, "@odata.type": "#microsoft.graph.user"} for name in names
    }
    graph = graph_with(THERE | people | {"POST /beta/groups/1/owners/$ref": 204})
    await RESOURCE.create(graph, STAFF | {"owners": names})
    assert len(body_of(-1)["owners@odata.bind"]) == 20

    await RESOURCE.complete(graph, "/groups/1", STAFF | {"owners": names})
    assert conversation()[-1] == "POST /beta/groups/1/owners/$ref"


async def test_writing_back_and_looks_are_sent_when_they_are_wanted(
    graph_with: GraphWith, body_of: Callable[[int], Any]
) -> None:
    wanted = {"writebackEnabled": True, "onpremisesGroupType": "UniversalSecurityGroup", "visibility": "Private"}
    await RESOURCE.create(graph_with(THERE), STAFF | wanted)
    await RESOURCE.update(graph_with(THERE), "/groups/1", STAFF, STAFF | wanted | {"theme": "Blue"})

    for body in (body_of(0), body_of(1)):
        assert body["visibility"] == "Private"
        assert body["writebackConfiguration"] == {"isEnabled": True, "onPremisesGroupType": "UniversalSecurityGroup"}
    assert body_of(1)["theme"] == "Blue"


async def test_an_update_settles_members_one_by_one(
    graph_with: GraphWith, conversation: Callable[[], list[str]]
) -> None:
    graph = graph_with(THERE | {"POST /beta/groups/1/members/$ref": 204, "DELETE /beta/groups/1/members/bob/$ref": 204})
    await RESOURCE.update(graph, "/groups/1", STAFF, STAFF | {"members": ["ada", "eve"]})

    assert conversation() == [
        "PATCH /beta/groups/1",
        "GET /beta/groups/1/members",
        "POST /beta/groups/1/members/$ref",
        "DELETE /beta/groups/1/members/bob/$ref",
    ]


async def test_an_update_without_members_leaves_them_alone(
    graph_with: GraphWith, body_of: Callable[[int], Any], conversation: Callable[[], list[str]]
) -> None:
    await RESOURCE.update(graph_with(THERE), "/groups/1", STAFF, STAFF | {"description": "All of us"})

    assert conversation() == ["PATCH /beta/groups/1"]
    assert body_of(0)["description"] == "All of us"


async def test_a_deleted_group_is_looked_for_until_gone(
    graph_with: GraphWith, conversation: Callable[[], list[str]]
) -> None:
    graph = graph_with({"GET /beta/groups/1": [SHOWN, 404], "DELETE /beta/groups/1": 204})
    await RESOURCE.delete(graph, "/groups/1")

    assert conversation() == ["GET /beta/groups/1", "DELETE /beta/groups/1", "GET /beta/groups/1"]


async def test_a_group_that_is_gone_cannot_be_deleted(graph_with: GraphWith) -> None:
    with pytest.raises(PluginError, match="Group was not found"):
        await RESOURCE.delete(graph_with({}), "/groups/1")


@pytest.mark.parametrize(
    ("declared", "name", "reason"),
    [
        ({}, "securityEnabled", "one of `mail_enabled,security_enabled` must be specified"),
        ({"mailEnabled": True, "mailNickname": "x"}, "types", '`types` must contain "Unified" for mail-enabled groups'),
        (
            {"securityEnabled": True, "types": ["DynamicMembership"]},
            "dynamicMembership",
            '`dynamic_membership` must be specified when `types` contains "DynamicMembership"',
        ),
        (
            {"mailEnabled": True, "types": ["Unified"]},
            "mailNickname",
            "`mail_nickname` is required for mail-enabled groups",
        ),
        ({"securityEnabled": True, "theme": "Blue"}, "theme", "`theme` is only supported for unified groups"),
        (
            {"mailEnabled": False, "assignableToRole": True},
            "assignableToRole",
            "`assignable_to_role` can only be `true` for security-enabled groups",
        ),
    ],
)
def test_a_group_that_cannot_be_is_refused_before_it_is_made(declared: Values, name: str, reason: str) -> None:
    assert list(RESOURCE.objections({"displayName": "Staff"} | declared)) == [(name, reason)]


def test_a_plain_security_group_is_fine() -> None:
    assert list(RESOURCE.objections(STAFF)) == []
