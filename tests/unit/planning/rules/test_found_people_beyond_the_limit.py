"""People who leave or enter beyond those who were read are not lost by a count that ended before them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from builders import a_declared_schema, a_job, a_mapping_node, a_schema

from provisioning.language import ScopingFilter
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.connection import Connection, DeclaredConnection, Scope
from provisioning.model.declaration import Declaration
from provisioning.model.mapping import ObjectKind
from provisioning.model.observed import Observed
from provisioning.model.person import AssignedGroup, People, Person
from provisioning.planning.plan import Plan, plan_of

NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
STAFF, SALES = (Assignment(name.lower(), PrincipalKind.GROUP, name, "role") for name in ("Staff", "Sales"))
ADA = Assignment("ada", PrincipalKind.USER, "Ada", "role")


def a_plan(*held: Assignment, declared: Declaration) -> Plan:
    schema = a_schema(a_mapping_node("userName", "userPrincipalName", matchingPriority=1))
    job = a_job(on=True, status="Active")
    return plan_of(
        Observed(job, connection=Connection({"SyncAll": "false"}), schema=schema, assignments=held), declared
    )


def regrouped(held: tuple[Assignment, ...], wanted: tuple[Assignment, ...]) -> Plan:
    return a_plan(*held, declared=Declaration(assignments=wanted))


def read(*through: str, of: int) -> People:
    """Give people, each with the group that they are in, of groups that have so many members."""
    persons = tuple(
        Person(str(number), "x", {"userPrincipalName": str(number)}, through=frozenset({group}))
        for number, group in enumerate(through)
    )
    groups = tuple(AssignedGroup(each.principal, each.name, members=of) for each in (STAFF, SALES))
    return People(persons, is_complete=False, groups=groups)


@pytest.mark.parametrize(
    ("held", "wanted", "accepted_by"),
    [
        ((STAFF, SALES), (STAFF,), "acceptLeavers: 9"),
        ((STAFF,), (STAFF, SALES), "acceptEntrants: 9"),
        ((STAFF, ADA), (STAFF,), "acceptLeavers: 1"),
    ],
)
def test_a_group_or_user_whom_nobody_read_is_not_taken_to_be_nobody(
    held: tuple[Assignment, ...], wanted: tuple[Assignment, ...], accepted_by: str
) -> None:
    refusal = regrouped(held, wanted).judged(read(*["staff"] * 9, of=9), now=NOW).refusal

    assert refusal
    assert refusal.message.startswith("Only the first 9 people were judged")
    assert refusal.hint.endswith(accepted_by)


def test_a_group_that_was_read_to_its_end_is_counted_like_any() -> None:
    plan = regrouped((STAFF, SALES), (STAFF,)).judged(read(*["sales"] * 2, *["staff"] * 9, of=2), now=NOW)

    assert plan.refusal is None


def test_those_who_come_and_go_are_read_before_those_who_stay() -> None:
    assert regrouped((STAFF, SALES), (STAFF,)).principals == (SALES, STAFF)
    assert regrouped((STAFF,), (STAFF, SALES)).principals == (SALES, STAFF)


@pytest.mark.parametrize(
    "declared",
    [
        Declaration(schema=a_declared_schema(filters={ObjectKind.USERS: ScopingFilter.parse(["mail IS NOT NULL"])})),
        Declaration(connection=DeclaredConnection(scope=Scope.ALL)),
    ],
)
def test_a_filter_or_a_scope_of_which_only_some_were_judged_is_refused(declared: Declaration) -> None:
    refusal = a_plan(STAFF, declared=declared).judged(read("staff", of=1), now=NOW).refusal

    assert refusal
    assert "Set impactLimit higher" in refusal.message
