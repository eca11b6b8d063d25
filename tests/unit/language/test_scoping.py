from __future__ import annotations

import copy
import pickle

import pytest

from provisioning.language import OPERATORS, Choices, ParseError, ScopingFilter
from provisioning.language.clauses import Clause

SALES = ["department EQUALS Sales", "mail IS NOT NULL"]
EXTERNALS = ["userPrincipalName REGEX MATCH ^ext-.*$"]

SCOPE: dict[str, list[dict[str, object]]] = {
    "categoryFilterGroups": [],
    "groups": [
        {
            "name": "Active sales staff",
            "clauses": [
                {
                    "operatorName": "EQUALS",
                    "sourceOperandName": "department",
                    "targetOperand": {"values": ["Sales"]},
                },
                {"operatorName": "IS NOT NULL", "sourceOperandName": "mail", "targetOperand": None},
            ],
        }
    ],
    "inputFilterGroups": [],
}


def test_a_verdict_is_true_for_those_in_scope() -> None:
    sales = ScopingFilter.from_graph(SCOPE)

    assert sales.admits({"department": "Sales", "mail": "ada@contoso.com"})
    assert not sales.admits({"department": "Sales"})


def test_a_verdict_says_which_group_admitted() -> None:
    verdict = ScopingFilter.parse([SALES, EXTERNALS]).admits({"userPrincipalName": "ext-ada"})

    assert verdict.group is not None
    assert verdict.group.clauses == verdict.clauses == (Clause.parse(EXTERNALS[0]),)
    assert str(verdict) == "in scope: userPrincipalName REGEX MATCH ^ext-.*$"


def test_a_verdict_says_in_each_group_which_clause_failed_first() -> None:
    verdict = ScopingFilter.parse([SALES, EXTERNALS]).admits({"department": "Sales"})

    assert verdict.group is None
    assert str(verdict) == "out of scope: not mail IS NOT NULL; not userPrincipalName REGEX MATCH ^ext-.*$"


def test_without_a_filter_everyone_is_in_scope() -> None:
    for nobody_excluded in (ScopingFilter.from_graph(None), ScopingFilter.from_graph({"groups": []}), ScopingFilter()):
        assert str(nobody_excluded.admits({})) == "in scope: there is no filter"


def test_a_filter_knows_which_attributes_it_looks_at() -> None:
    assert ScopingFilter.parse([SALES, EXTERNALS]).attributes == {"department", "mail", "userPrincipalName"}


def test_a_filter_of_graph_is_written_as_it_was_read() -> None:
    assert ScopingFilter.from_graph(SCOPE).to_graph() == SCOPE


def only(attribute: str) -> list[dict[str, object]]:
    """Make a set of one group, which admits who has the attribute."""
    clause = {"operatorName": "IS NOT NULL", "sourceOperandName": attribute, "targetOperand": None}
    return [{"name": attribute, "clauses": [clause]}]


THREE_SETS = {
    "categoryFilterGroups": only("category"),
    "groups": only("group"),
    "inputFilterGroups": only("entry"),
}
EVERYTHING = {"entry": "x", "category": "x", "group": "x"}


def test_the_experimental_sets_of_groups_are_written_as_they_were_read() -> None:
    assert ScopingFilter.from_graph(THREE_SETS).to_graph() == THREE_SETS


def test_the_part_that_people_write_is_compared_without_the_experimental_sets() -> None:
    held = ScopingFilter.from_graph(THREE_SETS)

    assert held != ScopingFilter.parse(["group IS NOT NULL"]) == held.declared
    assert ScopingFilter.from_graph({"inputFilterGroups": only("entry")}).declared is None


def test_of_each_set_of_groups_one_must_hold() -> None:
    scoping = ScopingFilter.from_graph(THREE_SETS)

    assert scoping.admits(EVERYTHING)
    assert not any(scoping.admits({**EVERYTHING, lacking: None}) for lacking in EVERYTHING)


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ("entry", ("inputFilterGroups", False)),
        ("category", ("categoryFilterGroups", True)),
        ("group", ("groups", True)),
    ],
)
def test_a_verdict_says_which_set_decided_and_whether_an_account_is_closed(lacking: str, said: object) -> None:
    verdict = ScopingFilter.from_graph(THREE_SETS).admits({**EVERYTHING, lacking: None})

    assert (verdict.decided_by, verdict.deprovisions) == said


def test_who_is_kept_out_at_the_door_stays_as_they_are_and_that_is_said() -> None:
    scoping = ScopingFilter.from_graph({"inputFilterGroups": only("entry")})

    assert str(scoping.admits({})) == "out of scope, and left as it is: not entry IS NOT NULL"
    assert str(scoping.admits({"entry": "x"})) == "in scope: entry IS NOT NULL"


def test_what_leaving_the_category_does_is_a_doubt() -> None:
    scoping = ScopingFilter.from_graph({"categoryFilterGroups": only("category")})

    assert not scoping.admits({}, choices=Choices(leaving_the_category="leaves alone")).deprovisions


def test_whether_the_experimental_sets_decide_is_a_doubt() -> None:
    scoping = ScopingFilter.from_graph(THREE_SETS)

    assert scoping.admits({"group": "x"}, choices=Choices(experimental_groups="are ignored"))


def test_a_filter_looks_at_the_attributes_of_all_its_sets() -> None:
    assert ScopingFilter.from_graph(THREE_SETS).attributes == {"entry", "category", "group"}


TYPES = {"accountEnabled": "Boolean", "department": "String", "level": "Integer", "manager": "Reference"}


@pytest.mark.parametrize(
    ("clause", "sentence"),
    [
        ("department IS TRUE", "IS TRUE is not for department, whose type is String."),
        ("accountEnabled EQUALS True", "EQUALS is not for accountEnabled, whose type is Boolean."),
        ("accountEnabled GREATER_THAN 1", "GREATER_THAN is not for accountEnabled, whose type is Boolean."),
    ],
)
def test_an_operator_that_is_not_for_the_type_of_its_attribute_is_found(clause: str, sentence: str) -> None:
    (misfit,) = ScopingFilter.parse([clause, "unknown IS TRUE", "level GREATER_THAN 1"]).misfits(TYPES)

    assert (str(misfit), misfit.is_disputed) == (sentence, False)


def test_a_misfit_says_what_can_be_asked_of_such_an_attribute() -> None:
    (misfit,) = ScopingFilter.parse(["accountEnabled EQUALS True"]).misfits(TYPES)

    assert misfit.hint == "Write one of IS TRUE, IS FALSE, IS NULL, IS NOT NULL."


def test_a_number_asked_of_a_text_is_a_misfit_on_which_microsofts_pages_differ() -> None:
    (misfit,) = ScopingFilter.parse(["department GREATER_THAN 1"]).misfits(TYPES)

    assert misfit.is_disputed


def test_a_type_that_no_operator_is_for_has_a_hint_of_its_own() -> None:
    clause = {"operatorName": "IS NULL", "sourceOperandName": "manager", "targetOperand": None}
    (misfit,) = ScopingFilter.from_graph({"groups": [{"clauses": [clause]}]}).misfits(TYPES)

    assert misfit.hint == "Entra does not filter by attributes of type Reference."


def test_the_types_of_an_operator_are_those_that_graph_lists() -> None:
    listed = {"EQUALS": {"Integer", "String"}, "IS TRUE": {"Boolean"}, "GREATER_THAN": {"Integer"}}

    assert {name: OPERATORS[name].fits for name in listed} == listed
    assert OPERATORS["IS NULL"].fits == {"Integer", "String", "Binary", "Boolean"}


def test_the_patterns_of_a_filter_that_can_take_for_ever_are_listed() -> None:
    slow = r"^([a-zA-Z0-9_.-]+)+@contoso\.org$"

    assert ScopingFilter.parse([f"mail REGEX MATCH {slow}", "mail REGEX MATCH ^a+$"]).slow_patterns == (slow,)


@pytest.mark.parametrize("depth", [2, 3_000])
def test_lists_within_lists_are_answered_with_a_sentence(depth: int) -> None:
    nested: object = ["a IS NULL"]
    for _ in range(depth):
        nested = [nested]

    with pytest.raises(ParseError, match="Filter 1 is not a list of clauses"):
        ScopingFilter.parse(nested)  # type: ignore[arg-type]  # what a file may hold


def test_a_clause_that_is_not_a_text_is_answered_with_a_sentence() -> None:
    with pytest.raises(ParseError, match="Sales is not a list of clauses"):
        ScopingFilter.parse({"Sales": {"department": "Sales"}})  # type: ignore[dict-item]  # what a file may hold


def test_no_filter_is_null_in_graph() -> None:
    assert ScopingFilter.parse([]).to_graph() is None


def test_groups_get_a_title_because_the_portal_wants_one() -> None:
    assert [group.name for group in ScopingFilter.parse([SALES, EXTERNALS]).groups] == ["Filter 1", "Filter 2"]


@pytest.mark.parametrize(
    "readable", [SALES, [SALES, EXTERNALS], {"Sales": SALES, "Externals": EXTERNALS}, {"Sales": SALES}]
)
def test_the_readable_form_comes_back_as_it_was_written(readable: list[str]) -> None:
    assert ScopingFilter.parse(readable).readable == readable


def test_titles_that_are_missing_or_twice_do_not_come_back() -> None:
    group = SCOPE["groups"][0]

    assert ScopingFilter.from_graph({"groups": [group, group]}).readable == [SALES, SALES]
    assert ScopingFilter.from_graph({"groups": [{**group, "name": None}]}).readable == SALES


def test_filters_are_equal_whatever_their_titles() -> None:
    titled, plain = ScopingFilter.parse({"Sales": SALES}), ScopingFilter.parse(SALES)

    assert titled == plain
    assert len({titled, plain}) == 1
    assert plain != ScopingFilter.parse(EXTERNALS)
    assert plain != SALES


def test_a_filter_is_shown_as_one_line() -> None:
    assert str(ScopingFilter.parse(SALES)) == "department EQUALS Sales AND mail IS NOT NULL"
    assert str(ScopingFilter.parse([["a IS NULL"], ["b IS NULL"]])) == "(a IS NULL) OR (b IS NULL)"
    assert repr(ScopingFilter.parse(["a IS NULL"])) == "ScopingFilter.parse(['a IS NULL'])"


def test_a_filter_survives_copies_and_pickles() -> None:
    sales = ScopingFilter.parse(SALES)

    assert pickle.loads(pickle.dumps(sales)) == copy.deepcopy(sales) == sales  # noqa: S301 - our own


def test_a_filter_can_be_judged_under_other_choices() -> None:
    numbers = ScopingFilter.parse(["n REGEX MATCH [0-9]"])
    anywhere = Choices(regex_match="anywhere")

    verdicts = [bool(numbers.admits({"n": "10"}, choices=choices)) for choices in (Choices(), anywhere, Choices())]

    assert verdicts == [False, True, False]


def test_what_entra_refuses_is_read_from_the_service_and_reported() -> None:
    members = {"operatorName": "EQUALS", "sourceOperandName": "members", "targetOperand": {"values": ["x"]}}
    held = ScopingFilter.from_graph({"groups": [{"name": "x", "clauses": [members]}]})

    assert [str(refused) for refused in held.refused_operands()] == [
        "members cannot be filtered by: it refers to other objects."
    ]


def test_the_directory_may_know_more_attributes_that_entra_refuses() -> None:
    held = ScopingFilter.parse(["extension_1_codes EQUALS x", "extension_1_since EQUALS y", "mail IS NULL"])

    refused = held.refused_operands(several=["extension_1_codes"], dates=["extension_1_since"])

    assert [operand.reason for operand in refused] == ["it has several values", "it is a date"]


def test_clauses_and_lists_of_clauses_are_not_mixed() -> None:
    with pytest.raises(ParseError, match="mixed"):
        ScopingFilter.parse(["a IS NULL", ["b IS NULL"]])


def test_a_group_without_clauses_is_refused_because_it_lets_everyone_in() -> None:
    with pytest.raises(ParseError, match="Externals has no clause"):
        ScopingFilter.parse({"Sales": SALES, "Externals": []})
