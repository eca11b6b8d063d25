"""What a job that stands alone says of itself: who is not counted, which token is saved, and how it was left."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from builders import a_schema, an_assignment, some_people
from pulumi_engine import Pulumi
from recording import RecordingService

from provisioning.errors import NotFoundError, UnavailableError, UnsafeChangeError
from provisioning.model.job import Quarantine
from provisioning.model.person import People
from provisioning.provider.properties import UNKNOWN
from provisioning.provider.unfinished import UnfinishedError

STAFF = {"principalId": "staff", "kind": "group", "name": "Staff", "role": "role-user"}
GUESTS = {"principalId": "guests", "kind": "group", "name": "Guests", "role": "role-user"}
TITLE: dict[str, Any] = {"mappings": {"users": {"title": "[mail]"}}}
UNSAID = "assignments is not said, so nobody is counted who comes or goes"
TROUBLE = UnavailableError("Graph is away.", status=503)


def a_service(**differences: Any) -> RecordingService:
    everybody = People((*some_people(6), *some_people(10, through="guests")))
    usual: dict[str, Any] = {"people_held": everybody, "template_schema": a_schema()}
    return RecordingService(**(usual | differences))


def unsaid(stack: Pulumi) -> int:
    return sum(text.startswith(UNSAID) for text in stack.warnings)


async def test_that_assignments_are_unsaid_is_told_when_the_job_is_made_and_each_time_people_are_read() -> None:
    stack = Pulumi(a_service(assignments_held=(an_assignment(),)))
    told = []
    for written in ({}, {}, TITLE | {"preview": True}, TITLE, {"scope": "all", "acceptEntrants": 16}):
        stack.forget()
        await stack.up(**TITLE | written if "scope" in written else written)
        told.append((unsaid(stack), any(asked.startswith("people") for asked in stack.service.asked)))
        stack.service.let_it_run()

    assert told == [(1, True), (0, False), (1, True), (0, False), (1, True)]


async def test_where_assignments_are_said_there_is_nothing_to_warn_of() -> None:
    stack = Pulumi(a_service())

    await stack.up(assignments=[STAFF])

    assert unsaid(stack) == 0


@pytest.mark.parametrize("principal", [{}, {"servicePrincipalId": UNKNOWN}])
async def test_a_first_preview_without_assignments_does_not_say_that_nobody_is_in_scope(
    principal: dict[str, Any],
) -> None:
    stack = Pulumi(a_service())

    await stack.up(preview=True, **principal)

    assert unsaid(stack) == 1
    assert not any("afterwards" in text for text in stack.texts)


async def test_a_first_preview_counts_everybody_where_everybody_is_in_scope() -> None:
    stack = Pulumi(a_service())

    await stack.up(preview=True, servicePrincipalId=UNKNOWN, scope="all")

    assert any("nobody in scope now, 16 people afterwards" in text for text in stack.texts)


async def test_an_added_group_is_braked_in_a_preview_where_assignments_are_said() -> None:
    stack = await Pulumi.running(a_service(), assignments=[STAFF])

    with pytest.raises(UnsafeChangeError, match="10 people would enter"):
        await stack.up(preview=True, assignments=[STAFF, GUESTS])
    await stack.up(preview=True, assignments=[STAFF, GUESTS], acceptEntrants=10)


@pytest.mark.parametrize("preview", [True, False])
async def test_a_removed_group_is_braked_in_preview_and_update_where_assignments_are_said(*, preview: bool) -> None:
    stack = await Pulumi.running(a_service(), assignments=[STAFF, GUESTS])

    with pytest.raises(UnsafeChangeError, match="10 of 16 people in scope would leave"):
        await stack.up(preview=preview, assignments=[STAFF])

    assert {each.name for each in stack.service.assignments_held} == {"Staff", "Guests"}


async def test_a_run_that_is_repeated_does_not_tell_of_another_token() -> None:
    stack = Pulumi(a_service(refusing={"start": TROUBLE}))
    with pytest.raises(UnfinishedError):
        await stack.up()
    stack.service.refusing = {}
    stack.forget()

    await stack.up()

    (plan,) = [text for text in stack.texts if text.startswith("plan ")]
    assert "  ~ secret token: the declared one, whichever is held" in plan.splitlines()


async def test_another_token_is_told_as_another_one() -> None:
    stack = await Pulumi.running()

    await stack.up(preview=True, secretToken="another-token-of-this-year")

    assert "~ secret token: another one" in "\n".join(stack.texts)


async def status_after(stack: Pulumi, **written: Any) -> dict[str, str]:
    await stack.up(**written)
    told: dict[str, str] = stack.state["jobStatus"]
    return told


async def test_the_status_is_the_one_that_our_last_call_gave_the_job() -> None:
    stack = Pulumi(a_service())
    first = await status_after(stack)
    stack.service.let_it_run(last_began=datetime(2026, 1, 15, tzinfo=UTC))

    off = await status_after(stack, status="off")
    on = await status_after(stack)
    wider = await status_after(stack, scope="all", acceptEntrants=16)

    assert [each["code"] for each in (first, off, on, wider)] == ["NotRun", "Paused", "Active", "Active"]
    assert "job" not in stack.service.asked


async def test_a_job_that_was_made_switched_off_is_told_as_it_was_made() -> None:
    assert await status_after(Pulumi(a_service()), status="off") == {"code": "Paused"}


async def test_a_quarantine_that_a_restart_does_not_lift_is_still_told() -> None:
    stack = await Pulumi.running()
    stack.service.let_it_run(is_on=False, status="Quarantine", quarantine=Quarantine("TooManyDeletes", None, ""))

    assert await status_after(stack, scope="all") == {"code": "Quarantine", "quarantineReason": "TooManyDeletes"}


async def test_it_is_said_what_is_waited_for_where_the_app_is_not_there() -> None:
    stack = Pulumi(a_service(refusing={"jobs": NotFoundError("gone", status=404)}))

    with pytest.raises(NotFoundError, match="does not exist, so nothing can be provisioned"):
        await stack.up()

    assert stack.texts[0].startswith("Waiting up to two minutes for the service principal")


async def test_a_job_that_failed_half_way_is_told_as_it_was_left() -> None:
    stack = Pulumi(a_service(refusing={"start": TROUBLE}))

    with pytest.raises(UnfinishedError):
        await stack.up()

    assert stack.state["jobStatus"] == {"code": "Paused"}
