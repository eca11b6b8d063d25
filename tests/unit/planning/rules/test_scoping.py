from __future__ import annotations

import pytest
from builders import a_configuration, a_mapping_node, a_schema

from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.connection import Scope
from provisioning.model.person import Manager, People, Person
from provisioning.planning.rules import Case, Weight, findings_of, may_bring_in, may_make_leave
from provisioning.planning.rules.leaving import leavers_fate
from provisioning.planning.rules.scoping import missing_managers
from provisioning.planning.touched import Group, Impact

STAFF = Assignment("staff", PrincipalKind.GROUP, "Staff", "role")
THROUGH = frozenset({"staff"})


def reporting_to(*managers: str, complete: bool = True) -> People:
    """Read Ada, and one person for each manager."""
    ada = Person("ada", "Ada", {}, through=THROUGH)
    others = [
        Person(f"p{number}", "x", {}, manager=Manager(name, name.title()), through=THROUGH)
        for number, name in enumerate(managers)
    ]
    return People((ada, *others), is_complete=complete)


def told(people: People, source: str = "manager") -> list[str]:
    job = a_configuration(a_schema(a_mapping_node("nickName", source)), assignments=(STAFF,))
    return [str(finding) for finding in missing_managers(Case(job, job, impact=Impact(), people=people))]


def test_managers_who_are_not_in_scope_are_named_ten_of_them() -> None:
    grace, many = told(reporting_to("ada", "grace")), told(reporting_to(*(f"m{number:02}" for number in range(12))))

    assert "".join(grace) == (
        "mappings.users.nickName: these managers are out of scope, so people have none at the app: Grace. "
        "Assign them as well."
    )
    assert many[0].endswith("M08, M09, and 2 more. Assign them as well.")


@pytest.mark.parametrize(
    "sentences",
    [
        told(reporting_to("ada")),
        told(reporting_to("grace", complete=False)),
        told(reporting_to("grace"), source="mail"),
    ],
)
def test_managers_do_not_matter_where_they_are_in_scope_unknown_or_not_mapped(sentences: list[str]) -> None:
    assert sentences == []


ODD = a_schema(
    scope={"groups": [{"name": "x", "clauses": [{"operatorName": "SOUNDS LIKE", "sourceOperandName": "m"}]}]}
)


def test_a_filter_that_cannot_be_read_may_make_anybody_leave() -> None:
    before, after = a_configuration(ODD, scope=Scope.ALL), a_configuration(ODD)

    assert (may_make_leave(before, after), may_bring_in(before, after)) == (True, False)
    assert not may_make_leave(before, before)


def test_a_filter_that_cannot_be_read_is_no_reason_to_say_nothing() -> None:
    case = Case(a_configuration(ODD, scope=Scope.ALL), a_configuration(ODD))

    assert Weight.ACCEPTABLE in {finding.weight for finding in findings_of(case)}
    assert len(list(leavers_fate(case))) == 1


def test_what_is_unread_in_active_stays_a_doubt() -> None:
    unread = a_mapping_node("active", "x", source={"expression": "Future([a])", "type": "Function"})
    job = a_configuration(a_schema(unread), scope=Scope.ALL)
    impact = Impact(3, in_scope_before=3, leaving=Group(2))

    (finding,) = leavers_fate(Case(job, a_configuration(a_schema(unread)), impact=impact))

    assert finding.sentence.startswith("Whether people who leave are disabled is not known: ")
