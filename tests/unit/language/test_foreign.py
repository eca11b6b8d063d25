"""Words of other languages are answered with what is written here."""

from __future__ import annotations

import pytest

from provisioning.language import Expression, ParseError
from provisioning.language.clauses import Clause
from provisioning.language.foreign import TABLE, Where
from provisioning.language.functions.table import FUNCTIONS
from provisioning.language.operators import operator_of


@pytest.mark.parametrize(
    ("clause", "hint"),
    [
        ("mail STARTS_WITH ext-", "REGEX MATCH ^"),
        ("mail startsWith ext-", "REGEX MATCH ^"),
        ("department IN Sales, HR", "REGEX MATCH ^(a|b)$"),
        ("department IN (Sales, HR)", "list of clauses"),
        ("department in(Sales)", "list of clauses"),
        ("department NOT IN Sales", "NOT EQUALS"),
        ("department CONTAINS Sales", "INCLUDES"),
        ("department DOES NOT CONTAIN Sales", "NOT REGEX MATCH"),
        ("mail PRESENT", "IS NOT NULL"),
        ("mail pr", "IS NOT NULL"),
        ("mail IS EMPTY", "IS NULL"),
        ("mail IS BLANK", "IS NULL"),
        ("mail IS NOT BLANK", "IS NOT NULL"),
        ('department -eq "Sales"', "EQUALS"),
        ("department -contains Sales", "INCLUDES"),
        ("department -notMatch Sales", "NOT REGEX MATCH"),
        ("department = Sales", "EQUALS"),
        ('department=="Sales"', "EQUALS"),
        ("department eq Sales", "EQUALS"),
        ("department != Sales", "NOT EQUALS"),
        ("level >= 5", "GREATER_THAN_OR_EQUALS"),
        ("level < 5", "none for less"),
        ("department IS MEMBER OF Sales", "Assign the group"),
    ],
)
def test_an_operator_of_another_language_is_answered_with_ours(clause: str, hint: str) -> None:
    with pytest.raises(ParseError) as caught:
        Clause.parse(clause)

    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("text", "problem", "place", "hint"),
    [
        ('IIF([a]="x" && [b]="y", "1", "2")', "There is no && in this language.", "&&", "second argument"),
        ('IIF([a]="x" || [b]="y", "1", "2")', "There is no || in this language.", "||", "third argument"),
        ('IIF([a] != "x", "1", "2")', "There is no != in this language.", "!=", "<>"),
        ('IIF([a] == "x", "1", "2")', "There is no == in this language.", "==", "Write =."),
        ('IIF([a] like "x", "1", "2")', "There is no like in this language.", "like", "InStr"),
        ('IIF(not [a]="x", "1", "2")', "There is no not in this language.", "not", "<>"),
        ('IIF(And([a]="x", [b]="y"), "1", "2")', "There is no function And.", "And", "second argument"),
        ('IIF(OR([a]="x", [b]="y"), "1", "2")', "There is no function OR.", "OR", "third argument"),
        ('Concat([a], "b")', "There is no function Concat.", "Concat", "Join"),
        ('IIF([a]="x", False, "2")', "The bare word False has no meaning here.", "False", '"False"'),
        ('IIF([a]="x", NULL, "2")', "The bare word NULL has no meaning here.", "NULL", "Leave it blank"),
        ("[a] + [b]", "There is no sign that joins texts.", "+", "Join"),
        ('Append([a]; "b")', "“;” has no meaning here.", ";", "comma"),
        ("user.department", "“.” has no meaning here.", ".", "[givenName]"),
        ("[department].ToUpper()", "“.” has no meaning here.", ".", "ToUpper([givenName])"),
    ],
)
def test_a_word_of_another_language_in_an_expression_is_answered_at_its_place(
    text: str, problem: str, place: str, hint: str
) -> None:
    with pytest.raises(ParseError) as caught:
        Expression.parse(text)

    assert (caught.value.problem, caught.value.position) == (problem, text.index(place))
    assert hint in caught.value.hint


def test_no_word_of_the_table_means_something_here() -> None:
    operators = [word for row in TABLE if Where.OPERATOR in row.where for word in row.words]
    functions = {word for row in TABLE if Where.FUNCTION in row.where for word in row.words}

    assert [word for word in operators if operator_of(word)] == []
    assert functions.isdisjoint(FUNCTIONS)


def test_no_word_stands_in_the_table_twice_for_the_same_place() -> None:
    for where in Where:
        words = [word for row in TABLE if where in row.where for word in row.words]
        assert len(words) == len(set(words))
