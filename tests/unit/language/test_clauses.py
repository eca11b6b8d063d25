from __future__ import annotations

import re

import pytest

from provisioning.language import Choices, EvaluationError, ParseError, ScopingFilter, TooSlowError
from provisioning.language.clauses import Clause
from provisioning.language.operators import OPERATORS


@pytest.mark.parametrize("name", sorted(OPERATORS))
def test_every_operator_is_understood_however_it_is_spelled(name: str) -> None:
    value = " 1" if OPERATORS[name].takes_value else ""
    spellings = {name, name.lower(), name.title(), name.replace("_", " "), name.replace(" ", "_")}

    assert {str(Clause.parse(f"a {spelling}{value}")) for spelling in spellings} == {f"a {name}{value}"}


@pytest.mark.parametrize(
    "text",
    [
        "department EQUALS Human Resources",
        'department EQUALS " padded "',
        'department EQUALS "Bed AND Breakfast EQUALS x"',
        "department EQUALS Research OR Development",
        "department EQUALS Sales, Research and Development",
        "department EQUALS 't Hooft",
        'department EQUALS "Sales", "H, \\"R\\""',
        'department EQUALS "\\"quoted"',
        "mail REGEX MATCH .*\\@domain.com",
        "mail IS NOT NULL",
        "extension_1_costCenter !& ABC",
    ],
)
def test_a_clause_is_written_as_it_is_read(text: str) -> None:
    assert str(Clause.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("department EQUALS Knowledge OR department EQUALS Engineering", "OR"),
        ("department EQUALS Knowledge AND mail IS NOT NULL", "AND"),
        ("mail IS NOT NULL AND department EQUALS Sales", "AND"),
        ("department EQUALS Sales\tOR  city greater_than 5", "OR"),
        ("mail REGEX MATCH ^a OR mail ENDS_WITH b", "OR"),
        ("department EQUALS one or department equals another", "or"),
        ("department EQUALS Sales and mail is not null", "and"),
        ("department EQUALS Sales && mail IS NOT NULL", "&&"),
        ("department EQUALS Sales || department EQUALS Research", "||"),
        ("department EQUALS Sales, department EQUALS Research", ","),
        ("department EQUALS Sales; mail IS NOT NULL", ";"),
    ],
)
def test_a_value_does_not_swallow_a_second_clause(text: str, word: str) -> None:
    with pytest.raises(ParseError, match=f"second clause begins behind “{re.escape(word)}”") as caught:
        Clause.parse(text)

    assert caught.value.position == text.index(word)
    assert "quotation marks" in caught.value.hint


@pytest.mark.parametrize(
    "value", ["'Sales'", "''", "“Sales”", "„Sales“", "\u2018Sales\u2019", "«Sales»", "'Sales', 'Research'"]
)
def test_quotation_marks_of_another_kind_are_not_taken_into_the_value(value: str) -> None:
    with pytest.raises(ParseError, match="would be part of the value") as caught:
        Clause.parse(f"department EQUALS {value}")

    assert caught.value.hint == 'Write the value bare, or in straight double ones: "…".'


def test_a_value_of_the_service_within_single_quotation_marks_is_written_so_that_it_reads_as_the_same() -> None:
    held = Clause("a", OPERATORS["EQUALS"], ("'Sales'",))

    assert Clause.parse(str(held)) == held


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("NOT department EQUALS Sales", "Write it like: department NOT EQUALS Sales"),
        ("EQUALS department Sales", "Write it like: department EQUALS Sales"),
        ("includes department Sales", "Write it like: department EQUALS Sales"),
    ],
)
def test_what_stands_before_the_attribute_is_told(text: str, hint: str) -> None:
    with pytest.raises(ParseError, match=r"A clause begins with its attribute\.") as caught:
        Clause.parse(text)

    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("written", "name", "near"),
    [
        ("GREATER_THEN 5", "GREATER_THEN", "GREATER_THAN"),
        ("GREATER_THAN_OR EQUAL 5", "GREATER_THAN_OR EQUAL", "GREATER_THAN_OR_EQUALS"),
        ("INCLUDE x y", "INCLUDE", "INCLUDES"),
        ("NOT EQUALZ a b", "NOT EQUALZ", "NOT EQUALS"),
    ],
)
def test_a_misspelt_operator_is_told_without_the_value_behind_it(written: str, name: str, near: str) -> None:
    with pytest.raises(ParseError) as caught:
        Clause.parse(f"a {written}")

    assert caught.value.problem == f"There is no operator {name}. Did you mean {near}?"


def test_an_operator_that_resembles_none_is_told_by_its_first_word() -> None:
    with pytest.raises(ParseError) as caught:
        Clause.parse("department whatever it takes")

    assert caught.value.problem == "There is no operator whatever."


def test_a_value_that_reads_as_a_second_clause_is_meant_when_it_is_quoted() -> None:
    assert Clause.parse('a EQUALS "x OR b EQUALS y"').values == ("x OR b EQUALS y",)


def test_what_the_service_holds_is_written_so_that_it_reads_as_the_same() -> None:
    held = Clause("a", OPERATORS["EQUALS"], ("x OR b EQUALS y",))

    assert Clause.parse(str(held)) == held


@pytest.mark.parametrize("name", [name for name, row in OPERATORS.items() if row.takes_value])
def test_no_operator_is_asked_of_an_empty_text(name: str) -> None:
    with pytest.raises(ParseError, match=f"{name} cannot be asked of an empty text") as caught:
        Clause.parse(f'department {name} ""')

    assert caught.value.hint == (f"Write {row}." if (row := OPERATORS[name].for_empty) else "")


def test_one_empty_value_among_others_is_refused_too() -> None:
    with pytest.raises(ParseError, match="empty text"):
        Clause.parse('department EQUALS "Sales", ""')


def test_a_clause_has_at_most_as_many_characters_as_an_expression() -> None:
    with pytest.raises(ParseError, match=r"at most 10,000 characters, and this one has 100,000"):
        Clause.parse("a EQUALS " + "x" * 99_991)


def test_a_clause_becomes_a_clause_of_graph() -> None:
    assert Clause.parse("department EQUALS Sales").to_graph() == {
        "operatorName": "EQUALS",
        "sourceOperandName": "department",
        "targetOperand": {"values": ["Sales"]},
    }


def test_an_operator_without_a_value_has_no_target_operand() -> None:
    assert Clause.parse("mail IS NULL").to_graph()["targetOperand"] is None


def test_the_spelling_of_the_service_is_kept() -> None:
    from_graph = {"operatorName": "Greater_Than", "sourceOperandName": "n", "targetOperand": {"values": ["1"]}}

    clause = Clause.from_graph(from_graph)

    assert clause.to_graph() == from_graph
    assert clause == Clause.parse("n GREATER_THAN 1")


def test_an_unknown_operator_of_the_service_is_refused() -> None:
    with pytest.raises(ParseError, match="no operator IS MEMBER OF"):
        Clause.from_graph({"operatorName": "IS MEMBER OF", "sourceOperandName": "x", "targetOperand": None})


def test_a_clause_of_the_service_with_lists_within_lists_is_read_and_is_never_true() -> None:
    nested: list[object] = []
    for _ in range(3_000):
        nested = [nested]
    clause = {"operatorName": "EQUALS", "sourceOperandName": "a", "targetOperand": {"values": nested}}

    assert not ScopingFilter.from_graph({"groups": [{"clauses": [clause]}]}).admits({"a": "x"})


@pytest.mark.parametrize("operand", [None, {}, {"values": None}, {"values": []}, {"values": "odd"}, "odd"])
def test_a_clause_without_values_is_read_and_is_never_true(operand: object) -> None:
    clause = {"operatorName": "EQUALS", "sourceOperandName": "a", "targetOperand": operand}

    held = ScopingFilter.from_graph({"groups": [{"name": None, "clauses": [clause]}]})

    assert not held.admits({"a": "x"})


def test_a_regular_expression_that_the_service_holds_fails_when_it_is_used() -> None:
    clause = Clause.from_graph(
        {"operatorName": "REGEX MATCH", "sourceOperandName": "a", "targetOperand": {"values": ["("]}}
    )

    with pytest.raises(EvaluationError, match=r"a REGEX MATCH \("):
        ScopingFilter.from_graph({"groups": [{"clauses": [clause.to_graph()]}]}).admits({"a": "x"})


def test_a_number_that_is_none_is_never_greater() -> None:
    clause = Clause.from_graph(
        {"operatorName": "GREATER_THAN", "sourceOperandName": "a", "targetOperand": {"values": ["x"]}}
    )

    assert clause.complaint() == "GREATER_THAN compares whole numbers, and “x” is not one."
    assert not ScopingFilter.from_graph({"groups": [{"clauses": [clause.to_graph()]}]}).admits({"a": "1"})


def test_a_regular_expression_that_takes_too_long_names_itself_and_the_clause() -> None:
    slow = ScopingFilter.parse(["mail REGEX MATCH ^(a|aa)+$"])

    with pytest.raises(TooSlowError) as caught:
        slow.admits({"mail": "a" * 80 + "b"}, choices=Choices(regex_limit=0.01))

    assert caught.value.pattern == "^(a|aa)+$"
    assert str(caught.value).splitlines() == [
        "The regular expression “^(a|aa)+$” took more than 0.01 s on one value.",
        "    mail REGEX MATCH ^(a|aa)+$",
        "    ^",
    ]


def test_several_patterns_of_one_clause_have_the_limit_too() -> None:
    slow = ScopingFilter.parse(['mail NOT REGEX MATCH "x", "^(a|aa)+$"'])

    with pytest.raises(TooSlowError):
        slow.admits({"mail": "a" * 80 + "b"}, choices=Choices(regex_limit=0.01, regex_match="anywhere"))
