from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from builders import a_declared_schema, a_job, a_mapping_node, a_schema

from provisioning.errors import UnsafeChangeError
from provisioning.language import Expression, ScopingFilter
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.connection import Connection, DeclaredConnection, Scope
from provisioning.model.declaration import Declaration
from provisioning.model.mapping import DeclaredMapping, ObjectAction, ObjectKind
from provisioning.model.observed import Observed
from provisioning.model.person import People, Person
from provisioning.model.schema import SynchronizationSchema
from provisioning.planning.plan import Circumstances, Plan, plan_of
from provisioning.planning.rules import Acceptance
from provisioning.planning.rules.counting import limit_of

USERS = ObjectKind.USERS
NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
ACTIVE = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'
KEEPS_OUT = 'IIF([department]="IT", "False", "True")'
SALES = ScopingFilter.parse(["department EQUALS Sales"])


def a_change(accepted: int | None = None, **declared: Any) -> Plan:
    """Plan a change of a job that matches by userName and disables by active."""
    active = a_mapping_node("active", "x", source={"type": "Function", "expression": ACTIVE})
    schema = a_schema(a_mapping_node("userName", "userPrincipalName", matchingPriority=1), active)
    desired = a_declared_schema(**{name: {USERS: value} for name, value in declared.items()})
    return a_plan(schema, Declaration(schema=desired), accepted=accepted)


def a_plan(
    schema: SynchronizationSchema, declaration: Declaration, scope: str = "false", accepted: int | None = None
) -> Plan:
    """Plan what is declared about a job that runs, to which Staff is assigned."""
    staff = Assignment("staff", PrincipalKind.GROUP, "Staff", "role")
    connection = Connection({"SyncAll": scope})
    observed = Observed(a_job(on=True, status="Active"), connection=connection, schema=schema, assignments=(staff,))
    return plan_of(observed, declaration, Circumstances(acceptance=Acceptance(accepted)))


def people(staying: int, leaving: int, *, is_complete: bool = True) -> People:
    def some(count: int, department: str) -> list[Person]:
        names = [f"{department}{number}" for number in range(count)]
        facts = [{"department": department, "userPrincipalName": name} for name in names]
        return [Person(each["userPrincipalName"], "x", each, through=frozenset({"staff"})) for each in facts]

    return People((*some(leaving, "IT"), *some(staying, "Sales")), is_complete)


def filtered(staying: int, leaving: int, accepted: int | None = None) -> Plan:
    return a_change(accepted, filters=SALES).judged(people(staying, leaving), now=NOW)


def remapped(target: str, **named: Any) -> dict[str, DeclaredMapping | None]:
    if isinstance(named.get("source"), str):
        named["source"] = Expression.parse(named["source"])
    return {target: DeclaredMapping(target, named)}


@pytest.mark.parametrize(("in_scope", "limit"), [(0, 5), (100, 5), (119, 5), (120, 6), (10_000, 500)])
def test_the_limit_is_five_people_or_one_in_twenty(in_scope: int, limit: int) -> None:
    assert limit_of(in_scope) == limit


@pytest.mark.parametrize(("staying", "leaving"), [(5, 5), (114, 6), (0, 0)])
def test_as_many_as_the_limit_may_leave(staying: int, leaving: int) -> None:
    filtered(staying, leaving).refuse_unless_accepted()


def test_more_than_the_limit_are_refused_with_numbers_limit_and_words() -> None:
    with pytest.raises(UnsafeChangeError) as refusal:
        filtered(108, 12).refuse_unless_accepted()

    assert refusal.value.message == "12 of 120 people in scope would leave; the limit is 6, the larger of 5 and 5 %."
    assert refusal.value.hint == "If that is meant, set this, spelled as your other settings are: acceptLeavers: 12"


@pytest.mark.parametrize(("accepted", "is_refused"), [(11, True), (12, False), (50, False), (0, True)])
def test_the_accepted_number_must_cover_those_who_leave(accepted: int, is_refused: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert bool(filtered(108, 12, accepted).refusal) is is_refused


@pytest.mark.parametrize(
    "mapping",
    [
        {"active": None},
        remapped("active", source='"True"'),
        remapped("active", source="[IsSoftDeleted]"),
        remapped("active", source='Switch([IsSoftDeleted], , "False", "False", "True", "True")'),
        remapped("active", source=None),
        remapped("userName", match=None),
        {"userName": None},
    ],
)
def test_whatever_breaks_active_or_the_matching_attribute_is_refused(
    mapping: dict[str, DeclaredMapping | None],
) -> None:
    plan = a_change(mappings=mapping).judged(people(3, 0), now=NOW)

    refusal = plan.refusal

    assert refusal
    assert refusal.hint == "If that is meant, set this, spelled as your other settings are: acceptLeavers: 3"


def test_active_may_be_written_in_other_words() -> None:
    a_change(mappings=remapped("active", source="Not([IsSoftDeleted])")).judged(
        people(30, 0), now=NOW
    ).refuse_unless_accepted()


def test_many_who_would_be_matched_by_another_value_are_refused() -> None:
    plan = a_change(mappings=remapped("userName", source='Join("", "x", [userPrincipalName])'))

    refusal = plan.judged(people(10, 0), now=NOW).refusal

    assert refusal
    assert refusal.message.startswith("10 of 10 people in scope would be matched by another value;")


def test_without_a_count_what_may_make_people_leave_is_refused_until_a_number_is_accepted() -> None:
    uncounted = a_change(filters=SALES).uncounted("This identity may not read people.")

    refusal = uncounted.refusal

    assert refusal
    assert refusal.message == "How many people this takes away from is not known. This identity may not read people."
    assert a_change(1, filters=SALES).uncounted("no").refusal is None


def test_without_a_count_what_may_let_people_in_within_the_scope_is_refused_too() -> None:
    kept_out = a_mapping_node("active", "x", source={"type": "Function", "expression": KEEPS_OUT})
    schema = a_schema(a_mapping_node("userName", "userPrincipalName", matchingPriority=1), kept_out)
    declaration = Declaration(schema=a_declared_schema(mappings={USERS: remapped("active", source=ACTIVE)}))
    plan = a_plan(schema, declaration)
    refusal, partly = plan.uncounted("no").refusal, plan.judged(people(3, 0, is_complete=False), now=NOW).refusal

    assert refusal
    assert partly
    assert "How many people this brings in is not known." in refusal.message
    assert "acceptEntrants: 1" in partly.hint


def test_another_active_that_kept_nobody_out_lets_nobody_in() -> None:
    refusal = a_change(mappings=remapped("active", source="Not([IsSoftDeleted])")).uncounted("no").refusal

    assert refusal
    assert "brings in" not in refusal.message


def test_without_a_count_what_makes_nobody_leave_passes() -> None:
    a_change(mappings=remapped("title", source="[mail]")).uncounted("no").refuse_unless_accepted()


def test_an_estimate_of_the_first_ones_says_so() -> None:
    plan = a_change(filters=SALES).judged(people(4, 6, is_complete=False), now=NOW)

    refusal = plan.refusal

    assert refusal
    assert refusal.message.startswith("6 of 10 people in scope, among the first 10 would leave;")


def test_a_shrinking_scope_of_which_not_everybody_was_judged_is_refused() -> None:
    assigned = Declaration(connection=DeclaredConnection(scope=Scope.ASSIGNED))
    plan = a_plan(a_schema(), assigned, scope="true")

    refusal = plan.judged(people(3, 0, is_complete=False), now=NOW).refusal

    assert refusal
    assert refusal.message.startswith("Only the first 3 people were judged, those who are assigned before others.")


@pytest.mark.parametrize(
    "mapping",
    [
        remapped("active", source="Not([IsSoftDeleted])"),
        remapped("active", source='IIF([department] = "Sales", "False", "True")'),
        remapped("userName", source="[mail]"),
    ],
)
def test_nobody_whom_reading_did_not_reach_is_waved_through_by_a_change_of_mappings(
    mapping: dict[str, DeclaredMapping | None],
) -> None:
    plan = a_change(mappings=mapping)
    everybody, first = (plan.judged(people(3, 0, is_complete=known), now=NOW) for known in (True, False))

    said = "Only the first 3 people were judged, those who are assigned before others."

    assert said in str(first.refusal)
    assert said not in str(everybody.refusal)


def test_a_mapping_that_takes_nobodys_access_is_not_refused_for_those_who_were_not_read() -> None:
    plan = a_change(mappings=remapped("title", source="[mail]"))

    plan.judged(people(3, 0, is_complete=False), now=NOW).refuse_unless_accepted()


def test_accounts_that_are_no_longer_updated_can_no_longer_be_disabled() -> None:
    document = copy.deepcopy(dict(a_change().before.schema.document))
    document["synchronizationRules"][0]["objectMappings"][0]["flowTypes"] = "Add,Update,Delete"
    actions = {USERS: frozenset({ObjectAction.CREATE, ObjectAction.DELETE})}
    plan = a_plan(SynchronizationSchema(document), Declaration(schema=a_declared_schema(actions=actions)))

    refusal = plan.judged(people(7, 0), now=NOW).refusal
    assert refusal
    assert refusal.message == (
        "objects.users.actions: without update, accounts would no longer be updated, so nobody who leaves would be "
        "disabled."
    )


def test_a_matching_mapping_that_cannot_be_read_leaves_people_uncounted() -> None:
    unheard_of = a_mapping_node(
        "userName", "x", matchingPriority=1, source={"type": "Function", "expression": "Tomorrow()"}
    )
    desired = a_declared_schema(mappings={USERS: remapped("userName", source="[mail]")})

    plan = a_plan(a_schema(unheard_of), Declaration(schema=desired)).judged(people(3, 0), now=NOW)

    assert plan.why_uncounted == "People cannot be judged: userName is Tomorrow(), not understood."
    assert plan.refusal
