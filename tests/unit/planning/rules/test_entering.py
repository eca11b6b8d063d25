from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import a_configuration, a_schema

from provisioning.model.connection import Scope
from provisioning.model.mapping import ObjectKind
from provisioning.planning.configuration import Configuration
from provisioning.planning.rules import AcceptingSetting, Case, Finding, Weight, findings_of
from provisioning.planning.rules.entering import (
    IN_TURN,
    created_from_now_on,
    in_between,
    many_enter,
    nobody_in_scope,
    returning,
)
from provisioning.planning.touched import Group, Impact


def widened(impact: Impact | None, **known: Any) -> Case:
    """Build the case of a scope that becomes all."""
    return Case(a_configuration(), a_configuration(scope=Scope.ALL), impact=impact, **known)


def entering(count: int, beside: int = 10, **known: Any) -> Impact:
    return Impact(count + beside, in_scope_before=beside, in_scope_after=count + beside, entering=Group(count), **known)


def acting(flags: str) -> Configuration:
    """Give a job that may do so much with accounts."""
    users = a_schema().of(ObjectKind.USERS)
    return a_configuration(a_schema().having(replace(users, node={**(users.node or {}), "flowTypes": flags})))


def test_many_who_enter_must_be_accepted_by_their_number() -> None:
    sentence = "14 people would enter, beside 10 in scope now; the limit is 5, the larger of 5 and 5 %."

    assert list(many_enter(widened(entering(14)))) == [
        Finding(Weight.ACCEPTABLE, sentence, number=14, accepts=AcceptingSetting.ENTRANTS)
    ]


def test_many_whom_active_enables_within_the_scope_must_be_accepted_too() -> None:
    (finding,) = many_enter(Case(a_configuration(), a_configuration(), impact=entering(14)))

    assert finding.sentence.startswith("14 people in scope, whom active disables now, would be enabled, beside 10 in")


@pytest.mark.parametrize(("in_scope", "weight"), [(5, Weight.WARNING), (6, Weight.ACCEPTABLE)])
def test_who_is_in_scope_when_accounts_are_created_from_now_on_counts_as_entering(
    in_scope: int, weight: Weight
) -> None:
    impact = Impact(in_scope, in_scope_before=in_scope, in_scope_after=in_scope)
    (finding,) = created_from_now_on(Case(acting("Update"), acting("Add,Update"), impact=impact))

    assert (finding.weight, finding.number, finding.accepts) == (weight, in_scope, AcceptingSetting.ENTRANTS)


@pytest.mark.parametrize(("before", "after", "has_run"), [("Add", "Add, Update", True), ("Update", "Add", False)])
def test_accounts_that_were_created_before_are_not_counted_again(before: str, after: str, *, has_run: bool) -> None:
    assert list(created_from_now_on(Case(acting(before), acting(after), impact=entering(14), has_run=has_run))) == []


def test_an_estimate_of_the_first_ones_says_so() -> None:
    (finding,) = many_enter(widened(entering(14, is_complete=False)))

    assert "beside 10 in scope now, among the first 24 who were judged; the limit" in finding.sentence


@pytest.mark.parametrize(("count", "beside"), [(5, 10), (6, 120), (0, 0)])
def test_as_many_as_the_limit_may_enter(count: int, beside: int) -> None:
    assert list(many_enter(widened(entering(count, beside)))) == []


def test_a_first_deployment_brings_in_as_many_as_there_are() -> None:
    assert list(many_enter(widened(entering(2_000, beside=0), has_run=False))) == []


@pytest.mark.parametrize(("entering", "weight"), [(2, Weight.WARNING), (3, Weight.ACCEPTABLE)])
def test_who_is_in_scope_in_between_counts_with_those_who_enter(entering: int, weight: Weight) -> None:
    impact = Impact(20, in_scope_before=10, in_scope_after=10, entering=Group(entering), in_between=Group(3))
    (finding,) = in_between(widened(impact))

    assert (finding.weight, finding.number, finding.accepts) == (weight, entering + 3, AcceptingSetting.ENTRANTS)
    assert finding.sentence.startswith("3 people are in scope neither before nor afterwards, but in between,")
    assert finding.hint == IN_TURN


def test_nobody_comes_in_between_while_the_job_is_off() -> None:
    off = replace(a_configuration(), is_on=False)

    assert list(in_between(Case(off, off, impact=Impact(20, in_between=Group(9))))) == []


@pytest.mark.parametrize(
    ("impact", "has_run", "weight", "sentence", "number"),
    [
        (Impact(10), False, Weight.ACCEPTABLE, "10 people were looked at, and nobody would be provisioned.", 10),
        (
            Impact(4, in_scope_before=3, leaving=Group(3)),
            True,
            Weight.ACCEPTABLE,
            "All 3 people in scope would leave it, and nobody would be provisioned any more.",
            3,
        ),
        (
            Impact(90, in_scope_before=80),
            True,
            Weight.ACCEPTABLE,
            "All 80 people in scope would leave it, and nobody would be provisioned any more.",
            80,
        ),
        (Impact(4), True, Weight.WARNING, "4 people were looked at, and nobody is provisioned.", None),
    ],
)
def test_a_change_after_which_nobody_is_provisioned_is_told(
    impact: Impact,
    has_run: bool,  # noqa: FBT001 - a parameter of the test
    weight: Weight,
    sentence: str,
    number: int | None,
) -> None:
    same = a_configuration()

    assert list(nobody_in_scope(Case(same, same, impact=impact, has_run=has_run))) == [
        Finding(weight, sentence, number=number)
    ]


def test_that_everybody_leaves_is_told_once() -> None:
    impact = Impact(9, in_scope_before=9, leaving=Group(9))

    found = findings_of(Case(a_configuration(scope=Scope.ALL), a_configuration(), impact=impact))

    assert [finding.number for finding in found if finding.weight is Weight.ACCEPTABLE] == [9]


@pytest.mark.parametrize("impact", [None, Impact(), Impact(3, in_scope_after=1)])
def test_nobody_is_missed_where_somebody_is_provisioned_or_nobody_was_looked_at(impact: Impact | None) -> None:
    assert list(nobody_in_scope(widened(impact, has_run=False))) == []


@pytest.mark.parametrize(
    ("impact", "has_run", "count"), [(entering(1), True, 1), (None, True, 1), (Impact(), True, 0), (None, False, 0)]
)
def test_people_who_come_back_are_enabled_again(impact: Impact | None, has_run: bool, count: int) -> None:  # noqa: FBT001 - a parameter of the test
    assert len(list(returning(widened(impact, has_run=has_run)))) == count
