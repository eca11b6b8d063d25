from __future__ import annotations

from datetime import UTC, datetime

import pytest
from builders import a_declared_schema, a_job, a_schema

from provisioning.language import Expression, ScopingFilter
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.declaration import Declaration
from provisioning.model.mapping import DeclaredMapping, ObjectKind
from provisioning.model.observed import Observed
from provisioning.model.person import AssignedGroup, People, Person
from provisioning.planning.plan import Circumstances, Plan, plan_of
from provisioning.planning.rendering import as_text, notices
from provisioning.planning.rules import Acceptance, Weight

NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
SALES = ScopingFilter.parse(["department EQUALS Sales"])
TITLE = DeclaredMapping("title", {"source": Expression.parse("[otherMails]")})
STAFF = Assignment("staff", PrincipalKind.GROUP, "Staff", "role")


def a_person(name: str, **attributes: object) -> Person:
    facts = {"department": "IT", "otherMails": ["a@x", "b@x"], "userPrincipalName": name} | attributes
    return Person(name, name, facts, through=frozenset({"staff"}))  # type: ignore[arg-type]  # values of attributes


ADA = a_person("Ada Byron")


def a_plan(people: People | None = None) -> Plan:
    """Plan a filter that throws out whoever is not in Sales, and a mapping."""
    schema = a_declared_schema(filters={ObjectKind.USERS: SALES}, mappings={ObjectKind.USERS: {"title": TITLE}})
    observed = Observed(a_job(on=True, status="Active"), schema=a_schema(), assignments=(STAFF,))
    plan = plan_of(observed, Declaration(schema=schema), Circumstances(acceptance=Acceptance(3)))
    return plan.judged(people, now=NOW) if people else plan.uncounted("Nobody may be read.")


def lines(people: People | None = None) -> list[str]:
    return as_text(a_plan(people)).splitlines()


def test_a_plan_without_a_count_says_why() -> None:
    assert [line for line in lines() if "Nobody may be read." in line] == [
        (
            "warning: How many people this takes away from is not known. Nobody may be read. "
            "That is accepted by acceptLeavers: 3."
        )
    ]


def test_what_could_not_be_compared_is_named() -> None:
    told = lines(People((ADA,), unreadable=frozenset({"otherMails"})))

    assert "  Not compared, because Graph does not give it here: otherMails." in told


def test_an_estimate_that_does_not_cover_everybody_says_whom_it_covers() -> None:
    told = lines(People((ADA,), is_complete=False))

    assert "  1 person in scope now, nobody afterwards; this covers the first 1 person." in told


def test_many_people_are_named_in_lines_that_can_be_read_and_no_name_is_broken() -> None:
    people = People(tuple(a_person(f"Somebody Van Der Name ({number}@contoso.com)") for number in range(14)))

    told = lines(people)

    start = next(number for number, line in enumerate(told) if "would leave:" in line)
    assert max(map(len, told[start : start + 5])) <= 102
    assert sum(line.count("Somebody Van Der Name (") for line in told[start : start + 5]) == 10
    assert told[start + 4].endswith(", and 4 more")


def test_values_of_the_first_are_shown_and_the_others_counted() -> None:
    people = People(tuple(a_person(str(number), department="Sales", otherMails=["x"]) for number in range(5)))

    told = lines(people)

    start = told.index("  title: 5 people would get another value")
    assert told[start + 3 : start + 5] == ['    2: nothing → "x"', "    and 2 more"]


def test_what_is_printed_is_what_the_notices_say() -> None:
    plan = a_plan(People((ADA,)))

    printed = [f"warning: {each.text}" if each.weight is Weight.WARNING else each.text for each in notices(plan)]

    assert as_text(plan).startswith("\n".join(printed))


@pytest.mark.parametrize("people", [None, People((ADA,))])
def test_nothing_is_printed_twice(people: People | None) -> None:
    told = lines(people)

    assert len(told) == len(set(told))


def test_a_plan_that_changes_nothing_still_tells_what_is_not_as_it_should_be() -> None:
    declared = Declaration(schema=a_declared_schema(mappings={ObjectKind.USERS: {"nickName": None}}))
    observed = Observed(a_job(on=True, status="Active"), schema=a_schema(), assignments=(STAFF,))
    people = People((ADA,), groups=(AssignedGroup("staff", "Staff"),))

    told = as_text(plan_of(observed, declared).judged(people, now=NOW)).splitlines()

    assert told[0] == "Nothing to do."
    assert "warning: The group Staff is empty, so it brings nobody. Add people to it, or take it out." in told
