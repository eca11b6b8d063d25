"""Apps, roles, assignments and the people whom they bring along, as the emulator learnt them from Graph's reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from answers import JumpingClock
from asking import elium_app, graph_of, named
from contract.places import KnownToken

from emulator import Emulator
from emulator.company.store import Kind
from provisioning.graph.client import GraphClient
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.identifiers import ServicePrincipalId
from provisioning.model.person import AssignedGroup

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

GROUPS = ("Elium users", "Engineering", "Marketing", "Guests")


@dataclass(frozen=True, slots=True)
class Company:
    emulator: Emulator
    graph: GraphClient
    app: dict[str, Any]

    @property
    def principal(self) -> ServicePrincipalId:
        return ServicePrincipalId(self.app["servicePrincipal"]["id"])

    def group(self, name: str) -> Assignment:
        return Assignment(named(self.emulator, Kind.GROUP, name).id, PrincipalKind.GROUP, name, role="r")

    def user(self, name: str) -> Assignment:
        return Assignment(named(self.emulator, Kind.USER, name).id, PrincipalKind.USER, name, role="r")

    async def assign(self, principal: str, role: str) -> None:
        body = {"principalId": principal, "resourceId": self.principal, "appRoleId": role}
        async with graph_of(self.emulator) as http:
            answer = await http.post(f"/servicePrincipals/{self.principal}/appRoleAssignedTo", json=body)
            answer.raise_for_status()


@pytest.fixture
async def company() -> AsyncIterator[Company]:
    emulator = Emulator()
    async with graph_of(emulator) as http:
        app = await elium_app(http)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(emulator.app)) as http:
        yield Company(emulator, GraphClient(http, KnownToken(emulator), emulator.origin, JumpingClock()), app)


async def test_an_app_is_found_by_its_template_and_name(company: Company) -> None:
    template = company.app["servicePrincipal"]["applicationTemplateId"]

    (found,) = await company.graph.apps_of(template, "Elium (prod)")

    assert (found.service_principal, found.app_id) == (company.principal, company.app["application"]["appId"])
    assert await company.graph.application(found.app_id) == company.app["application"]["id"]
    assert await company.graph.application(template) == ""
    assert await company.graph.apps_of(template, "elium (PROD)") == ()
    assert await company.graph.apps_of("8adf8e6e-67b2-4cf2-a259-e3dc5476c621", "Elium (prod)") == ()


async def test_a_group_and_a_user_who_are_assigned_are_told_with_their_role(company: Company) -> None:
    role = next(one for one in await company.graph.app_roles(company.principal) if one.name == "User")
    for one in (company.group("Elium users"), company.user("Ada Byron")):
        await company.assign(one.principal, role.id)

    found = await company.graph.assignments(company.principal)

    assert [(one.name, one.kind, one.role) for one in found] == [
        ("Ada Byron", PrincipalKind.USER, role.id),
        ("Elium users", PrincipalKind.GROUP, role.id),
    ]
    assert role.is_for_people
    assert all(one.id for one in found)


async def test_a_group_and_a_user_are_asked_from_their_own_end_how_they_are_assigned(company: Company) -> None:
    role = next(one for one in await company.graph.app_roles(company.principal) if one.name == "User")
    group, ada, other = company.group("Elium users"), company.user("Ada Byron"), company.group("Engineering")
    for one in (group, ada):
        await company.assign(one.principal, role.id)

    for one in (group, ada):
        (found,) = await company.graph.assignments_held_by(one, company.principal)
        assert (found.principal, found.kind, found.role) == (one.principal, one.kind, role.id)
        assert await company.graph.assignments_held_by(one, ServicePrincipalId(other.principal)) == ()
    assert await company.graph.assignments_held_by(other, company.principal) == ()


async def test_who_is_gone_is_not_assigned(company: Company) -> None:
    for kind in PrincipalKind:
        gone = Assignment("11111111-1111-1111-1111-111111111111", kind, "Gone", role="r")
        assert await company.graph.assignments_held_by(gone, company.principal) == ()


async def test_groups_tell_what_keeps_them_from_bringing_people(company: Company) -> None:
    people = await company.graph.people(
        [company.group(name) for name in GROUPS], attributes=["mail"], everybody=False, at_most=100
    )

    facts = [(one.name, one.members, one.holds_groups, one.is_microsoft_365) for one in people.groups]
    assert facts == [
        ("Elium users", 11, (), False),
        ("Engineering", 1, ("Compiler team", "Platform team"), False),
        ("Marketing", 0, (), True),
        ("Guests", 1, (), False),
    ]
    assert [one.is_security_enabled for one in people.groups] == [True, True, False, True]


async def test_groups_beyond_the_limit_are_counted_over_graph(company: Company) -> None:
    people = await company.graph.people([company.group("Elium users")], attributes=[], everybody=True, at_most=3)

    assert people.groups[0].members == 11
    assert (len(people), people.is_complete) == (3, False)


async def test_a_person_is_told_with_every_principal_that_brings_them(company: Company) -> None:
    users, administrators = company.group("Elium users"), company.group("Elium administrators")
    ada = company.user("Ada Byron")

    people = await company.graph.people([users, administrators, ada], attributes=[], everybody=False, at_most=100)

    through = {one.id: one.through for one in people.persons}
    assert through[ada.principal] == {users.principal, administrators.principal, ada.principal}
    assert len(through) == 12


async def test_a_group_and_a_user_who_do_not_exist_bring_nobody(company: Company) -> None:
    gone = "11111111-1111-1111-1111-111111111111"
    principals = [Assignment(gone, kind, "Gone", role="r") for kind in PrincipalKind]

    people = await company.graph.people(principals, attributes=[], everybody=False, at_most=100)

    assert (people.persons, people.groups) == ((), (AssignedGroup(gone, "Gone", is_there=False),))


async def test_an_app_of_the_gallery_is_found_by_its_name(company: Company) -> None:
    (found,) = await company.graph.gallery_apps("elium")

    assert found.template == company.app["servicePrincipal"]["applicationTemplateId"]
    assert "sync" in found.provisioning_types
    assert await company.graph.gallery_apps("Elum") == ()


async def test_groups_and_users_are_found_by_what_people_write(company: Company) -> None:
    group, user = company.group("Elium users"), company.user("Ada Byron")
    asked = [
        (PrincipalKind.GROUP, "displayName", "elium USERS"),
        (PrincipalKind.GROUP, "id", group.principal),
        (PrincipalKind.USER, "userPrincipalName", "ada.byron@contoso.com"),
        (PrincipalKind.USER, "mail", "ada.byron@contoso.com"),
        (PrincipalKind.USER, "displayName", "Ada Byron"),
        (PrincipalKind.USER, "id", user.principal),
        (PrincipalKind.USER, "id", group.principal),
    ]

    found = [[one.id for one in await company.graph.principals_by(*each)] for each in asked]

    assert found == [[group.principal]] * 2 + [[user.principal]] * 4 + [[]]
