"""What a job remembers of people who were taken out, until it is destroyed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from builders import a_closing_schema, an_assignment, some_people
from pulumi_engine import Pulumi
from recording import RecordingService

from provisioning.errors import UnsafeChangeError
from provisioning.model.person import People

STAFF = {"principalId": "staff", "kind": "group", "name": "Staff", "role": "role-user"}
FIRST, SECOND = datetime(2026, 1, 15, 9, 0, tzinfo=UTC), datetime(2026, 1, 15, 9, 40, tzinfo=UTC)


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
