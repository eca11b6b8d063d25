from __future__ import annotations

from typing import Any

import pytest
from builders import a_configuration

from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.connection import Scope
from provisioning.model.person import AssignedGroup, People, Person
from provisioning.planning.rules import Case, Finding, Weight
from provisioning.planning.rules.assigning import groups_that_bring_nobody, nobody_is_assigned, unassigned_in_scope

STAFF, GUESTS = (Assignment(name.lower(), PrincipalKind.GROUP, name, "role") for name in ("Staff", "Guests"))


def a_case(people: People, *kept: Assignment, scope: Scope = Scope.ASSIGNED) -> Case:
    """Build the case of a job to which Staff and Guests are assigned, and only those who are *kept* afterwards."""
    before = a_configuration(scope=scope, assignments=(STAFF, GUESTS))
    return Case(before, a_configuration(scope=scope, assignments=kept), people=people)


def told(*groups: AssignedGroup, scope: Scope = Scope.ASSIGNED) -> list[Finding]:
    return list(groups_that_bring_nobody(a_case(People(groups=groups), STAFF, GUESTS, scope=scope)))


@pytest.mark.parametrize(
    ("group", "sentence", "hint"),
    [
        (
            AssignedGroup("1", "Interns", is_there=False),
            "The group Interns does not exist any more, so it brings nobody.",
            "Take it out.",
        ),
        (
            AssignedGroup("1", "News", is_security_enabled=False, members=3),
            "The group News is not security-enabled, and only security groups bring people.",
            "Assign a security group instead.",
        ),
        (
            AssignedGroup("1", "News", is_security_enabled=False, is_microsoft_365=True, members=3),
            "The group News is a Microsoft 365 group, and only security groups bring people.",
            "Assign a security group instead.",
        ),
        (
            AssignedGroup("1", "Labs", holds_groups=("A", "B")),
            "The group Labs holds nobody but other groups, whose members are not provisioned: A, B.",
            "Assign those groups themselves.",
        ),
        (
            AssignedGroup("1", "Labs", holds_groups=("A",), members=2),
            "The group Labs holds other groups, and their members are not provisioned: A.",
            "Assign those groups themselves.",
        ),
        (
            AssignedGroup("1", "Guests"),
            "The group Guests is empty, so it brings nobody.",
            "Add people to it, or take it out.",
        ),
    ],
)
def test_a_group_that_brings_nobody_is_told_with_what_to_do(group: AssignedGroup, sentence: str, hint: str) -> None:
    assert told(group) == [Finding(Weight.WARNING, sentence, hint=hint)]


@pytest.mark.parametrize(
    "group", [AssignedGroup("1", "Staff", members=1), AssignedGroup("1", "Staff", is_microsoft_365=True, members=4)]
)
def test_a_security_group_with_people_is_as_it_should_be(group: AssignedGroup) -> None:
    assert told(group) == []


def test_a_group_that_is_taken_out_is_not_complained_about() -> None:
    people = People(groups=(AssignedGroup("guests", "Guests"),))

    assert list(groups_that_bring_nobody(a_case(people, STAFF))) == []


def test_groups_do_not_matter_where_everybody_is_in_scope() -> None:
    assert told(AssignedGroup("1", "Guests"), scope=Scope.ALL) == []


ADA = Person("ada", "Ada", {}, through=frozenset({"guests"}))
ALAN = Person("alan", "Alan", {}, through=frozenset({"guests", "staff"}))


def test_an_unassignment_closes_nothing_while_everybody_is_in_scope() -> None:
    (finding,) = unassigned_in_scope(a_case(People((ADA, ALAN)), STAFF, scope=Scope.ALL))

    assert str(finding) == (
        "The scope is all, so nobody leaves by losing an assignment: 1 account stays open at the app. "
        "Set the scope to assigned first."
    )


def test_an_unassignment_that_nobody_could_count_is_told_without_a_number() -> None:
    (finding,) = unassigned_in_scope(a_case(People(), scope=Scope.ALL))

    assert "their accounts stay open" in finding.sentence


@pytest.mark.parametrize(("kept", "scope"), [((STAFF, GUESTS), Scope.ALL), ((STAFF,), Scope.ASSIGNED)])
def test_what_unassigns_nobody_or_counts_is_not_told(kept: tuple[Assignment, ...], scope: Scope) -> None:
    assert list(unassigned_in_scope(a_case(People((ADA,)), *kept, scope=scope))) == []


def first(**differences: Any) -> list[Finding]:
    """Judge a first deployment that switches the job on."""
    return list(nobody_is_assigned(Case(a_configuration(), a_configuration(is_on=True, **differences), has_run=False)))


def test_a_first_deployment_that_names_nobody_is_told() -> None:
    sentence = "Nobody is assigned, as far as this run is told, so nobody would be provisioned."

    assert first() == [Finding(Weight.WARNING, sentence, hint="Name groups or users.")]


@pytest.mark.parametrize(
    "differences", [{"assignments": (STAFF,)}, {"scope": Scope.ALL}], ids=["somebody", "everybody"]
)
def test_one_that_names_somebody_or_takes_everybody_is_not(differences: dict[str, Any]) -> None:
    assert first(**differences) == []


def test_that_nobody_is_left_in_a_job_that_has_run_is_told_otherwise() -> None:
    on = a_configuration(is_on=True)

    assert not [*nobody_is_assigned(Case(on, on))]
