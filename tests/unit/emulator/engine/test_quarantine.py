"""Quarantine (Learn: application-provisioning-quarantine-status)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from company import TOKEN, Company

from emulator.elium import Fault
from emulator.engine.job import ResetScope, SyncError
from emulator.engine.quarantine import Failures, imposed, reason_of
from emulator.engine.states import JobState
from emulator.moods.knobs import Knobs
from tools.manual.parity import witness

BAD_TOKEN = "SystemForCrossDomainIdentityManagementCredentialValidationFailure"


async def a_quarantined_company(**knobs: Any) -> Company:
    """Found a company whose token is wrong from the beginning."""
    contoso = Company(**knobs)
    contoso.hire("ada", assigned=True)
    contoso.save(SecretToken="f4lse")
    await contoso.cycle()
    return contoso


async def test_a_wrong_token_quarantines_at_once_and_no_object_is_logged() -> None:
    contoso = await a_quarantined_company()

    assert contoso.status["code"] == "Quarantine"
    assert contoso.status["quarantine"] == {
        "currentBegan": "2026-01-15T09:00:00Z",
        "nextAttempt": "2026-01-15T09:05:00Z",
        "reason": "EncounteredQuarantineException",
        "seriesBegan": "2026-01-15T09:00:00Z",
        "seriesCount": 1,
        "error": contoso.status["lastExecution"]["error"],
    }
    assert contoso.status["lastExecution"]["error"]["code"] == BAD_TOKEN
    assert contoso.status["countSuccessiveCompleteFailures"] == 1
    assert contoso.log == []


async def test_the_message_carries_what_elium_answered_and_never_the_token() -> None:
    contoso = await a_quarantined_company()

    message = contoso.status["quarantine"]["error"]["message"]
    assert "Status Code: Unauthorized" in message
    assert "The bearer token is missing or wrong." in message


@pytest.mark.parametrize("address", ["", "elium.com/scim/v2", "http://acme.elium.com/scim/v2", "https://[bad/scim"])
async def test_an_address_that_cannot_be_one_quarantines_too(address: str) -> None:
    contoso = Company()
    contoso.save(BaseAddress=address)

    await contoso.cycle()

    error = contoso.status["quarantine"]["error"]
    assert error["code"] == "SystemForCrossDomainIdentityManagementInvalidCredentials"
    assert error["message"] == "Please provide a valid tenant URL for your application."


async def test_404_to_the_probe_quarantines() -> None:
    contoso = Company()
    contoso.elium.faults.append(Fault(status=404, path="filter="))

    await contoso.cycle()

    assert contoso.status["quarantine"]["reason"] == "EncounteredQuarantineException"


async def test_attempts_become_rarer_down_to_one_a_day() -> None:
    contoso = await a_quarantined_company()
    begin = contoso.clock.now()

    moments = []
    for _ in range(6):
        due = contoso.service.next_due()
        assert due is not None
        moments.append(due - begin)
        await contoso.pass_time(due - contoso.clock.now())

    waits = [after - before for before, after in zip([timedelta(), *moments], moments, strict=False)]
    assert waits == [timedelta(minutes=5), *(timedelta(hours=hours) for hours in (6, 12, 24, 24, 24))]
    assert contoso.status["quarantine"]["seriesCount"] == 7


async def test_it_lifts_by_itself_when_the_cause_is_gone() -> None:
    contoso = await a_quarantined_company()

    contoso.save(SecretToken="elium-canary-t0k3n")
    await contoso.pass_time(timedelta(minutes=5))

    assert contoso.status["code"] == "Active"
    assert contoso.status["quarantine"] is None
    assert contoso.active == {"ada": True}


async def test_a_start_lifts_it() -> None:
    contoso = await a_quarantined_company()

    contoso.service.start(contoso.job)

    assert contoso.status["code"] == "Active"
    assert contoso.service.next_due() == contoso.clock.now()


async def test_a_restart_that_does_not_name_it_leaves_it_in_force() -> None:
    contoso = await a_quarantined_company()

    contoso.service.restart(contoso.job, frozenset({ResetScope.WATERMARK}))

    assert contoso.status["code"] == "Quarantine"


@pytest.mark.parametrize("scope", [(), (ResetScope.QUARANTINE_STATE,), (ResetScope.FULL,), (ResetScope.NONE,)])
async def test_a_restart_that_names_it_or_nothing_lifts_it(scope: tuple[ResetScope, ...]) -> None:
    contoso = await a_quarantined_company()

    contoso.service.restart(contoso.job, frozenset(scope))

    assert contoso.status["code"] == "Active"


async def test_after_four_weeks_the_job_is_disabled() -> None:
    contoso = await a_quarantined_company()

    await contoso.pass_time(timedelta(days=27))
    before = contoso.status["code"]
    await contoso.pass_time(timedelta(days=3))

    assert before == "Quarantine"
    assert contoso.job.state is JobState.DISABLED
    assert contoso.service.as_graph(contoso.job)["schedule"]["state"] == "Disabled"
    assert contoso.service.next_due() is None


async def test_one_audit_entry_when_it_begins_and_another_only_when_the_reason_changes() -> None:
    contoso = await a_quarantined_company()
    await contoso.pass_time(timedelta(hours=7))

    (entry,) = contoso.service.audits(contoso.tenant)

    assert entry["activityDisplayName"] == "Quarantine"
    assert entry["resultReason"].startswith(
        "This run profile is being quarantined because of: EncounteredQuarantineException; Error: "
    )


@pytest.mark.parametrize(
    ("objects", "references", "successes", "reason"),
    [
        (4_000, 0, 0, None),
        (45_000, 0, 1_000_000, "EncounteredBaseEscrowThreshold"),
        (30_000, 0, 5_000, "EncounteredEscrowProportionThreshold"),
        (20_000, 0, 100_000, None),
        (40_000, 21_000, 100_000, "EncounteredTotalEscrowThreshold"),
        (0, 55_000, 0, None),
    ],
)
def test_the_documented_examples_of_the_thresholds(
    objects: int, references: int, successes: int, reason: str | None
) -> None:
    assert reason_of(Failures(objects, references, successes), Knobs()) == reason


async def test_too_many_failures_quarantine_the_job() -> None:
    contoso = Company(quarantine_from=2)
    contoso.elium.faults.append(Fault(status=500, method="POST", times=None))
    for name in ("ada", "bob"):
        contoso.hire(name, assigned=True)

    await contoso.cycle()

    assert contoso.status["quarantine"]["reason"] == "EncounteredEscrowProportionThreshold"
    assert contoso.status["lastExecution"]["state"] == "EntryLevelErrors"


async def test_an_initial_cycle_may_prune_its_failures_and_pause_instead() -> None:
    contoso = Company(quarantine_from=2, prune_escrows_in_initial_cycle=True)
    contoso.elium.faults.append(Fault(status=500, method="POST", times=None))
    for name in ("ada", "bob"):
        contoso.hire(name, assigned=True)

    await contoso.cycle()

    assert contoso.status["escrowsPruned"] is True
    assert contoso.status["code"] == "Paused"
    assert contoso.job.escrows == {}


def test_a_series_keeps_its_beginning_and_counts() -> None:
    begin = datetime(2026, 1, 15, 9, tzinfo=UTC)
    first = imposed(None, "TooManyDeletes", SyncError("x", "y"), begin, Knobs())

    second = imposed(first, "TooManyDeletes", SyncError("x", "y"), begin + timedelta(minutes=5), Knobs())

    assert (second.series_began, second.series_count) == (begin, 2)
    assert second.next_attempt - second.current_began == timedelta(hours=6)


async def test_a_saved_mapping_releases_a_quarantine_and_runs_at_once() -> None:
    contoso = await a_quarantined_company()
    await contoso.pass_time(timedelta(days=3))
    contoso.save(SecretToken=TOKEN)

    contoso.flow("title", flowType="ObjectAddOnly")

    assert (contoso.job.state, contoso.job.quarantine, contoso.job.escrows) == (JobState.ACTIVE, None, {})
    assert contoso.service.next_due() == contoso.clock.now()


@witness("A saved mapping or filter ends a quarantine and forgets what failed")
async def test_a_saved_filter_releases_it_too_and_forgets_what_failed() -> None:
    contoso = Company(quarantine_from=1)
    contoso.hire("ada", assigned=True)
    contoso.elium.faults.append(Fault(status=500, method="POST", times=None))
    await contoso.cycle()
    assert contoso.status["code"] == "Quarantine"

    contoso.filter("department", "IS NOT NULL")

    assert contoso.status["code"] == "Active"
    assert (contoso.job.watermark, contoso.job.escrows) == (None, {})


async def test_a_saved_mapping_does_not_start_a_job_that_was_paused_in_quarantine() -> None:
    contoso = await a_quarantined_company()
    contoso.service.pause(contoso.job)

    contoso.flow("title", flowType="ObjectAddOnly")

    assert (contoso.job.state, contoso.job.quarantine) == (JobState.PAUSED, None)


async def test_a_saved_mapping_of_a_healthy_job_keeps_the_rhythm() -> None:
    contoso = Company()
    await contoso.cycle()
    due = contoso.service.next_due()

    contoso.flow("title", flowType="ObjectAddOnly")

    assert contoso.service.next_due() == due
