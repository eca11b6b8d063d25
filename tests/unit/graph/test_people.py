"""What is asked of Graph to read people, and what becomes of the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from answers import Script, answers, ok, refusal

from provisioning.errors import GraphError, MissingPermissionError
from provisioning.graph.attributes import properties_for, unknown_among, unreadable_among, value_of
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.person import AssignedGroup

if TYPE_CHECKING:
    import httpx2

    from provisioning.model.person import People

ROLE = "r1"


def a_user(name: str, **properties: Any) -> dict[str, Any]:
    shown = {"displayName": name.capitalize(), "userPrincipalName": f"{name}@contoso.com", "accountEnabled": True}
    return {"id": name, **shown, **properties}


def a_group(name: str, **properties: Any) -> dict[str, Any]:
    return {"id": name, "displayName": name.capitalize(), "securityEnabled": True, "groupTypes": [], **properties}


def group(name: str, role: str = ROLE) -> Assignment:
    return Assignment(name, PrincipalKind.GROUP, f"group {name}", role)


def user(name: str) -> Assignment:
    return Assignment(name, PrincipalKind.USER, f"user {name}", ROLE)


def listed(*items: dict[str, Any], more: str = "", count: int | None = None) -> httpx2.Response:
    told = {"@odata.nextLink": more, "@odata.count": count}
    return ok({"value": list(items)} | {name: value for name, value in told.items() if value not in ("", None)})


class Company:
    """Answers for groups, their members, and users."""

    def __init__(self, *users: dict[str, Any], **groups: tuple[dict[str, Any], list[str], list[str]]) -> None:
        self.users = {one["id"]: one for one in users}
        self.groups = groups
        self.script = answers()
        self.script.answer_with = self.answer

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        asked = {name: value[0] for name, value in parse_qs(urlsplit(str(request.url)).query).items()}
        path = request.url.path.removeprefix("/v1.0/").split("/")
        match path:
            case ["groups"]:
                return listed(*(node for node, _, _ in self.groups.values() if f"'{node['id']}'" in asked["$filter"]))
            case ["users"]:
                only = asked.get("$filter")
                return listed(*(one for name, one in self.users.items() if only is None or f"'{name}'" in only))
            case ["groups", name, "members", "microsoft.graph.user"]:
                members = [self.users[member] for member in self.groups[name][1]]
                return listed(*members[:1], count=len(members)) if "$count" in asked else listed(*members)
            case ["groups", name, "members", "microsoft.graph.group"]:
                return listed(*({"id": nested, "displayName": nested} for nested in self.groups[name][2]))
            case _:
                return refusal(404)


async def read(script: Script, *principals: Assignment, at_most: int = 10, **asked: Any) -> People:
    options: dict[str, Any] = {"attributes": (), "everybody": False} | asked
    return await script.graph().people(principals, at_most=at_most, **options)


def options(script: Script, place: int) -> dict[str, str]:
    return {name: value[0] for name, value in parse_qs(urlsplit(str(script.requests[place].url)).query).items()}


async def test_only_the_attributes_that_matter_are_asked_for_by_graphs_names() -> None:
    script = answers(listed(a_user("ada", mobilePhone="1", businessPhones=["2", "3"])))

    people = await read(script, attributes=("mobile", "telephoneNumber"), everybody=True)

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


@pytest.mark.parametrize("shown", [{"accountEnabled": None, "userPrincipalName": None}, {"accountEnabled": None}])
async def test_people_of_whom_graph_shows_that_they_are_there_and_no_more_are_not_judged(shown: dict[str, Any]) -> None:
    company = Company(a_user("ada", **shown), staff=(a_group("staff"), ["ada"], []))

    with pytest.raises(MissingPermissionError, match="there is a user ada, and not the attributes that decide") as said:
        await read(company.script, group("staff"))

    assert said.value.hint == "Grant it User.Read.All."


async def test_a_group_whose_membership_is_hidden_is_known_as_one() -> None:
    company = Company(staff=(a_group("staff", visibility="HiddenMembership"), [], []))

    people = await read(company.script, group("staff"))

    assert (people.groups[0].hides_members, people.groups[0].members) == (True, 0)


async def test_the_token_is_not_sent_to_another_address() -> None:
    script = answers(listed(a_user("ada"), more="https://evil.example/v1.0/users?$skiptoken=1"))

    with pytest.raises(GraphError, match=r"Graph points to evil\.example for the next page, which is not asked\."):
        await read(script, everybody=True)

    assert len(script.requests) == 1


async def test_reading_stops_at_the_limit_and_says_so() -> None:
    script = answers(listed(*(a_user(f"p{number}") for number in range(5)), more="https://graph.example/v1.0/x"))

    people = await read(script, everybody=True, at_most=3)

    assert (len(people), people.is_complete, len(script.requests)) == (3, False, 1)


async def test_people_come_through_groups_and_by_themselves_and_each_way_is_told() -> None:
    company = Company(
        a_user("ada"),
        a_user("alan", accountEnabled=False),
        g1=(a_group("g1"), ["ada"], []),
        g2=(a_group("g2"), ["ada", "alan"], []),
    )

    people = await read(company.script, group("g1"), group("g2"), user("alan"))

    assert [(one.name, one.is_enabled, set(one.through)) for one in people.persons] == [
        ("Ada (ada@contoso.com)", True, {"g1", "g2"}),
        ("Alan (alan@contoso.com)", False, {"g2", "alan"}),
    ]


async def test_groups_cost_one_look_for_fifteen_and_two_requests_each() -> None:
    company = Company(a_user("alan"), g1=(a_group("g1"), [], []), g2=(a_group("g2"), [], []))

    await read(company.script, group("g1"), group("g2"), user("alan"))

    assert company.script.sent == [
        "GET /v1.0/groups",
        "GET /v1.0/groups/g1/members/microsoft.graph.user",
        "GET /v1.0/groups/g1/members/microsoft.graph.group",
        "GET /v1.0/groups/g2/members/microsoft.graph.user",
        "GET /v1.0/groups/g2/members/microsoft.graph.group",
        "GET /v1.0/users",
    ]
    assert options(company.script, 0)["$filter"] == "id in ('g1','g2')"
    assert options(company.script, 5)["$filter"] == "id in ('alan')"


async def test_a_group_that_holds_two_roles_is_read_once() -> None:
    company = Company(a_user("ada"), g1=(a_group("g1"), ["ada"], []))

    people = await read(company.script, group("g1"), group("g1", role="r2"))

    assert (len(people.groups), len(company.script.requests)) == (1, 3)


async def test_a_principal_need_not_exist() -> None:
    people = await read(Company().script, group("gone"), user("nobody"))

    assert people.groups == (AssignedGroup("gone", "group gone", is_there=False),)
    assert len(people) == 0


async def test_a_group_tells_its_size_and_the_groups_that_it_holds() -> None:
    company = Company(a_user("ada"), g1=(a_group("g1"), ["ada"], ["Sales", "Ops"]), g2=(a_group("g2"), [], []))

    people = await read(company.script, group("g1"), group("g2"))

    assert people.groups == (
        AssignedGroup("g1", "G1", members=1, holds_groups=("Ops", "Sales")),
        AssignedGroup("g2", "G2"),
    )


async def test_a_group_that_is_not_security_enabled_brings_nobody_in_and_its_members_are_not_read() -> None:
    unified = a_group("g1", securityEnabled=False, groupTypes=["Unified"])
    company = Company(a_user("ada"), g1=(unified, ["ada"], []))

    people = await read(company.script, group("g1"))

    assert people.groups == (AssignedGroup("g1", "G1", is_security_enabled=False, is_microsoft_365=True),)
    assert (len(people), company.script.sent) == (0, ["GET /v1.0/groups"])


async def test_a_microsoft_365_group_that_is_security_enabled_brings_its_members() -> None:
    company = Company(a_user("ada"), g1=(a_group("g1", groupTypes=["Unified"]), ["ada"], []))

    people = await read(company.script, group("g1"))

    assert people.groups == (AssignedGroup("g1", "G1", is_microsoft_365=True, members=1),)
    assert len(people) == 1


@pytest.mark.parametrize("at_most", [1, 2, 3])
async def test_a_group_beyond_the_limit_is_counted_and_not_told_to_be_empty(at_most: int) -> None:
    users = [a_user(name) for name in ("ada", "alan", "grace", "joan")]
    company = Company(*users, g1=(a_group("g1"), ["ada", "alan"], []), g2=(a_group("g2"), ["grace", "joan"], []))

    people = await read(company.script, group("g1"), group("g2"), everybody=True, at_most=at_most)

    assert ([one.members for one in people.groups], len(people), people.is_complete) == ([2, 2], at_most, False)


async def test_counting_asks_as_the_directory_wants_it() -> None:
    company = Company(a_user("ada"), g1=(a_group("g1"), ["ada"], []))

    await read(company.script, group("g1"), at_most=0)

    assert options(company.script, 2) == {"$select": "id", "$top": "1", "$count": "true"}
    assert company.script.requests[2].headers["ConsistencyLevel"] == "eventual"


async def test_many_users_are_asked_for_fifteen_at_a_time() -> None:
    company = Company(*(a_user(f"p{number}") for number in range(31)))

    people = await read(company.script, *(user(f"p{number}") for number in range(31)), at_most=100)

    assert (len(people), company.script.sent) == (31, ["GET /v1.0/users"] * 3)


async def test_everybody_and_who_of_them_is_brought_along() -> None:
    company = Company(a_user("alan"), a_user("ada"))

    people = await read(company.script, user("ada"), everybody=True)

    assert [(one.id, one.through) for one in people.persons] == [
        ("ada", {"ada"}),
        ("alan", frozenset()),
    ]


async def test_those_who_are_brought_along_come_before_everybody_at_the_limit() -> None:
    company = Company(a_user("alan"), a_user("ada"), g1=(a_group("g1"), ["ada"], []))

    people = await read(company.script, group("g1"), everybody=True, at_most=1)

    assert [one.id for one in people.persons] == ["ada"]


async def test_a_quote_in_an_id_stays_inside_the_question() -> None:
    company = Company()

    await read(company.script, user("o'neill"))

    assert options(company.script, 0)["$filter"] == "id in ('o''neill')"


async def test_what_graph_does_not_have_is_named_and_not_asked_for() -> None:
    script = answers(listed(a_user("ada")))

    people = await read(script, attributes=("manager", "department"), everybody=True)

    assert people.unreadable == {"manager"}
    assert "manager" not in options(script, 0)["$select"]


async def test_managers_are_read_when_somebody_asks_for_them() -> None:
    boss = {"id": "grace", "displayName": "Grace", "userPrincipalName": "grace@contoso.com"}
    script = answers(listed(a_user("ada")), listed({"id": "ada", "manager": boss}))

    people = await read(script, attributes=("manager",), everybody=True)

    assert people.persons[0].manager == ("grace", "Grace (grace@contoso.com)")
    assert options(script, 1)["$expand"] == "manager($select=id,displayName,userPrincipalName)"


async def test_people_are_read_even_where_graph_does_not_tell_their_managers() -> None:
    people = await read(answers(listed(a_user("ada")), refusal(400)), attributes=("manager",), everybody=True)

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
    assert unknown_among(["extensionAttribute16"]) == {"extensionAttribute16"}


async def test_an_attribute_that_a_tenant_added_is_asked_for_and_read() -> None:
    script = answers(listed(a_user("ada", costCentre="7"), a_user("alan", costCentre=None)))

    people = await read(script, attributes=("costCentre",), everybody=True)

    assert "costCentre" in options(script, 0)["$select"]
    assert [one.attributes for one in people.persons] == [{"costCentre": "7"}, {"costCentre": None}]
    assert not people.unreadable


async def test_an_attribute_that_graph_leaves_out_of_every_answer_is_unreadable() -> None:
    people = await read(answers(listed(a_user("ada"))), attributes=("costCentre",), everybody=True)

    assert people.unreadable == {"costCentre"}


async def test_nothing_is_called_unreadable_where_nobody_was_read() -> None:
    assert (await read(answers(listed()), attributes=("costCentre",), everybody=True)).unreadable == set()


async def test_an_attribute_that_graph_refuses_does_not_keep_the_others_from_being_read() -> None:
    script = answers(refusal(400, "BadRequest"), listed(a_user("ada", department="Sales")))

    people = await read(script, attributes=("costCentre", "department"), everybody=True)

    assert people.unreadable == {"costCentre"}
    assert people.persons[0].attributes["department"] == "Sales"
    assert "costCentre" not in options(script, 1)["$select"]


async def test_a_refusal_that_is_not_about_an_attribute_travels() -> None:
    script = answers(refusal(400, "BadRequest"))

    with pytest.raises(GraphError):
        await read(script, attributes=("costCentre",), everybody=True)

    assert len(script.requests) == 2


async def test_a_directory_extension_without_a_value_is_readable_though_graph_leaves_it_out() -> None:
    name = "extension_" + "0" * 32 + "_level"

    people = await read(answers(listed(a_user("ada"))), attributes=(name,), everybody=True)

    assert people.persons[0].attributes == {name: None}
    assert not people.unreadable
