"""One look whether a first cycle has ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from answers import JumpingClock
from builders import PRINCIPAL
from fleets import here, tenant

from provisioning.fleet.acts import NOT_YET, Acts, TenantOutcome, Verdict
from provisioning.fleet.loop import Loop
from provisioning.model.identifiers import JobId, TemplateId
from provisioning.model.job import Job, Quarantine
from provisioning.model.synchronization_status import Cycle, SynchronizationStatus
from provisioning.operations.status import State

CLOCK = JumpingClock()

DONE = TenantOutcome("acme", Verdict.DONE, job=f"{PRINCIPAL}/elium.7a", state=State.FIRST_CYCLE.value)

ENDED = Cycle(CLOCK.now(), CLOCK.now(), "Succeeded")


class Service:
    """Tells one status, whoever asks."""

    def __init__(self, **more: Any) -> None:
        job = Job(
            JobId("elium.7a"), TemplateId("elium"), is_on=True, status="NotRun", quarantine=more.pop("held", None)
        )
        self.status = SynchronizationStatus(job, **more)

    async def of(self, _: object) -> Service:
        return self

    async def statuses(self, _: object) -> list[SynchronizationStatus]:
        return [self.status]


@pytest.fixture
def loop() -> Iterator[Loop]:
    with Loop() as loop:
        yield loop


def looked(loop: Loop, folder: Path, outcome: TenantOutcome, **status: Any) -> TenantOutcome:
    service: Any = Service(**status)
    engine: Any = None
    acts = Acts(engine, loop, service, JumpingClock(), folder, folder, here({"ACME_TOKEN": "of-a-test-0123456789"}))
    return acts.await_cycle(tenant("acme"), outcome)


def test_it_is_waiting_as_long_as_none_has_ended_and_nobody_sleeps(loop: Loop, tmp_path: Path) -> None:
    told = looked(loop, tmp_path, DONE)

    assert (told.verdict, told.reason) == (Verdict.WAITING, NOT_YET)
    assert told.what_to_do == f"elium wait acme --cwd {tmp_path / 'acme'}"


def test_it_is_as_it_was_once_one_has_ended(loop: Loop, tmp_path: Path) -> None:
    told = looked(loop, tmp_path, DONE, last=ENDED)

    assert (told.verdict, told.state) == (Verdict.DONE, State.RUNNING.value)


def test_a_quarantine_ends_the_wait(loop: Loop, tmp_path: Path) -> None:
    told = looked(loop, tmp_path, DONE, held=Quarantine("TooManyDeletes", CLOCK.now(), ""))

    assert told.verdict is Verdict.UNWELL
    assert "TooManyDeletes" in told.reason
    assert told.what_to_do


@pytest.mark.parametrize(
    "outcome",
    [
        TenantOutcome("acme", Verdict.DONE, job=DONE.job, state=State.OFF.value),
        TenantOutcome("acme", Verdict.FAILED, reason="It does not work."),
    ],
)
def test_who_is_off_or_failed_is_not_waited_for(loop: Loop, tmp_path: Path, outcome: TenantOutcome) -> None:
    assert looked(loop, tmp_path, outcome) == outcome
