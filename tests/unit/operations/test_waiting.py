"""Waiting: for what, how long, and what ends it early. Nobody waits here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from answers import JumpingClock
from builders import PRINCIPAL

from provisioning.errors import NotFoundError, ProvisioningError, QuarantinedError, StillWaitingError
from provisioning.model.identifiers import JobAddress, JobId, ServicePrincipalId, TemplateId
from provisioning.model.job import Job, Quarantine
from provisioning.model.provisioning_log import LogPage, LogQuestion
from provisioning.model.synchronization_status import Cycle, SynchronizationStatus
from provisioning.operations.waiting import Awaited, WaitReport, wait_for
from provisioning.operations.watching import StackJob

JOB = StackJob("dev", JobAddress(PRINCIPAL, JobId("elium.7a")))
HOUR = timedelta(hours=1)


@dataclass
class Service:
    """Tells one status after the other; the last one for ever."""

    statuses_told: list[Sequence[SynchronizationStatus]]
    asked: int = 0
    told: list[timedelta] = field(default_factory=list)

    async def statuses(self, _: ServicePrincipalId) -> list[SynchronizationStatus]:
        self.asked += 1
        return list(self.statuses_told.pop(0) if len(self.statuses_told) > 1 else self.statuses_told[0])

    async def secrets(self, _: ServicePrincipalId) -> dict[str, str]:
        raise NotImplementedError

    async def log_page(self, question: LogQuestion, page: str = "", *, at_most: int = 500) -> LogPage:
        raise NotImplementedError

    async def user_id(self, named: str) -> str:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError


CLOCK = JumpingClock()
BEFORE = Cycle(CLOCK.now() - HOUR, CLOCK.now() - HOUR / 2, "Succeeded")
AFTER = Cycle(CLOCK.now() + HOUR / 60, CLOCK.now() + HOUR / 30, "EntryLevelErrors", failed=2)


def seen(*, is_on: bool = True, **more: Any) -> Sequence[SynchronizationStatus]:
    job = Job(JobId("elium.7a"), TemplateId("elium"), is_on=is_on, status="NotRun", quarantine=more.pop("held", None))
    return [SynchronizationStatus(job, **more)]


async def wait(awaited: Awaited, *told: Sequence[SynchronizationStatus]) -> tuple[WaitReport, Service]:
    service = Service(list(told))
    report = await wait_for(
        service, JOB, awaited, within=HOUR, clock=JumpingClock(), tell=lambda _, waited: service.told.append(waited)
    )
    return report, service


async def test_the_first_cycle_is_waited_for_once_a_minute() -> None:
    report, service = await wait(Awaited.FIRST_CYCLE, seen(), seen(), seen(last=AFTER))

    assert (report.cycle, report.failed, report.waited) == (AFTER, 2, timedelta(minutes=2))
    assert (service.asked, service.told) == (3, [timedelta(), timedelta(minutes=1)])


async def test_a_cycle_that_ended_before_is_a_first_one_and_no_new_one() -> None:
    report, service = await wait(Awaited.FIRST_CYCLE, seen(last=BEFORE))
    assert (report.cycle, service.asked) == (BEFORE, 1)

    report, service = await wait(
        Awaited.CYCLE, seen(last=BEFORE), seen(last=replace(AFTER, ended=None)), seen(last=AFTER)
    )
    assert (report.cycle, service.asked) == (AFTER, 3)


async def test_steady_is_what_was_achieved_after_waiting_began() -> None:
    report, service = await wait(
        Awaited.STEADY,
        seen(last=BEFORE, steady_last=BEFORE.ended),
        seen(last=AFTER, steady_last=BEFORE.ended),
        seen(last=AFTER, steady_last=AFTER.ended),
    )

    assert (report.cycle, service.asked) == (AFTER, 3)


async def test_a_quarantine_ends_waiting_even_where_cycles_have_ended() -> None:
    held = Quarantine("TooManyDeletes", CLOCK.now(), "")

    with pytest.raises(QuarantinedError, match="more people would be disabled") as error:
        await wait(Awaited.FIRST_CYCLE, seen(last=BEFORE, held=held))
    assert "bring them back" in error.value.hint


async def test_a_job_that_is_off_is_not_waited_for() -> None:
    with pytest.raises(ProvisioningError, match="switched off") as error:
        await wait(Awaited.CYCLE, seen(is_on=False, last=BEFORE))
    assert error.value.hint == "elium start dev"


async def test_time_runs_out_with_what_was_seen_last() -> None:
    with pytest.raises(
        StillWaitingError, match="After 3,600 seconds there is still no first cycle; last seen: first-cycle"
    ):
        await wait(Awaited.FIRST_CYCLE, seen())


async def test_a_job_that_is_gone_is_not_waited_for() -> None:
    with pytest.raises(NotFoundError, match="no longer exists"):
        await wait(Awaited.FIRST_CYCLE, [])
