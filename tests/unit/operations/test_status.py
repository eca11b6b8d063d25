"""What the codes of a job mean: each row is one that the service was seen or is documented to give."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from provisioning.model.identifiers import JobAddress, JobId, ServicePrincipalId, TemplateId
from provisioning.model.job import Job, Quarantine
from provisioning.model.synchronization_status import Cycle, Progress, SynchronizationStatus
from provisioning.operations.status import State, may_run, next_cycle_of, state_of, status_of
from provisioning.operations.watching import StackJob

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
CYCLE = Cycle(NOW - timedelta(minutes=10), NOW - timedelta(minutes=8), "Succeeded")
MONTH_AGO = Quarantine("EncounteredQuarantineException", NOW - timedelta(days=28), "")
TODAY = Quarantine("TooManyDeletes", NOW, "", next_attempt=NOW + timedelta(minutes=5))


def a_status(code: str, *, is_on: bool = True, quarantine: Quarantine | None = None, **more: Any) -> Any:
    job = Job(JobId("elium.7a"), TemplateId("elium"), is_on=is_on, status=code, quarantine=quarantine)
    return SynchronizationStatus(job, **{"interval": timedelta(minutes=40), **more})


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (a_status("NotConfigured", is_on=False), State.NOT_CONFIGURED),
        (a_status("NotRun"), State.FIRST_CYCLE),
        (a_status("NotRun", is_on=False), State.OFF),
        (a_status("Paused", is_on=False, last=CYCLE), State.OFF),
        (a_status("Active", last=CYCLE), State.RUNNING),
        (a_status("Paused", is_on=False, lost_failures=True), State.STOPPED),
        (a_status("Quarantine", quarantine=TODAY, last=CYCLE), State.QUARANTINE),
        (a_status("Quarantine", is_on=False, schedule="Disabled", quarantine=MONTH_AGO), State.GIVEN_UP),
        (a_status("Quarantine", is_on=False, schedule="Disabled", quarantine=TODAY), State.QUARANTINE),
    ],
)
def test_a_code_is_read_together_with_schedule_and_cycles(status: SynchronizationStatus, state: State) -> None:
    assert state_of(status, now=NOW) is state


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (a_status("Active", last=CYCLE), CYCLE.began + timedelta(minutes=40)),
        (a_status("Active", last=CYCLE, interval=timedelta(minutes=1)), CYCLE.ended),
        (a_status("Active", last=Cycle(NOW - timedelta(hours=1), None, "")), NOW),
        (a_status("NotRun"), None),
        (a_status("Paused", is_on=False, last=CYCLE), None),
        (a_status("Active", last=CYCLE, interval=None), None),
        (a_status("Quarantine", quarantine=TODAY, last=CYCLE), TODAY.next_attempt),
    ],
)
def test_the_next_cycle_is_an_interval_after_the_last_and_never_before_its_end(
    status: SynchronizationStatus, expected: datetime | None
) -> None:
    assert next_cycle_of(status, now=NOW) == expected


@pytest.mark.parametrize(
    ("status", "later", "expected"),
    [
        (a_status("Active", last=CYCLE), timedelta(), False),
        (a_status("Active", last=CYCLE), timedelta(minutes=30), True),
        (a_status("Active", last=CYCLE), timedelta(minutes=70), True),
        (a_status("Active", last=CYCLE), timedelta(minutes=71), False),
        (a_status("Active", last=CYCLE, progress=Progress(1, 2, "Entries")), timedelta(days=1), True),
        (a_status("Active", last=Cycle(NOW - timedelta(days=1), None, "")), timedelta(), True),
        (a_status("NotRun"), timedelta(), True),
        (a_status("Paused", is_on=False, last=CYCLE), timedelta(minutes=30), False),
        (a_status("Quarantine", interval=None, quarantine=TODAY, last=CYCLE), timedelta(days=1), True),
    ],
)
def test_a_cycle_may_be_under_way_from_when_it_is_due_for_as_long_as_it_can_be_late(
    status: SynchronizationStatus, later: timedelta, *, expected: bool
) -> None:
    assert may_run(status, now=NOW + later) is expected


class Told:
    """A service that tells of one job, with nothing saved."""

    def __init__(self, status: SynchronizationStatus) -> None:
        self._status = status

    async def statuses(self, _: object, **__: object) -> list[SynchronizationStatus]:
        return [self._status]

    async def secrets(self, _: object) -> dict[str, str]:
        return {}


QUARANTINED = a_status("Quarantine", quarantine=TODAY, last=CYCLE)


@pytest.mark.parametrize(
    ("status", "later", "left"),
    [
        (a_status("Active", last=CYCLE), timedelta(), timedelta(minutes=30)),
        (a_status("Active", last=CYCLE), timedelta(minutes=30), timedelta()),
        (a_status("Active", last=CYCLE), timedelta(minutes=70), timedelta()),
        (a_status("Active", last=CYCLE), timedelta(minutes=71), None),
        (a_status("Active", last=CYCLE), timedelta(days=300), None),
        (a_status("Active", last=CYCLE), timedelta(minutes=-9), timedelta(minutes=39)),
        (a_status("Active", last=CYCLE), timedelta(minutes=-10), None),
        (a_status("Active", last=CYCLE), timedelta(days=-3), None),
        (QUARANTINED, timedelta(), timedelta(minutes=5)),
        (QUARANTINED, timedelta(minutes=-2), None),
        (a_status("NotRun"), timedelta(), None),
    ],
)
async def test_time_is_counted_only_by_a_clock_that_can_count_for_the_service(
    status: SynchronizationStatus, later: timedelta, left: timedelta | None
) -> None:
    job = JobAddress(ServicePrincipalId("principal"), status.job.id)
    report = await status_of(Told(status), StackJob("dev", job), now=NOW + later)  # type: ignore[arg-type]  # two verbs of it

    assert report.until_next(NOW + later) == left
