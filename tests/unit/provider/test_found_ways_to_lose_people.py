"""Ways in which people were lost, or a run led in a circle, when it was tried with the real engine."""

from __future__ import annotations

from typing import Any

import pytest
from builders import a_closing_schema, some_people
from pulumi_engine import LEAST, Pulumi
from recording import RecordingService

from provisioning.errors import ConflictError, UnsafeChangeError
from provisioning.model.person import People
from provisioning.provider.plan_resource import PlanCallbacks
from provisioning.provider.turn import Turn

STAFF = {"principalId": "staff", "kind": "group", "name": "Staff"}
GUESTS = {"principalId": "guests", "kind": "group", "name": "Guests"}
DECLARED: dict[str, Any] = {"displayName": "Elium", "role": "User", "assignments": [STAFF, GUESTS]}
TITLE: dict[str, Any] = {"mappings": {"users": {"title": "[mail]"}}}


async def up_and_running(**written: Any) -> Pulumi:
    """Give a stack that is up and has run, in front of six people in each of two groups."""
    everybody = People((*some_people(6), *some_people(6, through="guests")))
    service = RecordingService(
        people_held=everybody, template_schema=a_closing_schema(), schema_held=a_closing_schema()
    )
    return await Pulumi.running(service, is_planned=True, **(DECLARED | written))


def unassign(stack: Pulumi, name: str) -> None:
    """Take an assignment away as somebody would in the portal."""
    held = stack.service.assignments_held
    stack.service.assignments_held = tuple(each for each in held if each.name != name)


WITHOUT_GUESTS = DECLARED | {"assignments": [STAFF]}


@pytest.mark.parametrize("preview", [True, False])
@pytest.mark.parametrize("declared", [DECLARED, WITHOUT_GUESTS])
async def test_people_whose_assignment_somebody_took_away_are_not_told_to_enter(
    declared: dict[str, Any], *, preview: bool
) -> None:
    stack = await up_and_running()
    unassign(stack, "Guests")

    with pytest.raises(ConflictError, match=r"^Not assigned any more, although an earlier run assigned it: group G"):
        await stack.up(preview=preview, **declared, **TITLE, acceptEntrants=6)

    assert stack.service.writes == []


async def test_after_a_refresh_what_somebody_took_away_is_judged_and_assigned_again() -> None:
    stack = await up_and_running()
    unassign(stack, "Guests")
    await stack.refresh()

    with pytest.raises(UnsafeChangeError, match="6 people would enter"):
        await stack.up(**DECLARED)
    await stack.up(**DECLARED, acceptEntrants=6)

    assert {each.name for each in stack.service.assignments_held} == {"Staff", "Guests"}


async def test_the_number_that_let_them_in_once_does_not_let_them_in_again() -> None:
    stack = await up_and_running(assignments=[STAFF])
    await stack.up(**DECLARED, acceptEntrants=6)
    unassign(stack, "Guests")
    await stack.refresh()

    with pytest.raises(UnsafeChangeError, match="6 people would enter"):
        await stack.up(**DECLARED, acceptEntrants=6)


async def test_what_somebody_took_away_may_be_taken_out_of_the_program_after_a_refresh() -> None:
    stack = await up_and_running()
    unassign(stack, "Guests")
    await stack.refresh()

    await stack.up(**WITHOUT_GUESTS)

    assert [each.name for each in stack.service.assignments_held] == ["Staff"]


async def test_who_leaves_is_counted_though_the_apps_list_lacks_the_assignment() -> None:
    stack = await up_and_running()
    stack.service.unlisted = frozenset({"Guests"})

    with pytest.raises(UnsafeChangeError, match="6 of 12 people in scope would leave"):
        await stack.up(**WITHOUT_GUESTS)


async def test_who_leaves_is_counted_though_a_refresh_found_the_assignment_nowhere() -> None:
    stack = await up_and_running()
    held = stack.service.assignments_held
    unassign(stack, "Guests")
    await stack.refresh()
    stack.service.assignments_held = held

    with pytest.raises(UnsafeChangeError, match="6 of 12 people in scope would leave"):
        await stack.up(**WITHOUT_GUESTS)


async def test_a_destroy_counts_those_whose_assignment_the_list_lacks() -> None:
    stack = await up_and_running()
    stack.service.unlisted = frozenset({"Staff", "Guests"})

    with pytest.raises(UnsafeChangeError, match=r"^Up to 12 people are provisioned by this job"):
        await stack.destroy()


async def test_a_destroy_is_refused_before_azuread_would_fail_to_delete_what_is_gone() -> None:
    stack = await up_and_running()
    unassign(stack, "Guests")
    unassign(stack, "Staff")

    with pytest.raises(ConflictError, match=r"earlier run assigned it: group Guests, group Staff\."):
        await stack.destroy()
    assert stack.service.writes == []

    await stack.refresh()
    await stack.destroy()
    assert stack.service.held is None


async def test_the_words_that_accept_once_more_do_accept() -> None:
    stack = await up_and_running(acceptLeavers=6)

    with pytest.raises(UnsafeChangeError) as refusal:
        await stack.up(**(DECLARED | {"assignments": [STAFF], "acceptLeavers": 6}))
    _, _, number = refusal.value.hint.rpartition("acceptLeavers: ")
    await stack.up(**(DECLARED | {"assignments": [STAFF], "acceptLeavers": int(number)}))

    assert [each.name for each in stack.service.assignments_held] == ["Staff"]


async def test_a_number_that_accepts_for_one_app_accepts_nothing_for_another_that_is_declared_alike() -> None:
    stack = await up_and_running()
    process = stack.process()
    plan = PlanCallbacks(process)
    fewer = {**LEAST, **DECLARED, "assignments": [STAFF]}
    ours = plan.check(stack.plan.inputs, fewer, salt=b"salt")
    plan.check({}, {**fewer, "servicePrincipalId": "another", "acceptLeavers": 6}, salt=b"salt")

    with pytest.raises(UnsafeChangeError, match="6 of 12 people in scope would leave"):
        await plan.update(Turn(stack.plan.id, stack.plan.state, stack.plan.inputs, ours))
