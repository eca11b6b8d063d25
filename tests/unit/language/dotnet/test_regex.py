from __future__ import annotations

import pytest

from provisioning.language import EvaluationError, Expression, TooSlowError
from provisioning.language.choices import Choices
from provisioning.language.dotnet.regex import MATCH_LIMIT, placed, regex_of
from provisioning.language.dotnet.translation import DEEPEST

SLOW, TEXT = "(a|aa)+$", "a" * 60 + "b"
QUICK = Choices(regex_limit=0.01)


def test_a_match_has_a_quarter_of_a_second_unless_told_otherwise() -> None:
    assert Choices().regex_limit == MATCH_LIMIT == 0.25


@pytest.mark.parametrize(
    "expression",
    [
        f'Replace([a], , "{SLOW}", , "x", , )',
        f'Replace([a], , "(?<g>{SLOW})", "g", "x", , )',
        f'Replace([nothing], , "(?<g>{SLOW})", "g", , [a], )',
    ],
)
def test_replace_stops_on_a_pattern_that_takes_too_long_and_says_where_it_stands(expression: str) -> None:
    with pytest.raises(TooSlowError) as caught:
        Expression.parse(f"ToLower({expression})").evaluate({"a": TEXT}, choices=QUICK)

    assert SLOW in caught.value.pattern
    assert (caught.value.limit, caught.value.position) == (0.01, len("ToLower("))


def test_the_patterns_of_an_expression_that_can_take_for_ever_are_listed() -> None:
    expression = Expression.parse(f'Join("-", Replace([a], , "{SLOW}", , "x", , ), Replace([a], , "a+", , "x", , ))')

    assert expression.slow_patterns == (SLOW,)


def test_a_pattern_that_is_computed_is_not_judged_before_it_is_known() -> None:
    assert Expression.parse('Replace([a], , [pattern], , "x", , )').slow_patterns == ()


def test_an_error_that_has_its_place_keeps_it() -> None:
    error = EvaluationError("x", text="abc", position=1)

    assert placed(error, "other", 2) is error


def test_groups_stand_inside_each_other_up_to_a_limit() -> None:
    assert regex_of("(" * (DEEPEST - 1) + "a" + ")" * (DEEPEST - 1)).matches("a")
    with pytest.raises(EvaluationError, match="more than 100 groups stand inside each other"):
        regex_of("(" * 3_000 + ")" * 3_000)


def test_a_pattern_that_another_language_would_understand_is_not_misread() -> None:
    with pytest.raises(EvaluationError, match="there is no group that begins like this"):
        regex_of("(?&x)")
    assert regex_of("a{e<=1}").matches("a{e<=1}")
