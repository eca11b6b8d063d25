"""A plan for machines, and the word by which it is accepted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from builders import a_declared_schema, a_job, a_schema

from provisioning.language import ScopingFilter
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.declaration import Declaration
from provisioning.model.mapping import ObjectKind
from provisioning.model.observed import Observed
from provisioning.model.person import People, Person
from provisioning.planning.plan import Circumstances, Plan, plan_of
from provisioning.planning.report import ReportedChange, ReportedGroup, report_of
from provisioning.planning.rules import Acceptance, Weight

NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
STAFF = Assignment("staff", PrincipalKind.GROUP, "Staff", "role")
SALES = ScopingFilter.parse(["department EQUALS Sales"])


def somebody(name: str, department: str = "IT") -> Person:
    facts = {"department": department, "userPrincipalName": name}
    return Person(name, name, facts, through=frozenset({"staff"}))


def a_plan(*people: Person, accepted: int | None = None) -> Plan:
    """Plan a filter that throws out whoever is not in Sales."""
    observed = Observed(a_job(on=True, status="Active"), schema=a_schema(), assignments=(STAFF,))
    declaration = Declaration(schema=a_declared_schema(filters={ObjectKind.USERS: SALES}))
    plan = plan_of(observed, declaration, Circumstances(acceptance=Acceptance(accepted)))
    return plan.judged(People(people), now=NOW) if people else plan.uncounted("Nobody may be read.")


MANY = tuple(somebody(f"person {number}") for number in range(12))


def test_a_plan_is_told_with_changes_calls_people_and_why_it_is_refused() -> None:
    told = report_of(a_plan(*MANY))

    assert told.changes == (ReportedChange("filters.users", "~ filter of users: everybody → department EQUALS Sales"),)
    assert told.calls == ("save the schema",)
    assert told.people is not None
    assert (told.people.leaving.count, len(told.people.leaving.names)) == (12, 10)
    assert told.people.entering == ReportedGroup(0, ())
    assert (told.findings[0].weight, told.findings[0].accepted_by) == (Weight.ACCEPTABLE, "acceptLeavers")
    assert told.refusal.startswith("12 of 12 people in scope would leave")


def test_a_plan_without_a_count_says_why() -> None:
    told = report_of(a_plan())

    assert (told.people, told.why_uncounted) == (None, "Nobody may be read.")


def test_the_checksum_is_the_same_in_whatever_order_people_are_read() -> None:
    assert a_plan(*MANY).checksum == a_plan(*reversed(MANY)).checksum


def test_the_checksum_is_another_when_somebody_else_would_leave_though_nobody_names_them() -> None:
    others = (*MANY[:-1], somebody("somebody else"))

    assert a_plan(*MANY).digest == a_plan(*others).digest
    assert a_plan(*MANY).checksum != a_plan(*others).checksum


def test_the_checksum_does_not_depend_on_when_or_on_what_is_accepted() -> None:
    plan = a_plan(*MANY)
    later = plan.judged(People(MANY), now=NOW.replace(year=2027))

    assert {plan.checksum, later.checksum, a_plan(*MANY, accepted=12).checksum} == {plan.checksum}


def test_the_checksum_is_another_when_something_else_is_called() -> None:
    plan = a_plan(*MANY)

    assert replace(plan, steps=()).checksum != plan.checksum
