"""Disables that a job holds back are not let go by raising the threshold in passing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from builders import a_job

from provisioning.model.connection import Connection, DeclaredConnection
from provisioning.model.declaration import Declaration
from provisioning.model.job import Quarantine
from provisioning.model.observed import Observed
from provisioning.planning.plan import Circumstances, Plan, plan_of
from provisioning.planning.rules import Acceptance

BEGAN = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
HELD = Connection({"SyncNotificationSettings": '{"DeleteThresholdEnabled":true,"DeleteThresholdValue":3}'})


def a_plan(reason: str, threshold: int, accepted: int | None = None) -> Plan:
    job = replace(a_job(status="Quarantine"), quarantine=Quarantine(reason, None, ""))
    declaration = Declaration(connection=DeclaredConnection(delete_threshold=threshold))
    return plan_of(Observed(job, connection=HELD), declaration, Circumstances(acceptance=Acceptance(accepted)))


@pytest.mark.parametrize("threshold", [30, 0])
def test_a_higher_threshold_for_a_job_that_holds_disables_back_must_be_accepted(threshold: int) -> None:
    refusal = a_plan("TooManyDeletes", threshold).refusal

    assert refusal
    assert refusal.message.startswith("The job holds disables back")
    assert refusal.hint.endswith("acceptLeavers: and the highest number that you stand for")
    assert a_plan("TooManyDeletes", threshold, accepted=8).refusal is None


@pytest.mark.parametrize(("reason", "threshold"), [("TooManyDeletes", 3), ("TooManyDeletes", 2), ("Unknown", 2)])
def test_nothing_is_let_go_by_a_lower_threshold(reason: str, threshold: int) -> None:
    assert a_plan(reason, threshold).refusal is None


def test_another_quarantine_does_not_say_what_was_held_back_before_it() -> None:
    refusal = a_plan("EncounteredQuarantineException", 30).refusal

    assert refusal
    assert refusal.message.startswith("The job is in another quarantine, so it does not say whether it holds disables")
    assert a_plan("EncounteredQuarantineException", 30, accepted=8).refusal is None


@pytest.mark.parametrize(("threshold", "is_refused"), [(30, True), (0, True), (3, False), (2, False)])
def test_a_job_that_is_off_does_not_say_what_it_holds_back(threshold: int, *, is_refused: bool) -> None:
    job = replace(a_job(on=False, status="Paused"), last_began=BEGAN)
    declaration = Declaration(on=True, connection=DeclaredConnection(delete_threshold=threshold))
    refusal = plan_of(Observed(job, connection=HELD), declaration).refusal

    assert bool(refusal) is is_refused
    if refusal:
        assert refusal.message.startswith("The job is off, so it does not say whether it holds disables back")


def test_a_first_threshold_lets_nothing_go_of_a_job_that_is_off() -> None:
    job = replace(a_job(on=False, status="Paused"), last_began=BEGAN)
    declaration = Declaration(on=True, connection=DeclaredConnection(delete_threshold=30))

    assert plan_of(Observed(job), declaration).refusal is None
