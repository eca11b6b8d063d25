from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime
from random import Random

import pytest

from provisioning.language import Choices, EvaluationError, Expression

ACTIVE = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'


def test_an_expression_computes_a_value_from_the_attributes_of_a_person() -> None:
    expression = Expression.parse('Join(" ", [givenName], [surname])')

    assert expression.evaluate({"givenName": "Ada", "surname": "Byron"}) == "Ada Byron"


def test_an_expression_knows_which_attributes_it_reads() -> None:
    expression = Expression.parse('IIF([country]="FR", Join("", [surname], [country]), [department])')

    assert expression.attributes == {"country", "surname", "department"}


def test_an_expression_knows_which_functions_it_calls() -> None:
    assert Expression.parse('ToLower(Join("", [a], ToLower([b])))').functions == {"ToLower", "Join"}


def test_an_expression_knows_which_attributes_its_conditions_look_at() -> None:
    expression = Expression.parse('Join("", IIF([a]="x", [b], "y"), IIF(Not(IsPresent([c])), "x", [d]))')

    assert expression.conditions == {"a", "c"}


def test_the_canonical_text_has_the_spaces_that_graph_writes() -> None:
    assert str(Expression.parse('Switch([IsSoftDeleted],,"False","True","True","False")')) == ACTIVE


def test_the_canonical_text_reads_as_the_same_expression() -> None:
    expression = Expression.parse('IIF( [a]<>"x\\"y\\\\" ,&HF, InStr([b],"c", ,vbTextCompare))')

    assert Expression.parse(str(expression)) == expression


def test_expressions_are_equal_whatever_their_spaces() -> None:
    one, other = Expression.parse('Append([a],"b")'), Expression.parse('Append( [a] , "b" )')

    assert one == other
    assert len({one, other}) == 1
    assert one != Expression.parse('Append([a],"B")')
    assert one != str(one)


def test_the_same_text_is_read_once() -> None:
    assert Expression.parse(ACTIVE) is Expression.parse(ACTIVE)


def test_the_representation_of_an_expression_makes_it_again() -> None:
    assert repr(Expression.parse("[mail]")) == "Expression.parse('[mail]')"


def test_an_expression_survives_copies_and_pickles() -> None:
    expression = Expression.parse(ACTIVE)

    assert pickle.loads(pickle.dumps(expression)) == expression  # noqa: S301 - our own
    assert copy.deepcopy(expression) == expression


def test_the_time_is_an_argument() -> None:
    assert Expression.parse("Now()").evaluate({}, now=datetime(2026, 1, 31, tzinfo=UTC)) == "1/31/2026 12:00:00 AM"


def test_chance_is_an_argument() -> None:
    guid = Expression.parse("Guid()")

    assert guid.evaluate({}, random=Random(7)) == guid.evaluate({}, random=Random(7))


def test_a_doubt_is_an_argument() -> None:
    expression = Expression.parse('Coalesce([a], "b")')

    assert expression.evaluate({"a": ""}, choices=Choices(coalesce_skips_empty_text=True)) == "b"
    assert expression.evaluate({"a": ""}, choices=Choices()) == ""


def test_an_evaluation_error_points_at_the_function_that_failed() -> None:
    with pytest.raises(EvaluationError) as caught:
        Expression.parse('Join("", [a], ToLower(Item([b], 2)))').evaluate({"b": ["one"]})

    assert str(caught.value) == (
        "Item 2 is outside the list, which has 1.\n"
        '    Join("", [a], ToLower(Item([b], 2)))\n'
        "                          ^"
    )


def test_a_failing_function_that_needs_its_surroundings_is_pointed_at_too() -> None:
    with pytest.raises(EvaluationError) as caught:
        Expression.parse("ToLower(Guid())").evaluate({})

    assert caught.value.position == len("ToLower(")
    assert caught.value.hint == "Pass one: random=…"


@pytest.mark.parametrize(
    ("text", "problem", "place"),
    [
        ('Replace([a], , "(", , "", , )', "regular expression", '"("'),
        ('DateAdd("q", 1, Now())', "no interval “q”", '"q"'),
        ('Mid([a], "one", 1)', "whole number", '"one"'),
        ('ToLower([a], "x!")', "not a culture", '"x!"'),
        ('FormatDateTime([a], , "yyyy", "q")', "not a standard format", '"q"'),
        ('FormatDateTime([a], "Odd", "yyyy", "yy")', "not a style", '"Odd"'),
        ('InStr([a], "b", 1, "exactly")', "vbTextCompare", '"exactly"'),
        ('IIF([country]="", "x", "y")', "whether [country] is empty", "[country]"),
        ('IIF(""<>[country], "x", "y")', "whether [country] is empty", "[country]"),
        ('IIF(Not(IsNullOrEmpty([country])), "x", "y")', "whether [country] is empty", "[country]"),
    ],
)
def test_what_would_fail_everyone_is_a_concern(text: str, problem: str, place: str) -> None:
    (concern,) = Expression.parse(text).concerns

    assert problem in concern.problem
    assert concern.position == text.index(place)


@pytest.mark.parametrize(
    "text",
    [ACTIVE, 'IIF([a]="x", "y", "z")', 'IIF(Left([a], 1)="", "y", "z")', 'InStr([a], "b", 1, vbTextCompare)', '"("'],
)
def test_what_works_for_someone_is_not_a_concern(text: str) -> None:
    assert Expression.parse(text).concerns == ()
