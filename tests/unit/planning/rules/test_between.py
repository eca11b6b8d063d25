"""People who would be provisioned only while a change is carried out are counted and named."""

from __future__ import annotations

from typing import Any

import pytest
from builders import a_configuration, a_schema, an_assignment, edited, some_people

from provisioning.language import ScopingFilter
from provisioning.model.connection import Scope
from provisioning.model.mapping import ObjectKind
from provisioning.model.person import People
from provisioning.model.schema import SynchronizationSchema
from provisioning.planning.configuration import Configuration
from provisioning.planning.rules import AcceptingSetting, Case, Finding, Weight, findings_of
from provisioning.planning.rules.between import NARROW_FIRST, UNASSIGN_FIRST, pass_through
from provisioning.planning.touched import Group, Impact

STAFF, GUESTS = an_assignment(), an_assignment("Guests")


def filtered(*clauses: str) -> SynchronizationSchema:
    scoping = ScopingFilter.parse(list(clauses)) if clauses else None
    return edited(a_schema(), ObjectKind.USERS, lambda users: users.with_filter(scoping))


UNREADABLE = a_schema(scope={"groups": [{"name": "x", "clauses": [{"operatorName": "SOUNDS LIKE"}]}]})


def some_guests(count: int) -> People:
    """Give three of the staff in sales, and guests who are in no department."""
    return People(
        (
            *some_people(3, department="Sales"),
            *some_people(count, through="guests", department=None),
        )
    )


STAFF_ALONE = a_configuration(filtered(), assignments=(STAFF,))
SALES_OF_BOTH = a_configuration(filtered("department EQUALS Sales"), assignments=(STAFF, GUESTS))


def found(before: Configuration, after: Configuration, guests: int, **known: Any) -> list[Finding]:
    people = some_guests(guests)
    usual: dict[str, Any] = {"impact": Impact(len(people), in_scope_before=3, in_scope_after=3), "people": people}
    return list(pass_through(Case(before, after, **(usual | known))))


def test_who_is_assigned_before_the_filter_that_keeps_them_out_is_saved_must_be_accepted() -> None:
    (finding,) = found(STAFF_ALONE, SALES_OF_BOTH, 6)

    assert finding.sentence.startswith(
        "6 people are in scope neither now nor afterwards, but while this is carried out, and if it is cut until it is "
        "finished: P0 of guests, P1 of guests"
    )
    assert finding.sentence.endswith("With those who enter that is 6; the limit is 5, the larger of 5 and 5 %.")
    assert (finding.weight, finding.number, finding.accepts) == (Weight.ACCEPTABLE, 6, AcceptingSetting.ENTRANTS)
    assert finding.hint == NARROW_FIRST


def test_who_is_still_assigned_when_the_filter_that_kept_them_out_is_gone_must_be_accepted() -> None:
    (finding,) = found(SALES_OF_BOTH, STAFF_ALONE, 6)

    assert (finding.weight, finding.number, finding.hint) == (Weight.ACCEPTABLE, 6, UNASSIGN_FIRST)


def test_a_filter_that_is_widened_before_a_scope_is_narrowed_lets_everybody_pass() -> None:
    before = a_configuration(filtered("department EQUALS Sales"), assignments=(STAFF,), scope=Scope.ALL)
    after = a_configuration(filtered(), assignments=(STAFF,), scope=Scope.ASSIGNED)

    (finding,) = found(before, after, 6)

    assert finding.number == 6


def test_they_are_counted_with_those_who_enter() -> None:
    impact = Impact(9, in_scope_before=3, in_scope_after=7, entering=Group(4))

    assert [each.weight for each in found(STAFF_ALONE, SALES_OF_BOTH, 2)] == [Weight.WARNING]
    assert [each.number for each in found(STAFF_ALONE, SALES_OF_BOTH, 2, impact=impact)] == [6]


def test_one_person_is_told_as_one() -> None:
    (finding,) = found(STAFF_ALONE, SALES_OF_BOTH, 1)

    assert finding.sentence.startswith("1 person is in scope neither now nor afterwards")
    assert finding.sentence.endswith(": P0 of guests.")


@pytest.mark.parametrize(
    ("before", "after", "known"),
    [
        (STAFF_ALONE, SALES_OF_BOTH, {"has_run": False}),
        (STAFF_ALONE, SALES_OF_BOTH, {"people": None}),
        (a_configuration(filtered(), assignments=(STAFF,), is_on=False), SALES_OF_BOTH, {}),
        (SALES_OF_BOTH, a_configuration(filtered(), assignments=(STAFF,), is_on=False), {}),
        (STAFF_ALONE, a_configuration(filtered(), assignments=(STAFF, GUESTS)), {}),
        (STAFF_ALONE, a_configuration(filtered("department EQUALS Sales"), assignments=(STAFF,)), {}),
        (a_configuration(UNREADABLE, assignments=(STAFF,)), SALES_OF_BOTH, {}),
    ],
)
def test_nobody_passes_while_no_job_runs_nor_where_one_thing_alone_changes(
    before: Configuration, after: Configuration, known: dict[str, Any]
) -> None:
    assert found(before, after, 6, **known) == []


def test_it_is_among_the_rules() -> None:
    people = some_guests(6)
    case = Case(STAFF_ALONE, SALES_OF_BOTH, impact=Impact(9, in_scope_before=3, in_scope_after=3), people=people)

    assert set(pass_through(case)) <= set(findings_of(case))
    assert any("in scope neither now" in each.sentence for each in findings_of(case))
