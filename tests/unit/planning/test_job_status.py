"""What is told of a job as it is, by preview, update and refresh alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from builders import PRINCIPAL, a_job

from provisioning.model.identifiers import JobAddress
from provisioning.model.job import Job, Quarantine
from provisioning.planning.job_status import RELEASES, notices_of_job

ADDRESS = JobAddress(PRINCIPAL, a_job().id)
RUNS = a_job(on=True, status="Active")


def told(job: Job | None, *beside: Job, should_run: bool | None = True) -> list[str]:
    return list(notices_of_job(ADDRESS, job, beside, should_run=should_run))


def quarantined(reason: str, began: datetime | None = None) -> Job:
    return replace(a_job(status="Quarantine"), quarantine=Quarantine(reason, began, ""))


def test_of_a_job_that_is_as_it_should_be_nothing_is_told() -> None:
    assert told(RUNS) == []


def test_a_job_that_is_gone_is_told_with_what_makes_a_new_one() -> None:
    (sentence,) = told(None)

    assert sentence == (
        "The job elium.7a1d5f0c.5c0e7d11 no longer exists. If its app was deleted as well, restore that first "
        "(docs/how-to/when-a-run-was-cut.md); if not, `pulumi refresh` forgets it, and `pulumi up` then makes "
        "a new one, which finds existing accounts by the matching attribute. Whoever it provisioned may still have an "
        "active account, which nobody disables before the new one has had a cycle: take nobody out until then."
    )


def test_of_a_job_that_is_gone_nothing_else_is_told() -> None:
    assert len(told(None, a_job(template="other"))) == 1


@pytest.mark.parametrize("reason", sorted(RELEASES))
def test_a_quarantine_is_told_with_what_it_means_and_what_releases_it(reason: str) -> None:
    meaning, release = RELEASES[reason]

    assert told(quarantined(reason)) == [
        f"The job is in quarantine ({reason}): {meaning}. What releases it: {release}."
    ]


def test_a_quarantine_says_since_when() -> None:
    (sentence,) = told(quarantined("TooManyDeletes", datetime(2026, 1, 15, 9, 30, tzinfo=UTC)))

    assert sentence.startswith(
        "The job is in quarantine since 2026-01-15 09:30 UTC (TooManyDeletes): more people would"
    )


def test_a_reason_of_next_year_is_told_too() -> None:
    (sentence,) = told(quarantined("EncounteredSomethingNew"))

    assert "the service gives no documented reason" in sentence
    assert "look at the provisioning page" in sentence


def test_a_job_in_quarantine_is_not_said_to_be_switched_off() -> None:
    assert len(told(quarantined("TooManyDeletes"))) == 1


@pytest.mark.parametrize(("should_run", "count"), [(True, 1), (False, 0), (None, 0)])
def test_a_job_that_is_off_is_told_where_it_should_run(should_run: bool | None, count: int) -> None:  # noqa: FBT001 - a parameter of the test
    assert len(told(a_job(), should_run=should_run)) == count


@pytest.mark.parametrize(
    ("other", "state"), [(a_job(template="other", on=True), "runs"), (a_job(template="other"), "is switched off")]
)
def test_a_job_beside_ours_is_told_with_what_it_does(other: Job, state: str) -> None:
    (sentence,) = told(RUNS, other)

    assert sentence.startswith(
        f"Another job of this app, other.7a1d5f0c.5c0e7d11, {state}: each job keeps its own links"
    )


def test_each_job_beside_ours_is_told() -> None:
    assert len(told(RUNS, a_job(template="one"), a_job(template="two"))) == 2
