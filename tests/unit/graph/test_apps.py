"""What is asked of Graph about the app: who has it, the roles it declares, and which apps there are."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from answers import Script, answers, ok, refusal
from builders import PRINCIPAL

from provisioning.errors import NotFoundError
from provisioning.graph.apps import AppFound
from provisioning.model.assignment import AppRole, Assignment, PrincipalKind

PATH = f"/v1.0/servicePrincipals/{PRINCIPAL}"


def an_assignment(name: str, kind: str = "Group", **differences: Any) -> dict[str, Any]:
    node = {"id": f"a-{name}", "principalId": f"p-{name}", "principalType": kind, "principalDisplayName": name}
    return {**node, "appRoleId": "r1", **differences}


def query(script: Script, place: int = 0) -> dict[str, str]:
    return {name: value[0] for name, value in parse_qs(urlsplit(str(script.requests[place].url)).query).items()}


async def test_groups_and_users_who_are_assigned_are_listed_by_name_and_others_are_not() -> None:
    nodes = [an_assignment("Sales"), an_assignment("daemon", "ServicePrincipal"), an_assignment("Ada", "User")]
    script = answers(ok({"value": nodes}))

    assert await script.graph().assignments(PRINCIPAL) == (
        Assignment("p-Ada", PrincipalKind.USER, "Ada", "r1", "a-Ada"),
        Assignment("p-Sales", PrincipalKind.GROUP, "Sales", "r1", "a-Sales"),
    )
    assert (script.sent, query(script)) == ([f"GET {PATH}/appRoleAssignedTo"], {"$top": "999"})


async def test_an_assignment_of_a_group_does_not_count_as_the_users_own() -> None:
    nodes = [an_assignment("Sales"), an_assignment("Ada", "User")]
    script = answers(ok({"value": nodes}))
    ada = Assignment("p-Ada", PrincipalKind.USER, "Ada", "r1", "a-Ada")

    assert await script.graph().assignments_held_by(ada, PRINCIPAL) == (ada,)
    assert script.sent == ["GET /v1.0/users/p-Ada/appRoleAssignments"]
    assert query(script) == {"$filter": f"resourceId eq {PRINCIPAL}", "$top": "999"}


async def test_every_page_of_the_assignments_is_read() -> None:
    more = f"https://graph.example{PATH}/appRoleAssignedTo?$skiptoken=2"
    first = {"value": [an_assignment("Sales")], "@odata.nextLink": more}
    script = answers(ok(first), ok({"value": [an_assignment("Ada", "User")]}))

    assert [one.name for one in await script.graph().assignments(PRINCIPAL)] == ["Ada", "Sales"]


async def test_two_roles_of_one_principal_are_two_assignments_in_the_order_of_their_ids() -> None:
    nodes = [an_assignment("Sales", id="b", appRoleId="r1"), an_assignment("Sales", id="a", appRoleId="r2")]

    found = await answers(ok({"value": nodes})).graph().assignments(PRINCIPAL)

    assert [(one.id, one.role) for one in found] == [("a", "r2"), ("b", "r1")]


async def test_a_principal_without_a_name_is_known_by_its_id() -> None:
    script = answers(ok({"value": [an_assignment("Sales", principalDisplayName=None)]}))

    assert [one.name for one in await script.graph().assignments(PRINCIPAL)] == ["p-Sales"]


async def test_the_roles_of_an_app_are_read_with_who_may_hold_them() -> None:
    roles = [
        {"id": "r1", "displayName": "User", "value": None, "isEnabled": True, "allowedMemberTypes": ["User"]},
        {"id": "r2", "displayName": "API", "value": "api", "isEnabled": False, "allowedMemberTypes": ["Application"]},
    ]
    script = answers(ok({"id": PRINCIPAL, "appRoles": roles}))

    assert await script.graph().app_roles(PRINCIPAL) == (
        AppRole("r1", "User"),
        AppRole("r2", "API", "api", is_enabled=False, is_for_people=False),
    )
    assert (script.sent, query(script)) == ([f"GET {PATH}"], {"$select": "id,appRoles"})


async def test_the_roles_of_an_app_that_was_made_a_moment_ago_are_waited_for() -> None:
    script = answers(refusal(404), refusal(404), ok({"id": PRINCIPAL, "appRoles": []}))

    assert (await script.graph().app_roles(PRINCIPAL), len(script.clock.slept)) == ((), 2)


async def test_an_app_that_never_appears_is_told_within_two_minutes() -> None:
    script = answers(refusal(404, "Request_ResourceNotFound"))

    with pytest.raises(NotFoundError):
        await script.graph().app_roles(PRINCIPAL)

    assert sum(script.clock.slept) <= 120


async def test_apps_of_a_template_are_found_by_their_exact_name() -> None:
    nodes = [
        {"id": "2", "appId": "b", "displayName": "Elium"},
        {"id": "1", "appId": "a", "displayName": "Elium"},
        {"id": "3", "appId": "c", "displayName": "elium"},
        {"id": "4", "appId": "d", "displayName": "Elium (test)"},
    ]
    script = answers(ok({"value": nodes}))

    assert await script.graph().apps_of("7c1", "Elium") == (AppFound("1", "a", "Elium"), AppFound("2", "b", "Elium"))  # type: ignore[arg-type]  # short ids
    assert query(script)["$filter"] == "applicationTemplateId eq '7c1'"


async def test_a_quote_in_a_template_stays_inside_the_question() -> None:
    script = answers(ok({"value": []}))

    assert await script.graph().apps_of("o'neill", "Elium") == ()
    assert query(script)["$filter"] == "applicationTemplateId eq 'o''neill'"


async def test_an_application_is_found_by_what_all_tenants_call_it() -> None:
    script = answers(ok({"id": "a1"}))

    assert await script.graph().application("c0ffee00-0000-4000-8000-000000000001") == "a1"
    assert script.sent == ["GET /v1.0/applications(appId='c0ffee00-0000-4000-8000-000000000001')"]


async def test_an_application_of_another_tenant_is_not_found() -> None:
    assert await answers(refusal(404, "Request_ResourceNotFound")).graph().application("c0ffee00") == ""
