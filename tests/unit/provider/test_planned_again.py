"""A stack with a plan after something else happened: a refresh, an app that is replaced, a run that stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from builders import PRINCIPAL, a_job, an_assignment, some_people
from planned_stack import DECLARED, GUESTS, NO_APP_YET, SALES, STAFF, TITLE, a_stack, up_and_running
from pulumi_engine import LEAST, Kept
from recording import USER_ROLE

from provisioning.errors import (
    NotFoundError,
    UnavailableError,
    UnsafeChangeError,
)
from provisioning.model.identifiers import JobAddress
from provisioning.model.job import Job
from provisioning.model.person import People
from provisioning.provider.plan_resource import PlanCallbacks
from provisioning.provider.synchronization_job import SynchronizationJobCallbacks
from provisioning.provider.turn import Turn
from provisioning.provider.unfinished import UnfinishedError


async def test_a_refresh_asks_for_the_assignments_and_drops_those_that_vanished() -> None:
    stack = await up_and_running(assignments=[STAFF, GUESTS])
    stack.service.assignments_held = (an_assignment(), an_assignment("By hand"))

    await stack.refresh()

    assert stack.service.asked == ["assignments", "assignments of Guests", "jobs", "secrets"]
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
    stack.service.held = None
    stack.service.refusing = dict.fromkeys(("assignments", "jobs"), NotFoundError("gone", status=404))

    await stack.refresh()

    assert (stack.plan.id, stack.id) == ("", "")


async def test_a_plan_that_is_destroyed_asks_nobody() -> None:
    stack = await up_and_running()
    stack.service.people_held = People()

    await stack.destroy()

    assert (stack.plan.id, stack.service.writes) == ("", ["pause", "delete job"])


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


@pytest.mark.parametrize("preview", [True, False])
async def test_a_restart_that_only_the_job_remembers_is_told_with_the_calls_of_the_plan(preview: bool) -> None:  # noqa: FBT001 - a parameter of the test
    stack = await up_and_running()
    stack.service.refusing = {"restart": UnavailableError("away", status=503)}
    with pytest.raises(UnfinishedError):
        await stack.up(**DECLARED, scope="all")
    stack.service.refusing = {}
    stack.forget()

    await stack.up(preview=preview, **DECLARED, scope="all", **TITLE)

    told = next(text for text in stack.texts if text.startswith("calls, with what is still due of this job"))
    assert told.splitlines()[1:] == [
        "  save the schema",
        "  save address, token and settings",
        "  restart the job, forgetting Watermark",
    ]


async def test_where_the_job_remembers_nothing_the_calls_are_told_once() -> None:
    stack = await up_and_running()

    await stack.up(**DECLARED, **TITLE)

    assert sum("calls" in text for text in stack.texts) == 1


async def test_an_app_whose_job_is_of_another_template_than_the_default_one_is_not_replaced_either() -> None:
    stack = a_stack(template_ids=("elium", "default"))
    await stack.up(**DECLARED, templateId="elium")
    stack.service.let_it_run()

    with pytest.raises(UnsafeChangeError, match="The application would be replaced"):
        await stack.up(preview=True, **DECLARED, **NO_APP_YET, templateId="elium")


@pytest.mark.parametrize("held", [None, a_job()])
async def test_an_app_whose_job_never_ran_is_replaced(held: Job | None) -> None:
    stack = await up_and_running()
    stack.service.held = held

    await stack.up(preview=True, **DECLARED, **NO_APP_YET)


async def test_an_app_that_is_gone_already_is_replaced() -> None:
    stack = await up_and_running()
    stack.service.refusing = {"jobs": NotFoundError("gone", status=404)}

    await stack.up(preview=True, **DECLARED, **NO_APP_YET)


async def test_a_plan_that_knows_no_app_is_read_as_gone() -> None:
    stack = a_stack()

    assert await PlanCallbacks(stack.process()).read(Turn(id="plan")) is None


async def test_a_job_that_was_imported_while_it_was_off_is_restarted_as_the_plan_says() -> None:
    job = replace(a_job(status="Paused"), last_began=datetime(2026, 1, 15, 9, 0, tzinfo=UTC))
    stack = a_stack(held=job, assignments_held=(an_assignment(),))
    stack.service.secrets_held = {
        "SyncAll": "false",
        "BaseAddress": "https://acme.elium.com/scim/v2",
        "SecretToken": "*",
    }
    found = await stack.callbacks.read(Turn(str(JobAddress(PRINCIPAL, a_job().id))))
    assert found
    stack.kept = Kept(found.id, found.properties, found.inputs)
    stack.forget()

    await stack.up(**DECLARED)

    lists = [text for text in stack.texts if "calls" in text]
    assert all("  restart the job, forgetting Watermark" in text for text in lists)
    assert (len(lists), stack.service.writes[-1]) == (2, "restart Watermark")


async def test_a_destroy_calls_the_app_by_its_name_though_the_job_was_taken_over_without_a_plan() -> None:
    stack = await up_and_running()
    stack.kept = Kept()

    await stack.up(**DECLARED)

    with pytest.raises(UnsafeChangeError, match=r"assigned and active \(.*\) at Elium"):
        await stack.destroy()


@pytest.mark.parametrize(("is_declared_before", "told"), [(True, 1), (False, 0)])
async def test_a_preview_says_that_a_job_takes_the_place_of_the_one_that_was_declared(
    *,
    is_declared_before: bool,
    told: int,
) -> None:
    stack = await up_and_running()
    process = stack.process()
    plan, job = PlanCallbacks(process), SynchronizationJobCallbacks(process)
    declared = plan.check(stack.plan.inputs, {**LEAST, **DECLARED}, salt=b"salt")
    await plan.create(Turn(after=declared, is_preview=True))
    assigned = {"assignments": [{**STAFF, "role": USER_ROLE.id}]}
    before = stack.kept.inputs if is_declared_before else {}
    written = job.check(before, {**LEAST, **assigned}, salt=b"salt")

    await job.create(Turn(after=written, is_preview=True, say=stack.say))

    assert sum("The job is replaced, as it is asked to be" in text for text in stack.texts) == told
