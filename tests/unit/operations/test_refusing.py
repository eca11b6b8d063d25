"""What the guard refuses of a plan, before any call that writes."""

from __future__ import annotations

import pytest
from builders import (
    a_declaration,
    a_job,
    an_assignment,
    some_people,
)
from carrying_out import A_FILTER, OURS, carried_out, running, written
from recording import RecordingService

from provisioning.errors import (
    UnsafeChangeError,
)
from provisioning.model.connection import Scope
from provisioning.model.job import Job
from provisioning.model.person import People
from provisioning.planning.rules import Acceptance

SIX = People(some_people(6, department="IT"))


async def test_what_the_guard_refuses_touches_nothing() -> None:
    service = running(people_held=SIX)

    with pytest.raises(UnsafeChangeError, match="6 of 6 people in scope would leave"):
        await carried_out(service, a_declaration(schema=A_FILTER, on=False, delete_threshold=7))

    assert service.writes == []


async def test_an_accepted_number_lets_it_pass() -> None:
    service = running(people_held=SIX)

    assert await written(service, a_declaration(schema=A_FILTER), acceptance=Acceptance(6)) == ["save schema"]


async def test_a_scope_that_shrinks_is_judged_before_the_secrets_are_saved() -> None:
    service = running(people_held=People(some_people(6, through="nobody")), secrets_held=OURS | {"SyncAll": "true"})

    with pytest.raises(UnsafeChangeError, match="6 of 6 people in scope would leave"):
        await carried_out(service, a_declaration(scope=Scope.ASSIGNED))

    assert service.writes == []


async def test_a_scope_that_grows_is_judged_too() -> None:
    service = running(people_held=People((*some_people(1), *some_people(6, through="nobody"))))

    with pytest.raises(UnsafeChangeError, match="6 people would enter, beside 1 in scope now"):
        await carried_out(service, a_declaration(scope=Scope.ALL))

    assert service.writes == []


@pytest.mark.parametrize("job", [a_job(status="NotRun"), a_job(on=True, status="Paused"), None])
async def test_a_job_that_never_ran_has_nobody_to_lose(job: Job | None) -> None:
    service = RecordingService(
        held=job,
        people_held=People((*some_people(9, department="IT"), *some_people(1, department="Sales"))),
        assignments_held=(an_assignment(),),
    )

    assert "save schema" in await written(service, a_declaration(schema=A_FILTER))


async def test_a_job_that_ran_before_it_was_paused_has_people_to_lose() -> None:
    service = running(held=a_job(on=False, status="Active"), people_held=SIX)

    with pytest.raises(UnsafeChangeError, match="6 of 6 people in scope would leave"):
        await carried_out(service, a_declaration(schema=A_FILTER))
