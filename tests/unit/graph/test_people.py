"""What is asked of Graph to read people, and what becomes of the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from answers import Script, answers, ok, refusal
from builders import PRINCIPAL

from provisioning.errors import GraphError
from provisioning.graph.attributes import properties_for, unreadable_among, value_of

if TYPE_CHECKING:
    from provisioning.model.person import People

NONE: dict[str, Any] = {"value": []}


def a_user(name: str, **properties: Any) -> dict[str, Any]:
    shown = {"displayName": name.capitalize(), "userPrincipalName": f"{name}@contoso.com", "accountEnabled": True}
    return {"id": name, **shown, **properties}


def an_assignment(principal: str, kind: str = "User", role: str = "r1") -> dict[str, Any]:
    return {"principalId": principal, "principalType": kind, "appRoleId": role}


def listed(*items: dict[str, Any], more: str = "") -> Any:
    return ok({"value": list(items)} | ({"@odata.nextLink": more} if more else {}))


async def read(script: Script, *attributes: str, everybody: bool = False, at_most: int = 10) -> People:
    graph = script.graph()
    assigned = not everybody
    return await graph.people(PRINCIPAL, attributes=attributes, assigned=assigned, everybody=everybody, at_most=at_most)


def options(script: Script, place: int) -> dict[str, str]:
    return {name: value[0] for name, value in parse_qs(urlsplit(str(script.requests[place].url)).query).items()}


async def test_only_the_attributes_that_matter_are_asked_for_by_graphs_names() -> None:
    script = answers(listed(a_user("ada", mobilePhone="1", businessPhones=["2", "3"])))

    people = await read(script, "mobile", "telephoneNumber", everybody=True)

    assert script.sent == ["GET /v1.0/users"]
    assert options(script, 0)["$select"] == (
        "accountEnabled,businessPhones,displayName,id,mobilePhone,userPrincipalName"
    )
    assert people.persons[0].attributes == {"mobile": "1", "telephoneNumber": "2"}


async def test_the_next_page_is_asked_for_exactly_as_graph_says() -> None:
    more = "https://graph.example/v1.0/users?$skiptoken=a%2Bb"
    script = answers(listed(a_user("ada"), more=more), listed(more=more), listed(a_user("alan")))

    people = await read(script, everybody=True)

    assert [str(request.url) for request in script.requests[1:]] == [more, more]
    assert [person.id for person in people.persons] == ["ada", "alan"]


async def test_the_token_is_not_sent_to_another_address() -> None:
    script = answers(listed(a_user("ada"), more="https://evil.example/v1.0/users?$skiptoken=1"))

    with pytest.raises(GraphError, match=r"Graph points to evil\.example for the next page, which is not asked\."):
        await read(script, everybody=True)

    assert len(script.requests) == 1


async def test_reading_stops_at_the_limit_and_says_so() -> None:
    script = answers(listed(*(a_user(f"p{number}") for number in range(5)), more="https://graph.example/v1.0/x"))

    people = await read(script, everybody=True, at_most=3)

    assert (len(people), people.is_complete, len(script.requests)) == (3, False, 1)


async def test_those_who_are_assigned_come_through_groups_and_by_themselves() -> None:
    script = answers(
        listed(an_assignment("g1", "Group"), an_assignment("alan"), an_assignment("other", "ServicePrincipal")),
        listed({"id": "g1", "securityEnabled": True}),
        listed(a_user("ada")),
        listed(a_user("alan", accountEnabled=False)),
        listed(),
    )

    people = await read(script)

    assert script.sent == [
        f"GET /v1.0/servicePrincipals/{PRINCIPAL}/appRoleAssignedTo",
        "GET /v1.0/groups",
        "GET /v1.0/groups/g1/members/microsoft.graph.user",
        "GET /v1.0/users",
        "GET /v1.0/groups/g1/members/microsoft.graph.group",
    ]
    assert options(script, 3)["$filter"] == "id in ('alan')"
    assert [(one.name, one.is_assigned, one.is_enabled) for one in people.persons] == [
        ("Ada (ada@contoso.com)", True, True),
        ("Alan (alan@contoso.com)", True, False),
    ]


async def test_a_group_that_holds_groups_is_named() -> None:
    script = answers(
        listed(an_assignment("g1", "Group"), an_assignment("g2", "Group")),
        listed({"id": "g1", "displayName": "Engineering"}, {"id": "g2", "displayName": "Sales"}),
        listed(),
        listed(),
        listed({"id": "g3"}),
        listed(),
    )

    assert (await read(script)).nested_groups == ("Engineering",)


async def test_members_of_a_group_that_is_not_security_enabled_do_not_count() -> None:
    script = answers(listed(an_assignment("g1", "Group")), listed({"id": "g1", "securityEnabled": False}))

    assert len(await read(script)) == 0


async def test_many_who_are_assigned_by_themselves_are_asked_for_fifteen_at_a_time() -> None:
    script = answers(listed(*(an_assignment(f"p{number}") for number in range(31))), listed())

    await read(script, at_most=100)

    assert script.sent[1:] == ["GET /v1.0/users"] * 3


async def test_everybody_and_who_of_them_is_assigned() -> None:
    script = answers(listed(an_assignment("ada")), listed(a_user("ada")), listed(a_user("ada"), a_user("alan")))

    people = await script.graph().people(PRINCIPAL, attributes=(), assigned=True, everybody=True, at_most=10)

    assert [(one.id, one.is_assigned) for one in people.persons] == [("ada", True), ("alan", False)]


async def test_roles_are_read_when_somebody_asks_for_them() -> None:
    declared = {"id": PRINCIPAL, "appRoles": [{"id": "r1", "value": "usr", "displayName": "User"}]}
    script = answers(
        listed(declared), listed(an_assignment("ada"), an_assignment("ada", role="r0")), listed(a_user("ada"))
    )

    people = await read(script, "appRoleAssignments")

    assert people.persons[0].roles == (
        {"id": "r1", "value": "usr", "displayName": "User"},
        {"id": "r0", "value": None, "displayName": "Default Assignment"},
    )


async def test_what_graph_does_not_have_is_named_and_not_asked_for() -> None:
    script = answers(listed(a_user("ada")))

    people = await read(script, "manager", "department", everybody=True)

    assert people.unreadable == {"manager"}
    assert "manager" not in options(script, 0)["$select"]


async def test_managers_are_read_when_somebody_asks_for_them() -> None:
    boss = {"id": "grace", "displayName": "Grace", "userPrincipalName": "grace@contoso.com"}
    script = answers(listed(a_user("ada")), listed({"id": "ada", "manager": boss}))

    people = await read(script, "manager", everybody=True)

    assert people.persons[0].manager == ("grace", "Grace (grace@contoso.com)")
    assert options(script, 1)["$expand"] == "manager($select=id,displayName,userPrincipalName)"


async def test_people_are_read_even_where_graph_does_not_tell_their_managers() -> None:
    people = await read(answers(listed(a_user("ada")), refusal(400)), "manager", everybody=True)

    assert [(one.id, one.manager) for one in people.persons] == [("ada", None)]


@pytest.mark.parametrize(
    ("name", "node", "value"),
    [
        ("objectId", {"id": "7"}, "7"),
        ("physicalDeliveryOfficeName", {"officeLocation": "3/301"}, "3/301"),
        ("facsimileTelephoneNumber", {"faxNumber": "9"}, "9"),
        ("extensionAttribute3", {"onPremisesExtensionAttributes": {"extensionAttribute3": "x"}}, "x"),
        ("extensionAttribute3", {}, None),
        ("telephoneNumber", {"businessPhones": []}, None),
        ("accountEnabled", {"accountEnabled": False}, "False"),
        ("mail", {"mail": ""}, None),
        ("otherMails", {"otherMails": ["a", "b"]}, ["a", "b"]),
        ("userPrincipalName", {"userPrincipalName": "ada_fabrikam.com#EXT#@contoso.com"}, "ada@fabrikam.com"),
        ("originalUserPrincipalName", {"userPrincipalName": "a_b.com#EXT#@c.com"}, "a_b.com#EXT#@c.com"),
        ("extension_" + "0" * 32 + "_level", {"extension_" + "0" * 32 + "_level": 7}, "7"),
    ],
)
def test_an_attribute_is_read_under_its_old_name(name: str, node: dict[str, Any], value: object) -> None:
    assert value_of(node, name) == value


def test_what_is_computed_is_neither_asked_for_nor_missed() -> None:
    computed = ("IsSoftDeleted", "appRoleAssignments")

    assert (properties_for(computed), list(unreadable_among(computed))) == (set(), [])


def test_the_extension_attributes_lie_in_one_property() -> None:
    assert properties_for(["extensionAttribute1", "extensionAttribute15"]) == {"onPremisesExtensionAttributes"}
    assert list(unreadable_among(["extensionAttribute16"])) == ["extensionAttribute16"]


async def test_nothing_more_is_read_once_the_limit_is_reached() -> None:
    script = answers(
        listed(an_assignment("g1", "Group"), an_assignment("g2", "Group"), an_assignment("alan")),
        listed({"id": "g1"}, {"id": "g2"}),
        listed(a_user("ada"), a_user("grace")),
    )

    people = await read(script, at_most=1)

    assert (len(people), people.is_complete, len(script.requests)) == (1, False, 3)
