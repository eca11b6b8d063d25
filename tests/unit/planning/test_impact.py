from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from builders import a_mapping
from hypothesis import given
from hypothesis import strategies as st

from provisioning.errors import ConfigurationError, EvaluationError
from provisioning.language import Expression, Role, ScopingFilter
from provisioning.model.connection import Scope
from provisioning.model.mapping import AttributeDefinition, AttributeMapping, FlowType
from provisioning.model.person import People, Person
from provisioning.planning.configuration import Rules
from provisioning.planning.impact import impact_of

if TYPE_CHECKING:
    from provisioning.planning.touched import Impact

NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
ACTIVE = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'
SALES = ScopingFilter.parse(["department EQUALS Sales"])


SLOW = "(a|aa)+$"


def rules(*mappings: AttributeMapping, **differences: Any) -> Rules:
    """Build rules: user names are matched, everybody who is assigned is in scope."""
    all_of_them = (a_mapping(match=1), *mappings)
    by_target = {mapping.target: mapping for mapping in all_of_them}
    everybody: dict[str, Any] = {"scope": Scope.ASSIGNED, "filter": None, "mappings": by_target, "definitions": {}}
    return Rules(**(everybody | {"held": {"staff": ()}} | differences))


def person(name: str = "ada", **attributes: Any) -> Person:
    through = attributes.pop("through", {"staff"} if attributes.pop("is_assigned", True) else ())
    is_enabled = attributes.pop("is_enabled", True)
    facts = {"userPrincipalName": f"{name}@contoso.com", **attributes}
    return Person(name, name, facts, is_enabled=is_enabled, through=frozenset(through))


def impact(before: Rules, after: Rules, *people: Person) -> Impact:
    return impact_of(before, after, People(people), now=NOW)


def test_who_no_longer_passes_the_filter_leaves() -> None:
    found = impact(rules(), rules(filter=SALES), person(department="Sales"), person("alan", department="IT"))

    assert (found.leaving.names, found.in_scope_before, found.in_scope_after) == (("alan",), 2, 1)


def test_who_is_disabled_or_not_assigned_was_never_in_scope() -> None:
    found = impact(rules(), rules(filter=SALES), person(is_enabled=False), person("alan", is_assigned=False))

    assert (found.in_scope_before, found.leaving.count) == (0, 0)


def test_who_is_in_scope_and_whom_active_enables_again_enters() -> None:
    kept_out = a_mapping("active", 'IIF([department]="IT", "False", "True")')
    before, after = rules(kept_out), rules(a_mapping("active", ACTIVE))
    people = [person(department="Sales"), person("alan", department="IT")]
    enabled, disabled = impact(before, after, *people), impact(after, before, *people)

    assert (enabled.entering.names, enabled.leaving.count) == (("alan",), 0)
    assert (disabled.leaving.names, disabled.entering.count) == (("alan",), 0)


def test_what_active_was_at_creation_does_not_tell_who_is_disabled_once_it_is_always_written() -> None:
    source = 'IIF([department]="IT", "False", "True")'
    before, after = (
        rules(a_mapping("active", source, flow_type=each)) for each in (FlowType.OBJECT_ADD_ONLY, FlowType.ALWAYS)
    )

    assert impact(before, after, person(department="IT")).leaving.names == ("ada",)


def test_a_scope_of_all_takes_in_those_who_are_not_assigned() -> None:
    found = impact(rules(), rules(scope=Scope.ALL), person(), person("alan", is_assigned=False))

    assert (found.entering.names, found.in_scope_after) == (("alan",), 2)


@pytest.mark.parametrize(
    ("before", "after", "in_between"),
    [
        # Groups are taken out after the job is changed, and assigned before it is.
        ({"held": {"staff": (), "it": ()}, "filter": SALES}, {}, ("alan",)),
        ({}, {"held": {"staff": (), "it": ()}, "filter": SALES}, ("alan",)),
        # The schema is saved before the scope.
        ({"scope": Scope.ALL, "filter": SALES}, {}, ("alan",)),
        ({"held": {"it": ()}, "is_enabled": False}, {}, ("alan",)),
        ({"filter": SALES}, {"scope": Scope.ALL, "filter": ScopingFilter.parse(["department EQUALS HR"])}, ()),
        ({"held": {"staff": (), "it": ()}}, {}, ()),
        ({"held": {"it": ()}}, {"scope": Scope.ALL}, ()),
        ({"filter": SALES}, {}, ()),
    ],
)
def test_who_is_in_scope_in_between_only_is_told(
    before: dict[str, Any], after: dict[str, Any], in_between: tuple[str, ...]
) -> None:
    people = [person(department="Sales"), person("alan", department="IT", through={"it"})]

    assert impact(rules(**before), rules(**after), *people).in_between.names == in_between


def test_nobody_is_in_between_before_a_job_has_run() -> None:
    before, after = rules(held={"it": ()}, filter=SALES), rules()

    found = impact_of(before, after, People((person("alan", through={"it"}),)), now=NOW, has_run=False)

    assert not found.in_between


def test_another_value_is_counted_and_shown() -> None:
    before, after = rules(a_mapping("title", "[jobTitle]")), rules(a_mapping("title", "[department]"))

    found = impact(before, after, person(jobTitle="Analyst", department="IT"), person("alan", jobTitle="IT"))

    (title,) = found.attributes
    assert (found.changed.names, title.examples[0].before, title.examples[0].after) == (("ada",), "Analyst", "IT")


def test_a_value_that_becomes_empty_changes_nothing() -> None:
    before, after = rules(a_mapping("title", "[jobTitle]")), rules(a_mapping("title", "[department]"))

    assert impact(before, after, person(jobTitle="Analyst")).changed.count == 0


def test_a_mapping_that_is_removed_changes_nobody() -> None:
    assert impact(rules(a_mapping("title", "[jobTitle]")), rules(), person(jobTitle="Analyst")).changed.count == 0


@pytest.mark.parametrize(("flow_type", "changed"), [(FlowType.OBJECT_ADD_ONLY, 0), (FlowType.ATTRIBUTE_ADD_ONLY, 1)])
def test_what_is_not_written_again_changes_only_accounts_without_a_value(flow_type: FlowType, changed: int) -> None:
    before = rules(a_mapping("title", "[jobTitle]"))
    after = rules(a_mapping("title", "[department]", flow_type=flow_type))

    found = impact(before, after, person(jobTitle="Analyst", department="IT"), person("alan", department="IT"))

    assert found.changed.count == changed


@pytest.mark.parametrize(("case_exact", "changed", "only_in_case"), [(False, 0, 1), (True, 1, 0)])
def test_case_counts_where_the_target_says_so(case_exact: bool, changed: int, only_in_case: int) -> None:  # noqa: FBT001 - a parameter of the test
    known = {"title": AttributeDefinition("title", case_exact=case_exact)}
    before = rules(a_mapping("title", "[jobTitle]"), definitions=known)
    after = rules(a_mapping("title", "ToUpper([jobTitle])"), definitions=known)

    found = impact(before, after, person(jobTitle="Analyst"))

    assert (found.changed.count, found.attributes[0].only_in_case) == (changed, only_in_case)


def test_who_would_be_disabled_by_the_mapping_of_active_leaves() -> None:
    after = rules(a_mapping("active", 'IIF([country]="BE", Not([IsSoftDeleted]), "False")'))

    found = impact(rules(a_mapping("active", ACTIVE)), after, person(country="BE"), person("alan", country="GB"))

    assert found.leaving.names == ("alan",)


def test_who_has_no_value_to_match_by_is_told_apart_from_who_has_another() -> None:
    after = rules(a_mapping(source="[mail]", match=1))

    found = impact(rules(), after, person(mail="byron@contoso.com"), person("alan"))

    assert (found.rematched.names, found.unmatched.names) == (("ada",), ("alan",))


def test_who_had_no_value_to_match_by_misses_nothing() -> None:
    before, after = rules(a_mapping(source="[mail]", match=1)), rules(a_mapping(source="[employeeId]", match=1))

    assert impact(before, after, person()).unmatched.count == 0


def test_an_expression_that_fails_gives_no_value_to_match_by() -> None:
    after = rules(a_mapping(source="NumFromDate([a])", match=1))

    assert impact(rules(), after, person(a="no date")).unmatched.count == 1


def test_two_who_would_be_matched_by_the_same_value_are_found() -> None:
    after = rules(a_mapping(source="[mail]", match=1))

    found = impact(rules(), after, person(mail="team@contoso.com"), person("alan", mail="team@contoso.com"))

    assert (found.colliding.count, found.rematched.count) == (2, 0)


def test_a_further_matching_attribute_leaves_those_who_have_the_first_as_they_are() -> None:
    after = rules(a_mapping("externalId", "[employeeId]", match=2))

    assert impact(rules(), after, person(employeeId="7")).rematched.count == 0


def test_failures_are_told_apart_by_whether_they_are_new() -> None:
    before, after = (rules(a_mapping("title", f"NumFromDate([{name}])")) for name in "ab")

    found = impact(before, after, person("new", b="no"), person("old", a="no", b="no"), person("healed", a="no"))

    groups = (found.failing, found.still_failing, found.recovering)
    assert [group.names for group in groups] == [("new",), ("old",), ("healed",)]


def test_several_values_for_one_fail() -> None:
    known = {"title": AttributeDefinition("title")}
    after = rules(a_mapping("title", "[otherMails]"), definitions=known)

    assert impact(rules(definitions=known), after, person(otherMails=["a", "b"])).failing.count == 1


def test_roles_are_known_to_the_functions_that_ask_for_them() -> None:
    role: Role = {"id": "1", "value": None, "displayName": "User"}
    after = rules(a_mapping("title", "SingleAppRoleAssignment([appRoleAssignments])"), held={"staff": (role,)})

    found = impact(rules(), after, person())

    assert found.attributes[0].examples[0].after == "User"


def test_another_role_changes_what_the_functions_give() -> None:
    mapping = a_mapping("title", "[displayName]"), a_mapping("title", "SingleAppRoleAssignment([appRoleAssignments])")
    roles: list[Role] = [{"id": name, "value": None, "displayName": name} for name in ("User", "Admin")]
    before, after = (rules(each, held={"staff": (role,)}) for each, role in zip(mapping, roles, strict=True))

    (title,) = impact(before, after, person(displayName="Ada")).attributes

    assert [(each.before, each.after) for each in title.examples] == [("Ada", "Admin")]


def test_who_loses_the_last_assignment_leaves_and_who_has_another_stays() -> None:
    both = {"staff": (), "pilot": ()}

    found = impact(rules(held=both), rules(), person(through={"pilot"}), person("alan", through={"staff", "pilot"}))

    assert (found.leaving.names, found.in_scope_before, found.in_scope_after) == (("ada",), 2, 1)


def test_who_is_assigned_for_the_first_time_enters() -> None:
    found = impact(rules(), rules(held={"staff": (), "pilot": ()}), person(), person("alan", through={"pilot"}))

    assert (found.entering.names, found.leaving.count) == (("alan",), 0)


def test_everybody_is_new_to_a_job_that_has_not_run() -> None:
    people = People((person(), person("alan", department="Sales")))

    found = impact_of(rules(), rules(filter=SALES), people, now=NOW, has_run=False)

    assert (found.in_scope_before, found.in_scope_after, found.entering.names) == (0, 1, ("alan",))
    assert found.leaving.count == 0


def test_two_who_share_the_value_of_a_further_matching_attribute_are_found() -> None:
    after = rules(a_mapping("externalId", "[department]", match=2))

    found = impact(rules(), after, person(department="IT"), person("alan", department="IT"), person("grace"))

    assert found.colliding.names == ("ada", "alan")


def test_a_pattern_that_takes_too_long_ends_with_the_persons_name() -> None:
    slow = ScopingFilter.parse([f"mail REGEX MATCH {SLOW}"])

    with pytest.raises(ConfigurationError, match=r"takes longer than .* s for ada\."):
        impact(rules(), rules(filter=slow), person(mail="a" * 60 + "b"))


def test_the_present_moment_is_given_to_expressions_that_ask_for_it() -> None:
    found = impact(rules(), rules(a_mapping("title", "Now()")), person())

    assert (found.failing.count, found.attributes[0].examples[0].after) == (0, "1/15/2026 9:00:00 AM")


def test_ten_are_named_and_all_are_counted() -> None:
    people = [person(f"p{number}") for number in range(25)]

    leaving = impact(rules(), rules(filter=SALES), *people).leaving

    assert (leaving.count, leaving.names) == (25, tuple(f"p{number}" for number in range(10)))


def test_a_filter_that_cannot_be_evaluated_lets_nobody_in() -> None:
    clause = {"sourceOperandName": "mail", "operatorName": "REGEX MATCH", "targetOperand": {"values": ["("]}}
    unusable = ScopingFilter.from_graph({"groups": [{"name": "x", "clauses": [clause]}]})

    assert impact(rules(), rules(filter=unusable), person(mail="x")).leaving.count == 1


VALUES = st.sampled_from([None, "Sales", "sales", "IT", "Ärzte"])
PERSONS = st.builds(
    lambda number, department, country, assigned, enabled: person(
        f"p{number}", department=department, country=country, is_assigned=assigned, is_enabled=enabled
    ),
    st.integers(0, 10**6),
    VALUES,
    VALUES,
    st.booleans(),
    st.booleans(),
)
FILTERS = st.sampled_from(
    [
        None,
        SALES,
        ScopingFilter.parse([["department EQUALS Sales"], ["country IS NULL"]]),
        ScopingFilter.parse(["country NOT EQUALS IT"]),
    ]
)
SOURCES = st.sampled_from(
    [
        "[department]",
        "ToUpper([department])",
        'Mid([country], "1", "2")',
        'IIF([country]="IT", [department], "x")',
        '"x"',
    ]
)
SCOPES = st.sampled_from(list(Scope))
RULES = st.builds(
    lambda source, filter_, scope: rules(
        a_mapping("title", source), a_mapping("active", ACTIVE), filter=filter_, scope=scope
    ),
    SOURCES,
    FILTERS,
    SCOPES,
)


@given(RULES, RULES, st.lists(PERSONS, max_size=12))
def test_the_counts_are_those_of_looking_at_each_person_anew(before: Rules, after: Rules, people: list[Person]) -> None:
    found = impact(before, after, *people)

    fates = [slowly(before, after, one) for one in people]
    assert [found.leaving.count, found.entering.count, found.changed.count, found.failing.count] == [
        sum(fate[place] for fate in fates) for place in range(4)
    ]


def slowly(before: Rules, after: Rules, one: Person) -> tuple[bool, bool, bool, bool]:
    """Judge a person with no regard to time: leaves, enters, gets another title, fails."""
    was, will_be = is_in(before, one), is_in(after, one)
    old, new = title_of(before, one), title_of(after, one)
    differs = new is not None and (old or "").casefold() != new.casefold()
    fails = will_be and new == "!" and old != "!" and before.mappings["title"] != after.mappings["title"]
    return was and not will_be, will_be and not was, was and will_be and differs and new != "!", fails


def is_in(side: Rules, one: Person) -> bool:
    wanted = bool(one.through) or side.scope is Scope.ALL
    return one.is_enabled and wanted and (side.filter is None or bool(side.filter.admits(one.attributes)))


def title_of(side: Rules, one: Person) -> str | None:
    try:
        value = Expression.parse(str(side.mappings["title"].source)).evaluate(one.attributes)
    except EvaluationError:
        return "!"
    assert value is None or isinstance(value, str)
    return value or None


def test_nobody_is_touched_when_nothing_changes() -> None:
    same = rules(a_mapping("title", "[jobTitle]"))

    found = impact(same, replace(same), person(jobTitle="Analyst"))

    assert (found.in_scope_before, found.leaving.count, found.changed.count) == (1, 0, 0)
