"""What a job remembers of people who were taken out, until it is destroyed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from builders import a_closing_schema, an_assignment, some_people
from pulumi_engine import Pulumi
from recording import RecordingService

from provisioning.errors import ProvisioningError, UnavailableError, UnsafeChangeError
from provisioning.model.person import People

STAFF = {"principalId": "staff", "kind": "group", "name": "Staff", "role": "role-user"}
FIRST, SECOND, THIRD = (datetime(2026, 1, 15, hour, tzinfo=UTC) for hour in (9, 10, 11))


async def a_stack_from_which_staff_was_taken_out() -> Pulumi:
    """Provision two people of a group, and take the group out again."""
    service = RecordingService(people_held=People(some_people(2)), schema_held=a_closing_schema())
    pulumi = Pulumi(service)
    await pulumi.up(assignments=[STAFF])
    service.assignments_held = (an_assignment(),)
    begins(service, FIRST)
    await pulumi.up(assignments=[], acceptLeavers=2)
    service.assignments_held, service.people_held = (), People()
    return pulumi


def begins(service: RecordingService, moment: datetime) -> None:
    assert service.held is not None
    service.held = replace(service.held, status="Active", last_began=moment)


async def destroyed(pulumi: Any) -> bool:
    await pulumi.destroy()
    return pulumi.service.held is None


async def test_a_destroy_before_the_next_cycle_is_refused() -> None:
    pulumi = await a_stack_from_which_staff_was_taken_out()

    with pytest.raises(UnsafeChangeError, match="no cycle has begun since"):
        await pulumi.destroy()


async def test_a_destroy_before_the_next_cycle_is_refused_after_a_refresh_too() -> None:
    pulumi = await a_stack_from_which_staff_was_taken_out()
    await pulumi.refresh()

    with pytest.raises(UnsafeChangeError, match="no cycle has begun since"):
        await pulumi.destroy()


async def test_a_destroy_after_the_next_cycle_goes_through() -> None:
    pulumi = await a_stack_from_which_staff_was_taken_out()
    begins(pulumi.service, SECOND)

    assert await destroyed(pulumi)


async def a_stack_that_kept_accounts() -> Pulumi:
    """Take a group out while accounts of people who leave are kept, and have a cycle."""
    service = RecordingService(people_held=People(some_people(2)), schema_held=a_closing_schema())
    pulumi = Pulumi(service)
    await pulumi.up(assignments=[STAFF], skipOutOfScopeDeletions=True)
    service.assignments_held = (an_assignment(),)
    begins(service, FIRST)
    await pulumi.up(assignments=[], skipOutOfScopeDeletions=True, acceptLeavers=2)
    service.assignments_held, service.people_held = (), People()
    begins(service, SECOND)
    return pulumi


async def test_accounts_that_were_kept_are_closed_by_a_restart_that_was_accepted() -> None:
    pulumi = await a_stack_that_kept_accounts()
    declared: dict[str, Any] = {"assignments": [], "skipOutOfScopeDeletions": False}

    with pytest.raises(UnsafeChangeError, match="may have stayed open until now, because skipOutOfScopeDeletions"):
        await pulumi.up(**declared)
    await pulumi.up(**declared, acceptLeavers=3)

    assert pulumi.service.writes[-2:] == ["save secrets", "restart Watermark"]
    with pytest.raises(UnsafeChangeError, match="no cycle has begun since"):
        await pulumi.destroy()
    begins(pulumi.service, THIRD)
    assert await destroyed(pulumi)


@pytest.mark.parametrize("verb", ["save secrets", "restart"])
async def test_the_restart_that_closes_what_was_kept_comes_though_a_call_failed(verb: str) -> None:
    pulumi = await a_stack_that_kept_accounts()
    declared: dict[str, Any] = {"assignments": [], "skipOutOfScopeDeletions": False, "acceptLeavers": 3}
    pulumi.service.refusing = {verb: UnavailableError("Graph is away.", status=503)}
    with pytest.raises(ProvisioningError):
        await pulumi.up(**declared)
    pulumi.service.refusing = {}

    await pulumi.up(**declared)

    assert pulumi.service.writes[-1] == "restart Watermark"


async def test_a_schema_that_is_saved_before_the_skipping_ends_does_not_take_the_place_of_the_restart() -> None:
    pulumi = await a_stack_that_kept_accounts()

    await pulumi.up(
        assignments=[],
        skipOutOfScopeDeletions=False,
        acceptLeavers=3,
        mappings={"users": {"title": "[mail]"}},
    )

    assert pulumi.service.writes[-3:] == ["save schema", "save secrets", "restart Watermark"]
