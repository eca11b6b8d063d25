"""Changes of a stack with a plan: judged once, before anybody is touched, and carried out by the job."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import ADDRESS as TARGET
from builders import TOKEN, a_job, an_assignment, some_people
from planned_stack import DECLARED, GUESTS, STAFF, TITLE, a_stack, up_and_running
from pulumi_engine import Pulumi
from recording import RecordingService

from provisioning.errors import (
    ConfigurationError,
    UnsafeChangeError,
)
from provisioning.model.person import People

VALIDATE = f"validate {TARGET}"


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

    assert refusal.value.hint == "If that is meant, set this, spelled as your other settings are: acceptLeavers: 3"
    assert (stack.service.writes, stack.service.assignments_held) == ([], (an_assignment(),))


async def test_a_group_that_is_added_is_braked_by_the_number_of_those_who_enter() -> None:
    stack = await up_and_running()
    stack.service.people_held = People((*some_people(3), *some_people(6, through="guests")))
    added = DECLARED | {"assignments": [STAFF, GUESTS]}

    with pytest.raises(UnsafeChangeError, match="6 people would enter, beside 3 in scope now") as refusal:
        await stack.up(**added)
    await stack.up(**added, acceptEntrants=6)

    assert refusal.value.hint == "If that is meant, set this, spelled as your other settings are: acceptEntrants: 6"
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


async def test_a_number_that_accepted_one_change_does_not_accept_the_next() -> None:
    stack = await up_and_running()
    stack.service.people_held = People(some_people(6, department="IT"))
    await stack.up(**DECLARED, acceptLeavers=6, filters={"users": ["department NOT EQUALS IT"]})
    stack.service.people_held = People(some_people(6, department="Sales"))

    with pytest.raises(UnsafeChangeError) as refusal:
        await stack.up(**DECLARED, acceptLeavers=6, filters={"users": ["department EQUALS HR"]})

    assert refusal.value.hint.endswith(
        "If that is meant, set another number, spelled as your other settings are: acceptLeavers: 7"
    )


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


async def test_a_new_token_is_tested_by_the_plan_and_saved_by_the_job_without_a_second_test() -> None:
    stack = await up_and_running()

    await stack.up(**DECLARED, secretToken="another-token-of-this-year")

    assert [asked for asked in stack.service.asked if asked in (VALIDATE, "save secrets")] == [VALIDATE, "save secrets"]


async def test_a_token_that_lies_in_the_environment_reaches_both_resources() -> None:
    stack = Pulumi(RecordingService(people_held=People(some_people(3))), is_planned=True, environment={"ELIUM": TOKEN})

    await stack.up(**DECLARED, secretToken="env:ELIUM")

    assert stack.plan.inputs["secretToken"] == stack.inputs["secretToken"]
    assert TOKEN not in str((stack.plan.state, stack.state))


async def test_a_group_that_is_written_by_another_name_changes_nothing() -> None:
    stack = await up_and_running()

    await stack.up(**(DECLARED | {"assignments": [{**STAFF, "name": "All staff"}]}))

    assert stack.warnings == []
    assert stack.service.writes == []


async def test_where_nobody_knows_what_was_declared_before_it_is_told_who_is_counted_as_leaving() -> None:
    held: dict[str, Any] = {
        "held": a_job(on=True, status="Active"),
        "assignments_held": (an_assignment(), an_assignment("By hand")),
    }
    stack = a_stack(**held, people_held=People((*some_people(9), *some_people(2, through="by hand"))))

    await stack.up(preview=True, **DECLARED)

    assert any(text.startswith("Assigned and not declared: By hand.") for text in stack.texts)
