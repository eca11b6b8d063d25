from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from builders import a_declaration, a_declared_schema, a_mapping_node, a_schema

from provisioning.language import Expression, ScopingFilter
from provisioning.model.connection import Scope
from provisioning.model.mapping import DeclaredMapping, FlowType, ObjectKind
from provisioning.model.person import Manager, People, Person
from provisioning.planning.configuration import Configuration, Desired
from provisioning.planning.plan import Plan, plan_of

USERS = ObjectKind.USERS
NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
ACTIVE = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'
UNREADABLE = {"groups": [{"name": "x", "clauses": [{"operatorName": "SOUNDS LIKE", "sourceOperandName": "mail"}]}]}


def a_plan(**desired: Any) -> Plan:
    """Plan a change of a job that matches by userName and disables by active."""
    active = a_mapping_node("active", "x", source={"type": "Function", "expression": ACTIVE})
    schema = a_schema(a_mapping_node("userName", "userPrincipalName", matchingPriority=1), active)
    declared = {name: desired.pop(name) for name in ("mappings", "filters", "objects") if name in desired}
    by_kind = {name: {USERS: value} for name, value in declared.items()}
    return plan_of(Configuration(schema), Desired(a_declared_schema(**by_kind), **desired))


def mapped(**named: Any) -> dict[str, DeclaredMapping]:
    """Declare the mapping of the title, or of what *target* says."""
    target = named.pop("target", "title")
    if isinstance(named.get("source"), str):
        named["source"] = Expression.parse(named["source"])
    return {target: DeclaredMapping(target, named)}


MATCHING = "existing accounts may be matched differently; accounts that are linked already stay linked."
SALES = ScopingFilter.parse(["department EQUALS Sales"])


def test_nothing_to_change_is_an_empty_plan() -> None:
    plan = a_plan(mappings=mapped(target="userName", match=1))

    assert (bool(plan), plan.touches_people, plan.may_make_leave, plan.findings) == (False, False, False, ())


@pytest.mark.parametrize(
    ("desired", "may_make_leave"),
    [
        ({"mappings": mapped(source="[mail]")}, False),
        ({"filters": SALES}, True),
        ({"scope": Scope.ALL}, False),
        ({"mappings": mapped(target="active", source='"True"')}, True),
        ({"mappings": mapped(target="userName", source="[mail]")}, True),
        ({"mappings": mapped(target="nickName", source="[mail]", match=2)}, True),
        ({"objects": False}, True),
    ],
)
def test_only_some_changes_may_make_somebody_leave(desired: dict[str, Any], may_make_leave: bool) -> None:  # noqa: FBT001 - a parameter of the test
    plan = a_plan(**desired)

    assert (plan.touches_people, plan.may_make_leave) == (True, may_make_leave)


def test_a_scope_that_shrinks_may_make_somebody_leave() -> None:
    plan = plan_of(Configuration(a_schema(), Scope.ALL), Desired(a_declared_schema(), scope=Scope.ASSIGNED))

    assert plan.may_make_leave
    assert plan.scopes == {Scope.ALL, Scope.ASSIGNED}


def test_the_attributes_that_are_asked_for_are_those_that_decide_or_flow() -> None:
    plan = a_plan(mappings=mapped(source='Join(" ", [department], [IsSoftDeleted])'), filters=SALES)

    assert plan.attributes == {"department", "IsSoftDeleted"}


def test_a_digest_follows_what_changes_and_nothing_else() -> None:
    plan = a_plan(filters=SALES)

    judged = plan.judged(People((Person("1", "Ada", {"department": "IT"}),)), now=NOW)

    assert plan.digest == judged.digest == a_plan(filters=SALES).digest
    assert plan.digest != a_plan(filters=ScopingFilter.parse(["department EQUALS IT"])).digest


def test_an_attribute_that_decides_and_cannot_be_read_leaves_people_uncounted() -> None:
    people = People(unreadable=frozenset({"department"}))

    plan = a_plan(filters=SALES).judged(people, now=NOW)

    assert plan.why_uncounted == "People cannot be judged without department, which Graph does not give."


def test_a_filter_at_the_service_that_cannot_be_read_leaves_people_uncounted() -> None:
    schema = a_schema(scope=UNREADABLE)
    desired = Desired(a_declared_schema(mappings={USERS: mapped(source="[mail]")}))

    plan = plan_of(Configuration(schema), desired).judged(People(), now=NOW)

    assert plan.why_uncounted == "The scoping filter that the service holds cannot be read."
    assert plan.may_make_leave


@pytest.mark.parametrize(
    ("desired", "sentence"),
    [
        (
            {"mappings": mapped(target="userName", source="[mail]")},
            MATCHING,
        ),
        ({"filters": SALES}, "People who leave are disabled at the app; their accounts stay."),
        (
            {"filters": SALES, "keeps_leavers": True},
            "Accounts of people who leave stay open at the app, because skipOutOfScopeDeletions says so.",
        ),
        (
            {"filters": SALES, "mappings": {"active": None}},
            "it would no longer follow IsSoftDeleted, so nobody who leaves would be disabled.",
        ),
        (
            {"mappings": mapped(source="[mail]", flow_type=FlowType.OBJECT_ADD_ONLY)},
            "title is written at creation only.",
        ),
    ],
)
def test_what_comes_of_a_change_is_said(desired: dict[str, Any], sentence: str) -> None:
    assert sentence in [finding.sentence for finding in a_plan(**desired).findings]


def test_a_new_scope_waits_for_a_job_that_is_off() -> None:
    observed = Configuration(a_schema(), Scope.ASSIGNED)

    plan = plan_of(observed, Desired(a_declared_schema(), scope=Scope.ALL, is_on=False))

    sentence = "The new scope takes effect with a restart, which follows when the job is switched on."
    assert sentence in [finding.sentence for finding in plan.findings]
    assert not plan.changes_schema


def test_what_is_desired_is_a_part_of_the_declaration() -> None:
    declaration = a_declaration(scope=Scope.ALL, skip_out_of_scope_deletions=True, on=False, delete_threshold=7)

    desired = Desired(declaration.schema, Scope.ALL, keeps_leavers=True, is_on=False, delete_threshold=7)
    assert Desired.of(declaration) == desired


def test_a_configuration_can_be_thought_with_another_schema() -> None:
    other = a_schema(a_mapping_node("title", "mail"))

    assert Configuration(a_schema(), Scope.ALL).with_schema(other) == Configuration(other, Scope.ALL)


@pytest.mark.parametrize(("scope", "count"), [(Scope.ASSIGNED, 1), (Scope.ALL, 0)])
def test_groups_in_assigned_groups_are_told_where_assignment_counts(scope: Scope, count: int) -> None:
    desired = Desired(a_declared_schema(filters={USERS: SALES}))

    plan = plan_of(Configuration(a_schema(), scope), desired).judged(People(nested_groups=("Engineering",)), now=NOW)

    assert sum("The group Engineering" in finding.sentence for finding in plan.findings) == count


GRACE = Manager("grace", "Grace (grace@contoso.com)")
ADA = Person("ada", "Ada", {}, manager=GRACE)
ALAN = Person("alan", "Alan", {}, manager=Manager("ada", "Ada"))


@pytest.mark.parametrize(
    ("people", "named"),
    [
        (People((ADA, ALAN)), ["Grace (grace@contoso.com)."]),
        (People((ADA, ALAN, Person("grace", "Grace", {}))), []),
        (People((ADA, ALAN), is_complete=False), []),
    ],
)
def test_managers_who_are_out_of_scope_are_named_when_everybody_was_read(people: People, named: list[str]) -> None:
    plan = a_plan(mappings=mapped(source="[manager]")).judged(people, now=NOW)

    told = [finding.sentence.rpartition(": ")[2] for finding in plan.findings if "managers" in finding.sentence]
    assert told == named
