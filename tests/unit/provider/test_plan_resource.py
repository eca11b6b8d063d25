"""The plan resource: what it keeps, what it asks, and what it refuses before anybody is touched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from builders import ADDRESS as TARGET
from builders import PRINCIPAL, TOKEN, a_job, an_assignment, some_people
from planned_stack import DECLARED, GUESTS, NO_APP_YET, SALES, STAFF, TITLE, a_stack, up_and_running
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
from provisioning.model.assignment import AppRole
from provisioning.model.identifiers import ServicePrincipalId
from provisioning.model.person import People
from provisioning.provider.plan_resource import PlanCallbacks
from provisioning.provider.properties import UNKNOWN

VALIDATE = f"validate {TARGET}"
ANOTHER = AppFound(ServicePrincipalId("another"), "app-2", "Elium")


def checked(written: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    stack = a_stack()
    return PlanCallbacks(stack.process()).check(dict(before or {}), {**LEAST, **written}, salt=b"salt")


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


class Late(RecordingService):
    """A service principal that is there once somebody waits for it."""

    async def app_roles(self, principal: ServicePrincipalId, *, may_be_new: bool = True) -> tuple[AppRole, ...]:
        found = await super().app_roles(principal)
        if not may_be_new:
            raise NotFoundError("no such principal", status=404)
        return found


async def test_an_app_that_was_made_a_moment_ago_is_waited_for_and_that_is_told() -> None:
    stack = Pulumi(Late(people_held=People(some_people(3))), is_planned=True)

    await stack.up(**DECLARED)

    assert stack.service.asked[:2] == ["roles", "roles"]
    assert stack.texts[0] == f"Waiting up to two minutes for the service principal {PRINCIPAL} to appear."
    assert stack.plan.state["roleId"] == USER_ROLE.id


async def test_an_app_that_does_not_come_is_told_as_itself() -> None:
    stack = a_stack(refusing={"roles": NotFoundError("no such principal", status=404)})

    with pytest.raises(NotFoundError, match=f"The service principal {PRINCIPAL} does not exist"):
        await stack.up(**DECLARED)
