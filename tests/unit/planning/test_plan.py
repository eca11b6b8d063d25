from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from builders import a_declared_schema, a_job, a_mapping_node, a_schema, edited

from provisioning.errors import ConfigurationError, ConflictError
from provisioning.language import Expression, ScopingFilter
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.connection import Connection, DeclaredConnection, Scope
from provisioning.model.declaration import Declaration
from provisioning.model.mapping import DeclaredMapping, FlowType, ObjectKind
from provisioning.model.observed import Observed
from provisioning.model.person import AssignedGroup, Manager, People, Person
from provisioning.model.schema import SynchronizationSchema
from provisioning.planning.plan import Circumstances, Plan, plan_of
from provisioning.planning.rules import Acceptance, Weight

USERS = ObjectKind.USERS
NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
ACTIVE = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'
UNREADABLE = {"groups": [{"name": "x", "clauses": [{"operatorName": "SOUNDS LIKE", "sourceOperandName": "mail"}]}]}


STAFF = Assignment("staff", PrincipalKind.GROUP, "Staff", "role")


def a_plan(**desired: Any) -> Plan:
    """Plan a change of a job that runs, matches by userName and disables by active; Staff is assigned."""
    active = a_mapping_node("active", "x", source={"type": "Function", "expression": ACTIVE})
    schema = a_schema(a_mapping_node("userName", "userPrincipalName", matchingPriority=1), active)
    return plan_on(schema, **desired)


def plan_on(schema: SynchronizationSchema | None, observed: Mapping[str, Any] | None = None, **desired: Any) -> Plan:
    """Plan on a schema; what is desired of users' mappings and filters, of the connection, and of the rest."""
    by_kind = {name: {USERS: desired.pop(name)} for name in ("mappings", "filters", "objects") if name in desired}
    ours = {each.name for each in fields(DeclaredConnection)} & desired.keys()
    connection = DeclaredConnection(**{name: desired.pop(name) for name in ours})
    circumstances = Circumstances(**{name: desired.pop(name) for name in KNOWN if name in desired})
    held = {"job": a_job(on=True, status="Active"), "schema": schema, "assignments": (STAFF,)} | dict(observed or {})
    return plan_of(Observed(**held), Declaration(connection, a_declared_schema(**by_kind), **desired), circumstances)


STAFFED = frozenset({"staff"})
EVERYBODY = {"connection": Connection({"SyncAll": "true"})}
KNOWN = tuple(each.name for each in fields(Circumstances))


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

    assert (bool(plan), plan.touches_people, plan.may_move_people, plan.findings) == (False, False, False, ())


@pytest.mark.parametrize(
    ("desired", "may_move_people"),
    [
        ({"mappings": mapped(source="[mail]")}, False),
        ({"filters": SALES}, True),
        ({"scope": Scope.ALL}, True),
        ({"assignments": ()}, True),
        ({"assignments": (STAFF, replace(STAFF, principal="pilot"))}, True),
        ({"mappings": mapped(target="active", source='"True"')}, True),
        ({"mappings": mapped(target="userName", source="[mail]")}, True),
        ({"mappings": mapped(target="nickName", source="[mail]", match=2)}, True),
        ({"objects": False}, True),
    ],
)
def test_only_some_changes_may_move_somebody(desired: dict[str, Any], may_move_people: bool) -> None:  # noqa: FBT001 - a parameter of the test
    plan = a_plan(**desired)

    assert (plan.touches_people, plan.may_move_people) == (True, may_move_people)


def test_a_scope_that_shrinks_may_make_somebody_leave() -> None:
    plan = plan_on(a_schema(), EVERYBODY, scope=Scope.ASSIGNED)

    assert plan.may_move_people
    assert plan.scopes == {Scope.ALL, Scope.ASSIGNED}


def test_the_attributes_that_are_asked_for_are_those_that_decide_or_flow() -> None:
    plan = a_plan(mappings=mapped(source='Join(" ", [department], [IsSoftDeleted])'), filters=SALES)

    assert plan.attributes == {"department", "IsSoftDeleted", "userPrincipalName"}


def test_a_digest_follows_what_changes_and_nothing_else() -> None:
    plan = a_plan(filters=SALES)

    judged = plan.judged(People((Person("1", "Ada", {"department": "IT"}, through=STAFFED),)), now=NOW)

    assert plan.digest == judged.digest == a_plan(filters=SALES).digest
    assert plan.digest != a_plan(filters=ScopingFilter.parse(["department EQUALS IT"])).digest


def test_an_attribute_that_decides_and_cannot_be_read_leaves_people_uncounted() -> None:
    people = People(unreadable=frozenset({"department"}))

    plan = a_plan(filters=SALES).judged(people, now=NOW)

    assert plan.why_uncounted == "People cannot be judged without department, which Graph does not give."


def test_a_filter_at_the_service_that_cannot_be_read_leaves_people_uncounted() -> None:
    plan = plan_on(a_schema(scope=UNREADABLE), mappings=mapped(source="[mail]")).judged(People(), now=NOW)

    assert plan.why_uncounted == "The scoping filter that the service holds cannot be read."
    assert plan.may_move_people


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
    plan = plan_on(a_schema(), scope=Scope.ALL, on=False)

    sentence = "The new scope takes effect with a restart, which follows when the job is switched on."
    assert sentence in [finding.sentence for finding in plan.findings]
    assert not plan.changes_schema


def test_a_schema_that_somebody_else_changed_is_not_replaced() -> None:
    plan = a_plan(filters=SALES, schema_seen="v9").judged(People(), now=NOW)

    with pytest.raises(ConflictError, match=r"Nothing was changed\."):
        plan.refuse_unless_accepted()
    plan.refuse_unless_accepted(though_changed_elsewhere=True)


@pytest.mark.parametrize("seen", ["", "v1.2"])
def test_a_schema_that_is_as_it_was_seen_or_that_nobody_has_seen_is_replaced(seen: str) -> None:
    a_plan(filters=SALES, schema_seen=seen).judged(People(), now=NOW).refuse_unless_accepted()


def test_nothing_is_concluded_from_a_schema_that_is_not_known_yet() -> None:
    plan = plan_on(None, {"job": None, "assignments": ()}, mappings=mapped(source="[mail]"), assignments=(STAFF,))

    assert (plan.has_run, [finding for finding in plan.findings if finding.weight is not Weight.NOTE]) == (False, [])


@pytest.mark.parametrize(("scope", "count"), [("false", 1), ("true", 0)])
def test_groups_in_assigned_groups_are_told_where_assignment_counts(scope: str, count: int) -> None:
    people = People(groups=(AssignedGroup("staff", "Staff", holds_groups=("Engineering",)),))

    plan = plan_on(a_schema(), {"connection": Connection({"SyncAll": scope})}, filters=SALES).judged(people, now=NOW)

    assert sum("The group Staff" in finding.sentence for finding in plan.findings) == count


def test_the_same_plan_under_other_circumstances_keeps_whom_it_touches() -> None:
    people = People(tuple(Person(str(number), "x", {"department": "IT"}, through=STAFFED) for number in range(9)))
    plan = a_plan(filters=SALES).judged(people, now=NOW)

    again = plan.under(replace(plan.circumstances, acceptance=Acceptance(9)))

    assert (plan.refusal is None, again.refusal is None, again.impact) == (False, True, plan.impact)


GRACE = Manager("grace", "Grace (grace@contoso.com)")
ADA = Person("ada", "Ada", {}, through=STAFFED, manager=GRACE)
ALAN = Person("alan", "Alan", {}, through=STAFFED, manager=Manager("ada", "Ada"))


@pytest.mark.parametrize(
    ("people", "named"),
    [
        (People((ADA, ALAN)), ["Grace (grace@contoso.com)."]),
        (People((ADA, ALAN, Person("grace", "Grace", {}, through=STAFFED))), []),
        (People((ADA, ALAN), is_complete=False), []),
    ],
)
def test_managers_who_are_out_of_scope_are_named_when_everybody_was_read(people: People, named: list[str]) -> None:
    plan = a_plan(mappings=mapped(source="[manager]")).judged(people, now=NOW)

    told = [finding.sentence.rpartition(": ")[2] for finding in plan.findings if "managers" in finding.sentence]
    assert told == named


SLOW = ScopingFilter.parse(["department REGEX MATCH ^(a|aa)+$"])
ENDLESS = People((Person("1", "Ada", {"department": "a" * 60 + "!"}, through=STAFFED),))


def test_a_filter_at_the_service_that_takes_for_ever_can_be_replaced() -> None:
    held = edited(a_schema(), USERS, lambda users: users.with_filter(SLOW))

    plan = plan_on(held, filters=SALES).judged(ENDLESS, now=NOW)

    assert plan.why_uncounted.startswith("By the rules that the service holds nobody can be judged. The regular")


def test_a_filter_that_is_declared_and_takes_for_ever_is_refused_with_the_person() -> None:
    plan = plan_on(a_schema(), filters=SLOW)

    with pytest.raises(ConfigurationError, match=r"\^\(a\|aa\)\+\$ takes longer than 0\.25 s for Ada"):
        plan.judged(ENDLESS, now=NOW)
