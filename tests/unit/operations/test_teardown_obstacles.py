"""What stands in the way of a teardown, each with its way on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from builders import a_closing_schema, a_configuration, a_job, a_mapping_node, a_schema

from provisioning.model.assignment import PrincipalKind
from provisioning.model.connection import Scope
from provisioning.model.job import Job, Quarantine
from provisioning.model.synchronization_status import Cycle, SynchronizationStatus
from provisioning.operations.teardown.leaver import Leaver, Way
from provisioning.operations.teardown.obstacles import Seen, notes, obstacles
from provisioning.operations.teardown.plan import Accounts, Options, Plan

NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
RUNNING = a_job(on=True, status="Active")
ALONE = a_schema(
    a_mapping_node("userName", "userPrincipalName", matchingPriority=1),
    a_mapping_node("active", "accountEnabled"),
)


def a_plan(people: int = 2, groups: int = 0, **options: Any) -> Plan:
    kinds = [PrincipalKind.USER] * people + [PrincipalKind.GROUP] * groups
    leavers = [Leaver(f"id{place}", f"P{place}", kind, Way.CYCLE, "") for place, kind in enumerate(kinds)]
    return Plan("dev", "sp", "job", Options(**options), tuple(leavers), ())


def seen(job: Job = RUNNING, *, others: tuple[Job, ...] = (), has_token: bool = False, **configuration: Any) -> Seen:
    configured = a_configuration(configuration.pop("schema", a_closing_schema()), **configuration)
    beside = tuple(SynchronizationStatus(one) for one in others)
    return Seen(configured, SynchronizationStatus(job, last=Cycle(NOW, NOW, "Succeeded")), beside, has_token)


def quarantined(reason: str) -> Job:
    return replace(RUNNING, status="Quarantine", quarantine=Quarantine(reason, NOW, ""))


@pytest.mark.parametrize(
    ("plan", "case", "said", "way_on"),
    [
        (a_plan(), seen(a_job(on=False)), "switched off", "elium start dev"),
        (a_plan(), seen(a_job(on=True, status="NotRun")), "first cycle runs", "elium wait dev"),
        (a_plan(), seen(quarantined("EncounteredQuarantineException")), "would close nobody", "token or an address"),
        (a_plan(), seen(quarantined("TooManyDeletes")), "holds disables and deletions back", "--force-deletes"),
        (a_plan(), seen(others=(a_job(),)), "another job", "delete the other"),
        (a_plan(), seen(keeps_leavers=True), "skipOutOfScopeDeletions says so", "--reset Watermark"),
        (a_plan(), seen(schema=a_schema()), "leaves the accounts of people who leave open", "--reset Watermark"),
        (a_plan(), seen(schema=ALONE), "follows accountEnabled alone", "IsSoftDeleted"),
        (replace(a_plan(), narrows=True), seen(scope=Scope.ALL), "Everybody is in scope", "--target-token"),
        (a_plan(), replace(seen(), counted_all=False), "More people are assigned", "`up` first"),
        (a_plan(2, 1), seen(delete_threshold=3), "2 people and 1 group would leave", "deleteThreshold to 4, or to 0"),
        (a_plan(1), seen(delete_threshold=1), "1 person would leave", "deleteThreshold to 2"),
        (a_plan(accounts=Accounts.DELETE), seen(), "Entra deletes nobody", "--target-token"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_thing_is_in_the_way_and_told_with_its_way_on(plan: Plan, case: Seen, said: str, way_on: str) -> None:
    (obstacle,) = obstacles(plan, case)

    assert said in obstacle.sentence
    assert way_on in obstacle.way_on


@pytest.mark.parametrize(
    ("plan", "case"),
    [
        (a_plan(), seen()),
        (a_plan(2), seen(delete_threshold=3)),
        (a_plan(2), seen(delete_threshold=0)),
        (a_plan(9, forces_deletes=True), seen(quarantined("TooManyDeletes"), delete_threshold=3)),
        (replace(a_plan(), narrows=True), seen(scope=Scope.ALL, has_token=True)),
        (a_plan(9, accounts=Accounts.RETAIN), seen(a_job(on=False), keeps_leavers=True, delete_threshold=3)),
        (a_plan(accounts=Accounts.DELETE), seen(has_token=True)),
    ],
    ids=["plain", "below", "off", "forced", "narrowed", "retained", "deleted"],
)
def test_nothing_is_in_the_way(plan: Plan, case: Seen) -> None:
    assert list(obstacles(plan, case)) == []


def test_who_cannot_be_proven_is_named() -> None:
    plan = a_plan(1)
    unknown = replace(plan.people[0], way=Way.NONE, why="disabled in Entra")

    told = " ".join(notes(replace(plan, people=(unknown,), reads_log=False), seen()))
    assert "the log does not say whether they have an account: P0" in told
    assert "may not read the provisioning log" in told
    assert "another cycle is waited for" in told
