from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from builders import a_configuration, a_declared_schema, a_mapping, a_mapping_node, a_schema, edited

from provisioning.language import ScopingFilter
from provisioning.model.mapping import ObjectAction, ObjectKind
from provisioning.model.schema import SynchronizationSchema
from provisioning.planning.configuration import Configuration
from provisioning.planning.rules import Case, Weight, findings_of
from provisioning.planning.rules.leaving import active_follows, is_closed, leavers_fate, many_leave
from provisioning.planning.touched import Group, Impact

USERS = ObjectKind.USERS
FOLLOWS = "Not([IsSoftDeleted])"
SALES = ScopingFilter.parse(["department EQUALS Sales"])
EVERYTHING = frozenset(ObjectAction)


def a_job(active: str | None = FOLLOWS, actions: frozenset[ObjectAction] = EVERYTHING, **known: Any) -> Configuration:
    """Build a job that matches by userName and, usually, disables by active."""
    nodes = [a_mapping_node("userName", "userPrincipalName", matchingPriority=1)]
    nodes += [a_mapping_node("active", "x", source={"type": "Function", "expression": active})] if active else []
    document = copy.deepcopy(dict(a_schema(*nodes).document))
    document["synchronizationRules"][0]["objectMappings"][0]["flowTypes"] = "Add,Update,Delete"
    return a_configuration(edited(SynchronizationSchema(document), USERS, lambda it: it.with_actions(actions)), **known)


def narrowed(job: Configuration, leaving: int | None = 3, **known: Any) -> Case:
    """Build the case of a filter on a job, by which so many of ten leave."""
    impact = None if leaving is None else Impact(10, in_scope_before=10, leaving=Group(leaving))
    return Case(
        job,
        job.with_schema(edited(job.schema, USERS, lambda it: it.with_filter(SALES))),
        impact=impact,
        app="Elium",
        **known,
    )


OPEN = [
    (a_job(keeps_leavers=True), ", because skipOutOfScopeDeletions says so"),
    (a_job(actions=frozenset({ObjectAction.CREATE})), ", because accounts are not updated"),
    (a_job(active=None), ", because no mapping disables people who leave"),
    (a_job(active="[IsSoftDeleted]"), ", because no mapping disables people who leave"),
    (a_job(is_on=False), " until the job is switched on"),
]


@pytest.mark.parametrize(("job", "why"), OPEN)
def test_accounts_that_stay_open_are_counted_as_such(job: Configuration, why: str) -> None:
    assert [finding.sentence for finding in leavers_fate(narrowed(job))] == [f"3 accounts stay open at Elium{why}."]
    assert [finding.sentence for finding in leavers_fate(narrowed(job, 1))] == [f"1 account stays open at Elium{why}."]


@pytest.mark.parametrize(("job", "why"), OPEN)
def test_many_accounts_that_stay_open_are_told_once_and_must_be_accepted(job: Configuration, why: str) -> None:
    (finding,) = many_leave(narrowed(job, 7))

    assert list(leavers_fate(narrowed(job, 7))) == []
    assert (finding.weight, finding.number) == (Weight.ACCEPTABLE, 7)
    assert finding.sentence == (
        f"7 of 10 people in scope would leave, and their accounts stay open at Elium{why}; "
        "the limit is 5, the larger of 5 and 5 %."
    )


@pytest.mark.parametrize(("job", "why"), OPEN)
def test_where_nobody_counted_it_is_still_said_why_accounts_stay_open(job: Configuration, why: str) -> None:
    (finding,) = leavers_fate(narrowed(job, None))

    assert finding.sentence == f"Accounts of people who leave stay open at Elium{why}."


def test_people_who_leave_are_disabled_where_nothing_is_in_the_way() -> None:
    (finding,) = leavers_fate(narrowed(a_job()))

    assert finding.sentence == "People who leave are disabled at Elium; their accounts stay."


@pytest.mark.parametrize(
    ("active", "doubt"),
    [("[accountEnabled]", "reads accountEnabled alone"), ("Future([a])", "is Future([a]), which cannot be read here")],
)
def test_where_nobody_knows_whether_people_are_disabled_that_is_said(active: str, doubt: str) -> None:
    (finding,) = leavers_fate(narrowed(a_job(active=active)))

    assert finding.sentence == f"Whether people who leave are disabled is not known: active {doubt}."


def test_users_that_are_no_longer_provisioned_keep_their_accounts() -> None:
    job = a_job()
    impact = Impact(3, in_scope_before=3, leaving=Group(3))

    (finding,) = leavers_fate(
        Case(job, job.with_schema(edited(job.schema, USERS, lambda it: it.with_enabled(enabled=False))), impact=impact)
    )

    assert finding.sentence == "3 accounts stay open at the app, because users are no longer provisioned."


def test_nobody_leaves_a_job_that_has_provisioned_nobody() -> None:
    case = narrowed(a_job(), 9, has_run=False)

    assert [*leavers_fate(case), *many_leave(case)] == []


def remapped(active: str, **known: Any) -> Case:
    """Build the case of another mapping of active."""
    job = a_job()
    return Case(
        job,
        job.with_schema(edited(job.schema, USERS, lambda it: it.with_mapping(a_mapping("active", active)))),
        **known,
    )


def test_people_in_scope_whom_active_would_disable_are_told_once() -> None:
    impact = Impact(9, in_scope_before=9, in_scope_after=9, leaving=Group(9))
    few = replace(impact, leaving=Group(2))

    assert [finding.sentence for finding in many_leave(remapped('"False"', impact=impact))] == [
        "9 of 9 people in scope would be disabled although they are in scope; the limit is 5, the larger of 5 and 5 %."
    ]
    assert list(leavers_fate(remapped('"False"', impact=impact))) == []
    assert [finding.sentence for finding in leavers_fate(remapped('"False"', impact=few))] == [
        "People who leave are disabled at the app although they are in scope; their accounts stay."
    ]


def test_a_mapping_by_account_alone_is_told_to_be_a_doubt() -> None:
    job = a_job(active="[accountEnabled]")
    declared = a_declared_schema(mappings={USERS: {"nickName": None}})

    (lost,), (held,) = active_follows(remapped("[accountEnabled]")), active_follows(Case(job, job, declared=declared))

    assert (lost.weight, held.weight) == (Weight.ACCEPTABLE, Weight.WARNING)
    assert lost.sentence == held.sentence
    assert "Microsoft's documents contradict each other" in held.sentence


def test_that_nobody_would_be_disabled_is_told_once_where_people_leave_as_well() -> None:
    job = a_job()
    after = edited(
        edited(job.schema, USERS, lambda it: it.without_mapping("active")), USERS, lambda it: it.with_filter(SALES)
    )
    impact = Impact(10, in_scope_before=10, in_scope_after=7, leaving=Group(3))

    found = findings_of(Case(job, job.with_schema(after), impact=impact))

    assert len([finding for finding in found if "disable" in finding.sentence]) == 1


@pytest.mark.parametrize(("job", "closes"), [(a_job(is_on=False), True), (a_job(keeps_leavers=True), False)])
def test_a_job_that_is_off_closes_accounts_later(job: Configuration, closes: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert is_closed(narrowed(job)) is closes


def test_that_accounts_are_no_longer_updated_is_told_once_where_people_leave_as_well() -> None:
    job = a_job()
    after = edited(
        edited(job.schema, USERS, lambda it: it.with_actions({ObjectAction.CREATE})),
        USERS,
        lambda it: it.with_filter(SALES),
    )
    impact = Impact(10, in_scope_before=10, in_scope_after=7, leaving=Group(3))

    found = findings_of(Case(job, job.with_schema(after), impact=impact))

    assert len([finding for finding in found if "updated" in finding.sentence]) == 1
    assert not [finding for finding in found if "stay open" in finding.sentence]
