"""A job that a list lacks is there, and one that is gone leaves people behind: both are told as they are."""

from __future__ import annotations

from typing import Any

import pytest
from builders import PRINCIPAL, a_schema, an_assignment, some_people
from pulumi_engine import Pulumi
from recording import RecordingService

from provisioning.errors import MissingPermissionError, UnsafeChangeError
from provisioning.model.person import People

STAFF = {"principalId": "staff", "kind": "group", "name": "Staff"}
GUESTS = {"principalId": "guests", "kind": "group", "name": "Guests"}
BOTH: dict[str, Any] = {"displayName": "Elium", "role": "User", "assignments": [STAFF, GUESTS]}
FEWER: dict[str, Any] = BOTH | {"assignments": [STAFF]}
ALONE: dict[str, Any] = {"assignments": [{**STAFF, "role": "role-user"}, {**GUESTS, "role": "role-user"}]}
TITLE: dict[str, Any] = {"mappings": {"users": {"title": "[mail]"}}}
GONE = "No job of this app is found, and there may have been one"


async def up_and_running(*, is_planned: bool = True, **written: Any) -> Pulumi:
    """Give a stack that is up and has run, in front of six people of one group and two of another."""
    everybody = People((*some_people(6), *some_people(2, through="guests")))
    service = RecordingService(people_held=everybody, template_schema=a_schema())
    return await Pulumi.running(service, is_planned=is_planned, **(BOTH if is_planned else ALONE) | written)


@pytest.mark.parametrize("is_planned", [False, True])
async def test_a_job_that_the_list_lacks_is_neither_told_nor_forgotten(*, is_planned: bool) -> None:
    stack = await up_and_running(is_planned=is_planned)
    stack.service.lists_lag = True
    identifier, declared = stack.id, BOTH if is_planned else ALONE

    await stack.up(preview=True, **declared)
    await stack.up(**declared)
    await stack.refresh()

    assert (stack.id, stack.warnings, stack.service.writes) == (identifier, [], [])


async def test_a_job_that_the_list_lacks_is_changed_and_not_made_a_second_time() -> None:
    stack = await up_and_running()
    stack.service.lists_lag = True

    await stack.up(**BOTH, **TITLE)

    assert stack.service.writes == ["save schema"]


@pytest.mark.parametrize("preview", [True, False])
@pytest.mark.parametrize("is_refreshed", [False, True])
async def test_who_leaves_while_there_is_no_job_is_counted_and_refused_though_they_are_few(
    *, is_refreshed: bool, preview: bool
) -> None:
    stack = await up_and_running()
    stack.service.held = None
    if is_refreshed:
        await stack.refresh()

    with pytest.raises(UnsafeChangeError, match=f"^{GONE}.*That is about 2 people") as refusal:
        await stack.up(preview=preview, **FEWER)

    assert stack.service.writes == []
    assert "Take them out once it has had a cycle." in refusal.value.message


async def test_a_job_that_stands_alone_and_is_made_anew_counts_who_leaves_by_what_the_app_still_holds() -> None:
    stack = await up_and_running(is_planned=False)
    stack.service.held = None
    await stack.refresh()

    with pytest.raises(UnsafeChangeError, match=f"{GONE}.*That is about 2 people"):
        await stack.up(assignments=ALONE["assignments"][:1])

    assert stack.service.writes == []


async def test_an_app_that_never_had_a_job_lets_somebody_go_who_was_assigned_by_hand() -> None:
    service = RecordingService(template_schema=a_schema(), people_held=People(some_people(6)))
    service.assignments_held = (an_assignment(), an_assignment("Guests"))
    stack = Pulumi(service)

    await stack.up(assignments=ALONE["assignments"][:1])

    assert service.writes[0] == "create job elium"


async def test_who_stays_by_another_group_is_not_counted() -> None:
    stack = await up_and_running()
    stack.service.held = None
    stack.service.people_held = People(some_people(6))

    await stack.refresh()
    await stack.up(**FEWER)

    assert stack.service.writes[0] == "create job elium, perhaps made before"


async def test_where_nobody_can_be_counted_that_is_refused_with_the_reason() -> None:
    stack = await up_and_running()
    stack.service.held = None
    stack.service.refusing = {"people": MissingPermissionError("no")}

    with pytest.raises(UnsafeChangeError, match=r"How many people that is about is not known\. This identity may not"):
        await stack.up(preview=True, **FEWER)


async def test_what_a_person_accepts_by_number_is_done() -> None:
    stack = await up_and_running()
    stack.service.held = None
    await stack.refresh()

    await stack.up(**FEWER, acceptLeavers=2)

    assert [each.name for each in stack.service.assignments_held] == ["Staff"]


async def test_a_refresh_that_forgets_a_job_says_what_it_means() -> None:
    stack = await up_and_running()
    stack.service.held = None

    await stack.refresh()

    (told,) = stack.warnings
    assert "Whoever it provisioned may still have an active account, which nobody disables" in told


async def test_a_destroy_names_the_app_as_the_plan_called_it() -> None:
    stack = await up_and_running()

    with pytest.raises(UnsafeChangeError, match=r"are provisioned by this job.* at Elium, and nobody could"):
        await stack.destroy()


async def test_a_destroy_after_the_job_was_deleted_by_hand_is_refused_and_told() -> None:
    stack = await up_and_running()
    stack.service.held = None

    with pytest.raises(UnsafeChangeError, match=r"is gone already.* Up to 8 people were provisioned.* at Elium"):
        await stack.destroy()

    assert stack.id.startswith(PRINCIPAL)


async def test_a_destroy_when_nobody_is_assigned_any_more_goes_on_with_a_warning() -> None:
    stack = await up_and_running()
    stack.service.held, stack.service.assignments_held = None, ()
    stack.service.people_held = People()

    await stack.destroy()

    assert stack.id == ""
    assert [text.partition(" Whoever")[0] for text in stack.warnings] == [
        "The job elium.7a1d5f0c.5c0e7d11 was gone already."
    ]
