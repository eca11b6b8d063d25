"""The plan resource: what it keeps, what it asks, what it refuses before anybody is touched, and what it hands over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from builders import ADDRESS as TARGET
from builders import PRINCIPAL, TOKEN, a_job, a_schema, an_assignment, some_people
from pulumi_engine import LEAST, Pulumi
from recording import USER_ROLE, RecordingService

from provisioning.errors import (
    ConfigurationError,
    CredentialsRejectedError,
    NotFoundError,
    UnavailableError,
    UnsafeChangeError,
)
from provisioning.graph.apps import AppFound
from provisioning.model.identifiers import ServicePrincipalId
from provisioning.model.person import People
from provisioning.provider.plan_resource import PlanCallbacks
from provisioning.provider.properties import UNKNOWN

STAFF = {"principalId": "staff", "kind": "group", "name": "Staff"}
GUESTS = {"principalId": "guests", "kind": "group", "name": "Guests"}
APP: dict[str, Any] = {"galleryTemplateId": "gallery", "displayName": "Elium", "role": "User"}
DECLARED: dict[str, Any] = {**APP, "assignments": [STAFF]}
TITLE: dict[str, Any] = {"mappings": {"users": {"title": "[mail]"}}}
SALES: dict[str, Any] = {"filters": {"users": ["department EQUALS Sales"]}}
NO_APP_YET: dict[str, Any] = {"servicePrincipalId": UNKNOWN}
VALIDATE = f"validate {TARGET}"
ANOTHER = AppFound(ServicePrincipalId("another"), "app-2", "Elium")


def a_stack(**differences: Any) -> Pulumi:
    """Give a stack with a plan, in front of a group of three."""
    usual = {"people_held": People(some_people(3)), "template_schema": a_schema()}
    return Pulumi(RecordingService(**(usual | differences)), is_planned=True)


async def up_and_running(**written: Any) -> Pulumi:
    """Give a stack that is up, whose job has run, and of which nothing was asked yet."""
    stack = a_stack()
    await stack.up(**(DECLARED | written))
    stack.service.let_it_run()
    stack.forget()
    return stack


def checked(written: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    stack = a_stack()
    return PlanCallbacks(stack.process()).check(dict(before or {}), {**LEAST, **written}, salt=b"salt")


# What it keeps.


def test_a_check_keeps_a_digest_of_the_declaration_and_the_tokens_fingerprint() -> None:
    inputs = checked(DECLARED | TITLE | SALES | {"scope": "all", "deleteThreshold": 7})

    assert inputs.keys() == {
        *("servicePrincipalId", "secretToken", "assignments", "declaration"),
        *("galleryTemplateId", "displayName", "role"),
    }
    assert len(inputs["declaration"]) == 16
    assert inputs["secretToken"].startswith("scrypt:")


@pytest.mark.parametrize(
    "other", [{"scope": "all"}, TITLE, SALES, {"status": "off"}, {"baseAddress": "https://x.example"}]
)
def test_the_digest_follows_each_part_of_the_declaration(other: dict[str, Any]) -> None:
    assert checked(DECLARED | other)["declaration"] != checked(DECLARED)["declaration"]


@pytest.mark.parametrize(
    "other", [{"acceptLeavers": 3}, {"onDestroy": "retain"}, {"assignments": []}, {"secretToken": "another-token-1234"}]
)
def test_the_digest_leaves_out_what_is_told_apart_by_itself(other: dict[str, Any]) -> None:
    assert checked(DECLARED | other)["declaration"] == checked(DECLARED)["declaration"]


def test_every_mistake_is_told_with_its_place() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        checked({"scop": "all", "secretToken": "", "mappings": {"users": {"title": "[mail"}}})

    places = [reason.partition(":")[0] for reason in refusal.value.reasons]
    assert places == ["mappings.users.title.source", "secretToken", "scop"]


def test_who_is_declared_in_another_order_is_not_a_change() -> None:
    assert checked({"assignments": [STAFF, GUESTS]}) == checked({"assignments": [GUESTS, STAFF]})


def test_what_is_not_known_before_the_update_is_marked() -> None:
    inputs = checked(DECLARED | NO_APP_YET | {"baseAddress": UNKNOWN, "secretToken": UNKNOWN})

    unknown = {name for name, value in inputs.items() if value is UNKNOWN}
    assert unknown == {"servicePrincipalId", "declaration", "secretToken"}


async def test_the_state_holds_nothing_of_the_token_and_nothing_of_the_declaration() -> None:
    stack = await up_and_running(**TITLE)

    assert TOKEN not in str((stack.plan.state, stack.plan.inputs))
    assert "[mail]" not in str((stack.plan.state, stack.plan.inputs))
    assert stack.plan.state["roleId"] == USER_ROLE.id


# The first preview.


async def test_a_first_preview_counts_the_people_of_the_groups_that_are_named() -> None:
    stack = a_stack()

    await stack.up(preview=True, **DECLARED, **NO_APP_YET)

    assert stack.service.asked == ["apps gallery Elium", "people Staff:"]
    assert any("3 would enter" in text for text in stack.texts)


async def test_a_first_preview_is_told_once_by_the_plan_and_not_again_by_the_job() -> None:
    stack = a_stack()

    await stack.up(preview=True, **DECLARED, **NO_APP_YET)

    assert sum(text.startswith("plan ") for text in stack.texts) == 1


async def test_a_first_preview_refuses_an_app_of_this_name_that_the_stack_does_not_know() -> None:
    stack = a_stack(apps_held=(ANOTHER,))

    with pytest.raises(ConfigurationError, match="an application 'Elium' of this gallery app exists already"):
        await stack.up(preview=True, **DECLARED, **NO_APP_YET)


async def test_a_first_preview_refuses_a_deployment_by_which_nobody_would_be_provisioned() -> None:
    stack = a_stack(people_held=People(some_people(3, department="IT")))

    with pytest.raises(UnsafeChangeError, match="3 people were looked at, and nobody would be provisioned"):
        await stack.up(preview=True, **DECLARED, **NO_APP_YET, **SALES)


async def test_a_first_preview_refuses_what_cannot_be_written_without_a_call() -> None:
    stack = a_stack()

    with pytest.raises(ConfigurationError, match=r"mappings\.users\.title"):
        await stack.up(preview=True, **DECLARED, **NO_APP_YET, mappings={"users": {"title": "[givenName"}})

    assert stack.connections == 0


@pytest.mark.parametrize("unknown", [{"scope": UNKNOWN}, {"assignments": [{**STAFF, "principalId": UNKNOWN}]}])
async def test_what_only_the_update_will_know_is_told_and_not_guessed(unknown: dict[str, Any]) -> None:
    stack = a_stack()

    await stack.up(preview=True, **(DECLARED | NO_APP_YET | unknown))

    assert stack.service.asked == []
    assert stack.warnings == [
        "What is declared depends on what only the update will know, so nobody can be counted yet."
    ]


# A first deployment.


async def test_a_first_deployment_judges_before_anybody_is_assigned_and_the_job_carries_it_out() -> None:
    stack = a_stack()

    await stack.up(**DECLARED, **TITLE)

    assert stack.service.asked == [
        "roles",
        "jobs",
        "templates",
        "assignments",
        "apps gallery Elium",
        "people Staff: mail, userPrincipalName",
        VALIDATE,
        "create job elium",
        "save secrets",
        "schema",
        "save schema",
        "start",
    ]


async def test_both_resources_keep_one_fingerprint() -> None:
    stack = await up_and_running()

    assert stack.plan.inputs["secretToken"] == stack.inputs["secretToken"]


async def test_the_job_keeps_the_role_that_the_plan_found() -> None:
    stack = await up_and_running()

    assert stack.inputs["assignments"] == [{**STAFF, "role": USER_ROLE.id}]


REFUSED = [
    (SALES, {"people_held": People(some_people(3, department="IT"))}, UnsafeChangeError),
    ({"mappings": {"users": {"titel": "[mail]"}}}, {}, ConfigurationError),
    ({"role": "Admin"}, {}, ConfigurationError),
    ({"templateId": "elum"}, {}, ConfigurationError),
    ({}, {"apps_held": (ANOTHER,)}, ConfigurationError),
    ({}, {"refusing": {"validate": CredentialsRejectedError("no")}}, CredentialsRejectedError),
    ({}, {"refusing": {"jobs": UnavailableError("away", status=503)}}, UnavailableError),
]


@pytest.mark.parametrize(("written", "held", "error"), REFUSED)
async def test_what_is_refused_is_refused_before_anybody_is_assigned_and_a_job_is_made(
    written: dict[str, Any], held: dict[str, Any], error: type[Exception]
) -> None:
    stack = a_stack(**held)

    with pytest.raises(error):
        await stack.up(**(DECLARED | written))

    assert (stack.service.writes, stack.service.assignments_held, stack.plan.id, stack.id) == ([], (), "", "")


async def test_the_app_that_this_stack_made_is_not_a_second_one() -> None:
    stack = a_stack(apps_held=(AppFound(PRINCIPAL, "app-1", "Elium"),))

    await stack.up(**DECLARED)

    assert stack.id


async def test_once_the_app_is_known_nobody_asks_for_others_of_its_name() -> None:
    stack = await up_and_running()
    stack.service.apps_held = (ANOTHER,)

    await stack.up(**DECLARED, **TITLE)

    assert not any(asked.startswith("apps") for asked in stack.service.asked)


async def test_a_job_that_is_there_is_adopted_and_judged() -> None:
    stack = a_stack(
        held=a_job(on=True, status="Active"),
        assignments_held=(an_assignment(),),
        people_held=People(some_people(6, department="IT")),
    )

    with pytest.raises(UnsafeChangeError, match="6 of 6 people in scope would leave"):
        await stack.up(**DECLARED, **SALES)

    assert stack.service.writes == []


# A change.


async def test_running_it_again_asks_for_the_jobs_alone() -> None:
    stack = await up_and_running()

    await stack.up(**DECLARED)

    assert (stack.service.asked, stack.told) == (["jobs"], [])


async def test_the_role_is_looked_up_once() -> None:
    stack = await up_and_running()

    await stack.up(**DECLARED, **TITLE)

    assert "roles" not in stack.service.asked


async def test_another_role_is_looked_up() -> None:
    stack = await up_and_running()

    with pytest.raises(ConfigurationError, match="has no role 'Admin'; it has User"):
        await stack.up(**(DECLARED | {"role": "Admin"}))


async def test_a_mapping_is_planned_once_and_handed_over() -> None:
    stack = await up_and_running()

    await stack.up(**DECLARED, **TITLE)

    assert stack.service.asked == ["jobs", "assignments", "secrets", "schema", "save schema"]
    assert sum(text.startswith("plan ") for text in stack.texts) == 1


async def test_a_group_that_is_taken_out_is_told_by_name_with_its_people() -> None:
    stack = await up_and_running()

    await stack.up(preview=True, **(DECLARED | {"assignments": []}), acceptLeavers=3)

    assert any("- assignment of group Staff" in text for text in stack.texts)
    assert any("3 would leave: P0 of staff, P1 of staff, P2 of staff" in text for text in stack.texts)


@pytest.mark.parametrize("preview", [True, False])
async def test_a_group_that_is_taken_out_is_refused_while_everybody_would_leave(preview: bool) -> None:  # noqa: FBT001 - a parameter of the test
    stack = await up_and_running()

    with pytest.raises(UnsafeChangeError) as refusal:
        await stack.up(preview=preview, **(DECLARED | {"assignments": []}))

    assert refusal.value.hint == "If that is meant, accept it by name: acceptLeavers: 3"
    assert (stack.service.writes, stack.service.assignments_held) == ([], (an_assignment(),))


async def test_a_group_that_is_added_is_braked_by_the_number_of_those_who_enter() -> None:
    stack = await up_and_running()
    stack.service.people_held = People((*some_people(3), *some_people(6, through="guests")))
    added = DECLARED | {"assignments": [STAFF, GUESTS]}

    with pytest.raises(UnsafeChangeError, match="6 people would enter, beside 3 in scope now") as refusal:
        await stack.up(**added)
    await stack.up(**added, acceptEntrants=6)

    assert refusal.value.hint == "If that is meant, accept it by name: acceptEntrants: 6"
    assert [each.name for each in stack.service.assignments_held] == ["Staff", "Guests"]


async def test_people_who_stay_through_another_group_do_not_leave() -> None:
    stack = await up_and_running(assignments=[STAFF, GUESTS])
    both = frozenset({"staff", "guests"})
    stack.service.people_held = People(tuple(replace(each, through=both) for each in some_people(9)))

    await stack.up(**DECLARED)

    assert [each.name for each in stack.service.assignments_held] == ["Staff"]


async def test_assignments_alone_change_nothing_of_the_job() -> None:
    stack = await up_and_running()
    stack.service.people_held = People((*some_people(3), *some_people(2, through="guests")))

    await stack.up(**(DECLARED | {"assignments": [STAFF, GUESTS]}))

    assert stack.service.writes == []


async def test_an_assignment_that_somebody_else_made_is_not_taken_for_one_that_goes() -> None:
    stack = await up_and_running()
    stack.service.assignments_held = (an_assignment(), an_assignment("By hand"))

    await stack.up(preview=True, **DECLARED, **TITLE)

    assert not any("By hand" in text for text in stack.texts)


# An acceptance is of one change.


async def test_a_number_that_accepted_one_change_does_not_accept_the_next() -> None:
    stack = await up_and_running()
    stack.service.people_held = People(some_people(6, department="IT"))
    await stack.up(**DECLARED, acceptLeavers=6, filters={"users": ["department NOT EQUALS IT"]})
    stack.service.people_held = People(some_people(6, department="Sales"))

    with pytest.raises(UnsafeChangeError) as refusal:
        await stack.up(**DECLARED, acceptLeavers=6, filters={"users": ["department EQUALS HR"]})

    assert refusal.value.hint.startswith("acceptLeavers: 6 accepted the last change already. If that is meant, take it")


async def test_taking_an_acceptance_out_is_not_a_change_and_lets_it_be_written_again() -> None:
    stack = await up_and_running()
    stack.service.people_held = People(some_people(6, department="IT"))
    filtered: dict[str, Any] = {"filters": {"users": ["department NOT EQUALS IT"]}}
    await stack.up(**DECLARED, **filtered, acceptLeavers=6)
    stack.service.people_held = People(some_people(6, department="Sales"))
    stack.forget()

    await stack.up(**DECLARED, **filtered)
    without = list(stack.service.asked)
    await stack.up(**DECLARED, acceptLeavers=6, filters={"users": ["department EQUALS HR"]})

    assert (without, stack.service.writes) == (["jobs"], ["save schema"])


# The token.


async def test_a_new_token_is_tested_by_the_plan_and_saved_by_the_job_without_a_second_test() -> None:
    stack = await up_and_running()

    await stack.up(**DECLARED, secretToken="another-token-of-this-year")

    assert [asked for asked in stack.service.asked if asked in (VALIDATE, "save secrets")] == [VALIDATE, "save secrets"]


async def test_a_token_that_lies_in_the_environment_reaches_both_resources() -> None:
    stack = Pulumi(RecordingService(people_held=People(some_people(3))), is_planned=True, environment={"ELIUM": TOKEN})

    await stack.up(**DECLARED, secretToken="env:ELIUM")

    assert stack.plan.inputs["secretToken"] == stack.inputs["secretToken"]
    assert TOKEN not in str((stack.plan.state, stack.state))


# A refresh, and what is gone.


async def test_a_refresh_asks_for_the_assignments_and_drops_those_that_vanished() -> None:
    stack = await up_and_running(assignments=[STAFF, GUESTS])
    stack.service.assignments_held = (an_assignment(), an_assignment("By hand"))

    await stack.refresh()

    assert stack.service.asked == ["assignments", "jobs", "secrets"]
    assert stack.plan.inputs["assignments"] == stack.plan.state["assignments"] == [STAFF]


async def test_an_assignment_that_vanished_is_judged_when_it_is_made_again() -> None:
    stack = await up_and_running()
    stack.service.assignments_held = ()
    await stack.refresh()
    stack.service.people_held = People(some_people(7))

    with pytest.raises(UnsafeChangeError, match="7 people would enter"):
        await stack.up(**DECLARED)


async def test_a_refresh_without_drift_leaves_nothing_to_do() -> None:
    stack = await up_and_running(**TITLE)
    await stack.refresh()
    stack.forget()

    await stack.up(**DECLARED, **TITLE)

    assert (stack.service.asked, stack.told) == (["jobs"], [])


async def test_a_plan_of_an_app_that_is_gone_is_forgotten() -> None:
    stack = await up_and_running()
    stack.service.refusing = dict.fromkeys(("assignments", "jobs"), NotFoundError("gone", status=404))

    await stack.refresh()

    assert (stack.plan.id, stack.id) == ("", "")


async def test_a_plan_that_is_destroyed_asks_nobody() -> None:
    stack = await up_and_running()
    stack.service.people_held = People()

    await stack.destroy()

    assert (stack.plan.id, stack.service.writes) == ("", ["pause", "delete job"])


# The app is replaced.

ELSEWHERE: dict[str, Any] = {"servicePrincipalId": "another-principal"}


@pytest.mark.parametrize("known", [ELSEWHERE, NO_APP_YET])
async def test_an_app_is_not_replaced_while_its_job_provisions_people(known: dict[str, Any]) -> None:
    stack = await up_and_running()

    with pytest.raises(UnsafeChangeError, match=r"The application would be replaced, .*Up to 3"):
        await stack.up(preview=True, **DECLARED, **known)

    assert stack.service.writes == []


@pytest.mark.parametrize(
    ("written", "people"), [({"onDestroy": "retain"}, some_people(3)), ({}, ())], ids=["retained", "nobody"]
)
async def test_an_app_is_replaced_where_that_is_accepted_or_nobody_is_left(
    written: dict[str, Any], people: Any
) -> None:
    stack = await up_and_running()
    stack.service.people_held = People(people)

    await stack.up(preview=True, **DECLARED, **NO_APP_YET, **written)


async def test_the_people_of_another_app_are_not_taken_for_leavers() -> None:
    stack = await up_and_running()
    stack.service.held, stack.service.people_held = None, People(some_people(9))

    await stack.up(preview=True, **DECLARED, **ELSEWHERE)

    assert not any("would leave" in text for text in stack.texts)


async def test_a_replaced_app_gets_its_role_looked_up_anew() -> None:
    stack = await up_and_running()
    stack.service.people_held = People()

    await stack.up(preview=True, **DECLARED, **ELSEWHERE)

    assert "roles" in stack.service.asked


# What only one of the two remembers.


async def test_a_job_that_stopped_after_the_plan_was_judged_finishes_by_itself() -> None:
    stack = a_stack(refusing={"save secrets": UnavailableError("away", status=503)})
    with pytest.raises(Exception, match="half-way"):
        await stack.up(**DECLARED)
    stack.service.refusing = {}
    stack.forget()

    await stack.up(**DECLARED)

    assert stack.service.writes == ["save secrets", "start"]


async def test_a_job_that_a_run_before_may_have_made_is_looked_for() -> None:
    stack = a_stack(refusing={"create job": UnavailableError("away", status=503)})
    with pytest.raises(UnavailableError):
        await stack.up(**DECLARED)
    stack.service.refusing = {}

    await stack.up(**DECLARED)

    assert stack.service.writes[-3:] == ["create job elium, perhaps made before", "save secrets", "start"]


async def test_a_change_that_the_job_could_not_carry_out_is_judged_again_with_its_acceptance() -> None:
    stack = await up_and_running()
    stack.service.people_held = People(some_people(6, department="IT"))
    stack.service.refusing = {"save schema": UnavailableError("away", status=503)}
    with pytest.raises(UnavailableError):
        await stack.up(**DECLARED, **SALES, acceptLeavers=6)
    stack.service.refusing = {}

    await stack.up(**DECLARED, **SALES, acceptLeavers=6)

    assert stack.service.writes == ["save schema", "save schema"]
