from __future__ import annotations

import pytest

from provisioning.language import EvaluationError, ParseError, ScopingFilter
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
        'department EQUALS ""',
        'department EQUALS "Sales", "H, \\"R\\""',
        'department EQUALS "\\"quoted"',
        "mail REGEX MATCH .*\\@domain.com",
        "mail IS NOT NULL",
        "extension_1_costCenter !& ABC",
    ],
)
def test_a_clause_is_written_as_it_is_read(text: str) -> None:
    assert str(Clause.parse(text)) == text


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


@pytest.mark.parametrize("operand", [None, {}, {"values": None}, {"values": []}, "odd"])
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

    assert clause.complaint() == "GREATER_THAN compares whole numbers, and “x” is none."
    assert not ScopingFilter.from_graph({"groups": [{"clauses": [clause.to_graph()]}]}).admits({"a": "1"})
