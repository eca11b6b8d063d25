"""Taking a job away: who is provisioned by it is counted before it is paused, and it is paused before it is deleted."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from builders import PRINCIPAL, a_closing_schema, a_job, a_schema, an_assignment, edited, some_people
from carrying_out import judging
from recording import RecordingService

from provisioning.errors import (
    MissingPermissionError,
    NotFoundError,
    ProvisioningError,
    UnavailableError,
    UnsafeChangeError,
)
from provisioning.language import ScopingFilter
from provisioning.model.declaration import OnDestroy
from provisioning.model.identifiers import JobAddress
from provisioning.model.job import Quarantine
from provisioning.model.mapping import ObjectAction, ObjectKind
from provisioning.model.object_mapping import ObjectMapping
from provisioning.model.person import People
from provisioning.model.schema import SynchronizationSchema
from provisioning.operations.jobs import Leaving, cycle_of, remove

ADDRESS = JobAddress(PRINCIPAL, a_job().id)
RUNS = a_job(on=True, status="Active")
WRITTEN = ["pause", "delete job"]


def a_service(**differences: Any) -> RecordingService:
    """Give a job that has run for a group of three."""
    usual: dict[str, Any] = {
        "held": RUNS,
        "assignments_held": (an_assignment(),),
        "people_held": People(some_people(3)),
        "schema_held": a_closing_schema(),
    }
    return RecordingService(**(usual | differences))


def filtered(clause: str) -> SynchronizationSchema:
    scoping = ScopingFilter.parse([clause])
    return edited(a_closing_schema(), ObjectKind.USERS, lambda users: users.with_filter(scoping))


async def removed(service: RecordingService, leaving: Leaving | None = None, **how: Any) -> str:
    left = await remove(service, ADDRESS, leaving or Leaving(app="Elium"), judging(**how))
    return left.text


async def test_a_job_that_provisions_people_is_not_destroyed_and_goes_on_running() -> None:
    service = a_service()

    with pytest.raises(UnsafeChangeError) as refusal:
        await removed(service)

    assert service.asked == ["jobs", "jobs", "assignments", "secrets", "schema", "people Staff:"]
    assert refusal.value.message == (
        "Up to 3 people are provisioned by this job, assigned and active (P0 of staff, P1 of staff, P2 of staff) at "
        "Elium, and nobody could disable these accounts once the job is gone. Nothing was changed."
    )


async def test_the_three_ways_on_are_told() -> None:
    with pytest.raises(UnsafeChangeError) as refusal:
        await removed(a_service())

    assert refusal.value.hint.startswith("`elium teardown` closes them first, and proves it. By hand: take the groups")
    assert refusal.value.hint.endswith("set onDestroy: retain, run `pulumi up`, and destroy.")


async def test_a_deletion_threshold_that_would_hold_the_accounts_back_is_told() -> None:
    settings = {"DeleteThresholdEnabled": True, "DeleteThresholdValue": 2}
    service = a_service(secrets_held={"SyncNotificationSettings": json.dumps(settings)})

    with pytest.raises(UnsafeChangeError) as refusal:
        await removed(service)

    assert "with a deleteThreshold above their number, which is 2 now, and destroy then" in refusal.value.hint


async def test_retain_leaves_the_accounts_and_says_whose() -> None:
    service = a_service(people_held=People(some_people(1)))

    told = await removed(service, Leaving(OnDestroy.RETAIN, "Elium"))

    assert service.writes == WRITTEN
    assert told == (
        "1 person is provisioned by this job, assigned and active (P0 of staff) at Elium; their accounts stay as they "
        "are, because onDestroy is retain."
    )


async def test_a_job_that_nobody_is_provisioned_by_goes_without_a_word() -> None:
    service = a_service(people_held=People())

    assert (await removed(service), service.writes) == ("", WRITTEN)


async def test_a_job_that_never_ran_goes_without_a_look_at_people() -> None:
    service = a_service(held=a_job())

    assert await removed(service) == ""
    assert service.asked == ["jobs", *WRITTEN]


async def test_a_paused_job_that_has_run_is_counted() -> None:
    service = a_service(held=a_job(on=False, status="Paused"))
    service.let_it_run(is_on=False, status="Paused", last_began=datetime(2026, 1, 15, tzinfo=UTC))

    with pytest.raises(UnsafeChangeError, match="Up to 3 people"):
        await removed(service)


async def test_a_job_that_is_gone_while_people_are_assigned_is_told_with_the_way_on() -> None:
    service = a_service(held=None)

    with pytest.raises(UnsafeChangeError) as refusal:
        await removed(service)

    assert refusal.value.message == (
        "The job elium.7a1d5f0c.5c0e7d11 is gone already: somebody else deleted it, or a run that was cut. Up to 3 "
        "people were provisioned by this job, and still assigned and active (P0 of staff, P1 of staff, P2 of staff) at "
        "Elium, and nobody disables these accounts any more. Nothing was changed."
    )
    assert refusal.value.hint.startswith("Run `pulumi refresh`, and `pulumi up`, which makes a new job;")
    assert service.writes == []


async def test_a_job_that_is_gone_is_left_behind_with_a_word() -> None:
    told = await remove(a_service(held=None), ADDRESS, Leaving(OnDestroy.RETAIN, "Elium"), judging())

    assert told.is_warning
    assert told.text == (
        "The job elium.7a1d5f0c.5c0e7d11 is gone already. Up to 3 people were provisioned by this job, and still "
        "assigned and active (P0 of staff, P1 of staff, P2 of staff) at Elium; their accounts stay as they are, "
        "because onDestroy is retain."
    )


async def test_a_job_that_is_gone_with_nobody_assigned_is_told_with_what_it_means() -> None:
    service = a_service(held=None, assignments_held=(), people_held=People())

    told = await remove(service, ADDRESS, Leaving(app="Elium"), judging())

    assert (told.is_warning, service.writes) == (True, [])
    assert told.text == (
        "The job elium.7a1d5f0c.5c0e7d11 was gone already. Whoever it provisioned may still have an active account at "
        "Elium, and nobody disables it: look there."
    )


async def test_whom_a_job_that_is_gone_provisioned_is_not_known_where_nobody_can_be_read() -> None:
    with pytest.raises(UnsafeChangeError, match="How many people this job provisioned is not known"):
        await removed(a_service(held=None), read_at_most=0)


async def test_of_a_service_principal_that_is_gone_it_is_told_where_it_may_lie() -> None:
    gone = NotFoundError("gone", status=404)
    service = a_service(held=None, refusing=dict.fromkeys(("jobs", "secrets", "assignments"), gone))

    told = await removed(service)

    assert told.startswith("The job elium.7a1d5f0c.5c0e7d11 was gone already.")
    assert "in Entra's recycle bin, restoring it brings the job back (docs/how-to/when-a-run-was-cut.md)" in told


async def test_a_job_that_a_list_lacks_is_counted_and_deleted_as_any_other() -> None:
    service = a_service(lists_lag=True, people_held=People())

    await removed(service)

    assert service.writes == WRITTEN


async def test_another_job_of_the_app_stays() -> None:
    other = a_job(template="other", on=True, status="Active")
    service = a_service(held=other, assignments_held=(), people_held=People())

    await removed(service)

    assert service.held == other


async def test_many_are_named_in_part() -> None:
    with pytest.raises(UnsafeChangeError, match=r"Up to 1,200 people .*P9 of staff, and 1,190 more\)"):
        await removed(a_service(people_held=People(some_people(1200))))


async def test_the_first_ones_are_at_least_so_many() -> None:
    with pytest.raises(UnsafeChangeError, match="At least 3 people are provisioned"):
        await removed(a_service(people_held=People(some_people(3), is_complete=False)))


async def test_nobody_among_the_first_ones_is_not_nobody() -> None:
    people = People(some_people(3, through="guests"), is_complete=False)

    with pytest.raises(UnsafeChangeError, match="is provisioned by this job, but others were not read"):
        await removed(a_service(people_held=people))


async def test_those_whom_the_filter_keeps_out_are_not_counted() -> None:
    service = a_service(
        schema_held=filtered("department EQUALS Sales"), people_held=People(some_people(3, department="IT"))
    )

    assert await removed(service) == ""
    assert "people Staff: department" in service.asked


async def test_everybody_is_counted_where_the_scope_is_all() -> None:
    service = a_service(secrets_held={"SyncAll": "True"}, people_held=People(some_people(2, through="nobody")))

    with pytest.raises(UnsafeChangeError, match="Up to 2 people"):
        await removed(service)

    assert service.asked[-1] == "people Staff and everybody:"


@pytest.mark.parametrize(
    ("differences", "how", "why"),
    [
        ({}, {"read_at_most": 0}, "The estimate is switched off (impactLimit: 0)."),
        (
            {"refusing": {"people": MissingPermissionError("no")}},
            {},
            "This identity may not read people: grant it User.Read.All, GroupMember.Read.All and Application.Read.All.",
        ),
        (
            {"refusing": {"people": UnavailableError("Graph is away.", status=503)}},
            {},
            "People could not be read. Graph is away.",
        ),
        (
            {"schema_held": a_schema(scope={"groups": [{"name": "x", "clauses": [{"operatorName": "SOUNDS LIKE"}]}]})},
            {},
            "The scoping filter that the service holds cannot be read.",
        ),
    ],
)
async def test_what_nobody_could_count_is_refused_with_the_reason(
    differences: dict[str, Any], how: dict[str, Any], why: str
) -> None:
    service = a_service(**differences)

    with pytest.raises(UnsafeChangeError) as refusal:
        await removed(service, **how)

    assert refusal.value.message == (
        f"How many people this job provisions is not known. {why} They may be active at Elium, and nobody could "
        "disable these accounts once the job is gone. Nothing was changed."
    )
    assert service.writes == []


async def test_a_pattern_that_takes_for_ever_does_not_keep_from_retaining() -> None:
    service = a_service(
        schema_held=filtered("mail REGEX MATCH ^(a|aa)+$"),
        people_held=People(some_people(1, mail="a" * 80 + "b")),
    )

    told = await removed(service, Leaving(OnDestroy.RETAIN, "Elium"))

    assert "takes longer than" in told
    assert service.writes == WRITTEN


async def test_what_nobody_could_count_can_be_left_behind_with_a_word() -> None:
    service = a_service()

    told = await removed(service, Leaving(OnDestroy.RETAIN, "Elium"), read_at_most=0)

    assert told.startswith("How many people this job provisions is not known.")
    assert service.writes == WRITTEN


def held_back(*persons: Any) -> RecordingService:
    """Give a job that disables nobody before somebody allows it."""
    service = a_service(people_held=People(persons))
    service.let_it_run(is_on=False, status="Quarantine", quarantine=Quarantine("TooManyDeletes", None, ""))
    return service


async def test_disables_that_the_job_holds_back_would_be_lost_with_it() -> None:
    service = held_back(*some_people(2))

    with pytest.raises(UnsafeChangeError, match=r"holds disables back \(TooManyDeletes\), which would be lost with it"):
        await removed(service)

    assert service.writes == []


async def test_disables_that_are_held_back_count_where_nobody_is_provisioned_any_more() -> None:
    service = held_back()

    with pytest.raises(UnsafeChangeError) as refusal:
        await removed(service)

    assert refusal.value.message == (
        "The job holds disables back (TooManyDeletes). People who left may be active at Elium, and nobody could "
        "disable these accounts once the job is gone. Nothing was changed."
    )


async def test_retain_says_that_disables_were_held_back() -> None:
    told = await removed(held_back(*some_people(2)), Leaving(OnDestroy.RETAIN, "Elium"))

    assert told.endswith("The job holds disables back (TooManyDeletes), which would be lost with it.")


async def test_a_quarantine_for_another_reason_says_nothing_of_those_who_were_taken_out() -> None:
    service = a_service(people_held=People())
    service.let_it_run(status="Quarantine", quarantine=Quarantine("EncounteredQuarantineException", None, ""))

    with pytest.raises(UnsafeChangeError, match=r"in quarantine \(Enc.*Its cycles may have disabled nobody") as refusal:
        await removed(service)

    assert "Release it (" in refusal.value.hint
    assert service.writes == []


@pytest.mark.parametrize(("threshold", "is_refused"), [(3, True), (None, False)])
async def test_a_job_that_is_off_does_not_say_whether_it_held_leavers_back(
    threshold: int | None, *, is_refused: bool
) -> None:
    held = {"SyncNotificationSettings": f'{{"DeleteThresholdEnabled":true,"DeleteThresholdValue":{threshold}}}'}
    service = a_service(people_held=People(), secrets_held=held if threshold else {})
    service.let_it_run(is_on=False, status="Paused", last_began=datetime(2026, 1, 15, 9, 0, tzinfo=UTC))

    if not is_refused:
        assert (await removed(service)).startswith("Nobody is provisioned by this job any more")
        return
    with pytest.raises(UnsafeChangeError, match=r"The job is off, so it does not say whether it holds disables back"):
        await removed(service)
    assert service.writes == []


@pytest.mark.parametrize("verb", ["jobs", "assignments", "secrets", "schema"])
async def test_a_look_that_fails_leaves_the_job_running(verb: str) -> None:
    service = a_service(refusing={verb: UnavailableError("away", status=503)})

    with pytest.raises(ProvisioningError):
        await removed(service)

    assert service.writes == []


@pytest.mark.parametrize(("verb", "asked"), [("pause", ["pause"]), ("delete job", ["pause", "delete job"])])
async def test_a_destroy_that_fails_can_be_repeated(verb: str, asked: list[str]) -> None:
    service = a_service(people_held=People(), refusing={verb: UnavailableError("away", status=503)})
    with pytest.raises(UnavailableError):
        await removed(service)
    service.refusing = {}

    await removed(service)

    assert (service.writes, service.held) == ([*asked, *WRITTEN], None)


async def test_a_job_that_has_begun_no_cycle_since_people_were_taken_out_is_not_destroyed() -> None:
    service = a_service(people_held=People())
    left_in = cycle_of(service.held)

    with pytest.raises(UnsafeChangeError, match="People were taken out, and no cycle has begun since") as refusal:
        await removed(service, Leaving(app="Elium", left_in=left_in))

    assert service.writes == []
    assert "then a cycle" in refusal.value.hint


async def test_a_cycle_since_people_were_taken_out_has_disabled_them() -> None:
    service = a_service(people_held=People())

    await removed(service, Leaving(app="Elium", left_in="2001-01-01T00:00:00+00:00"))

    assert service.writes == WRITTEN


def users(edit: Callable[[ObjectMapping], ObjectMapping]) -> SynchronizationSchema:
    return edited(a_closing_schema(), ObjectKind.USERS, edit)


LEFT_OPEN: tuple[tuple[str, dict[str, Any]], ...] = (
    ("because skipOutOfScopeDeletions says so", {"secrets_held": {"SkipOutOfScopeDeletions": "True"}}),
    ("because accounts are not updated", {"schema_held": users(lambda held: held.with_actions({ObjectAction.CREATE}))}),
    (
        "because no mapping disables people who leave",
        {"schema_held": users(lambda held: held.without_mapping("active"))},
    ),
    ("because users are no longer provisioned", {"schema_held": users(lambda held: held.with_enabled(enabled=False))}),
)


@pytest.mark.parametrize(("why", "held"), LEFT_OPEN)
async def test_a_job_that_left_accounts_open_is_not_destroyed_though_nobody_is_provisioned(
    why: str, held: dict[str, Any]
) -> None:
    service = a_service(assignments_held=(), people_held=People(), **held)

    with pytest.raises(UnsafeChangeError, match=why) as refusal:
        await removed(service)

    assert service.writes == []
    assert "By hand: undo that with an `up`, restart the job in the portal" in refusal.value.hint
    retained = await removed(service, Leaving(OnDestroy.RETAIN, app="Elium"))
    assert retained.endswith(
        "They may be active at Elium; their accounts stay as they are, because onDestroy is retain."
    )
    assert service.writes == WRITTEN


async def test_a_job_for_everybody_is_narrowed_first_since_an_assignment_that_goes_takes_nobody_out() -> None:
    service = a_service(secrets_held={"SyncAll": "True"}, assignments_held=())

    with pytest.raises(
        UnsafeChangeError, match="Up to 3 people are provisioned by this job, in scope and active"
    ) as no:
        await removed(service)

    assert "By hand: set scope: assigned, and take the groups and users out first" in no.value.hint
