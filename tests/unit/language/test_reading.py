from __future__ import annotations

import pytest

from provisioning.language import EvaluationError, Expression, ParseError
from provisioning.language.reading import DEEPEST, LONGEST


def problem_with(text: str) -> ParseError:
    with pytest.raises(ParseError) as caught:
        Expression.parse(text)
    return caught.value


def test_a_parse_error_shows_the_text_and_a_caret_under_the_character() -> None:
    assert str(problem_with('Join(" ", [givenName')) == (
        "Expected a closing bracket “]”.\n"
        '    Join(" ", [givenName\n'
        "                        ^"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "problem", "position"),
    [
        ("", "An expression is needed, and there is nothing.", 0),
        (" \n", "An expression is needed, and there is nothing.", 0),
        ("Now(", "Expected a closing bracket.", 4),
        ('Append([a], "b"  ', "Expected a closing bracket.", 15),
        ("CBool([a] = ", "Expected an expression.", 11),
        ('Append([a, "b")', "Expected a closing bracket “]”.", 9),
        ('Append([a], "b)', "The text that begins here has no closing quotation mark.", 12),
        ("Append([a], “b”)", 'Texts stand in straight quotation marks: "…".', 12),
        ("Append([a], 'b')", 'Texts stand in straight quotation marks: "…".', 12),
        ('Append([a] & "b", "c")', "There is no sign that joins texts.", 11),
        ('Append([a]; "b")', "“;” has no meaning here.", 10),
        ("Now())", "The expression is complete before ).", 5),
        ('[a] = "b"', "The expression is complete before =.", 4),
        ('Append("a, "b")', "Expected a comma or a closing bracket, and found b.", 12),
        ('IIF(=, "a", "b")', "Expected an expression, and found =.", 4),
        ('IIF([a]="x" and [b]="y", "1", "2")', "There is no and in this language.", 12),
        ("Append([], [b])", "The attribute has no name.", 7),
        ("&HFFFFFFFFFFFFFFFFF", "The expression is complete before F.", 18),
    ],
)
def test_what_is_not_an_expression_is_explained_at_its_place(text: str, problem: str, position: int) -> None:
    error = problem_with(text)

    assert (error.problem, error.position) == (problem, position)


def test_two_conditions_at_once_are_answered_with_what_to_do_instead() -> None:
    assert "IIF inside the IIF" in problem_with('IIF([a]="x" OR [b]="y", "1", "2")').hint


def test_an_expression_has_at_most_ten_thousand_characters() -> None:
    longest = '"' + "x" * (LONGEST - 2) + '"'

    assert Expression.parse(longest).evaluate({}) == "x" * (LONGEST - 2)
    assert problem_with(longest + " ").problem == (
        "An expression has at most 10,000 characters, and this one has 10,001."
    )


def test_functions_stand_inside_each_other_up_to_a_limit() -> None:
    def nested(depth: int) -> str:
        return "Not(" * depth + '"("' + ")" * depth

    assert Expression.parse(nested(DEEPEST)).evaluate({}) == "False"
    assert problem_with(nested(DEEPEST + 1)).position == len("Not(") * (DEEPEST + 1) - 1


def test_the_deepest_expression_is_read_written_and_evaluated() -> None:
    deepest = Expression.parse("CBool(" * DEEPEST + "[a]" + ' = "True")' * DEEPEST)

    assert Expression.from_graph(deepest.to_graph()) == deepest
    assert deepest.evaluate({"a": "True"}) == "True"


def test_an_expression_too_deep_for_the_place_it_is_evaluated_at_fails_with_an_error_of_its_own() -> None:
    deepest = Expression.parse("CBool(" * DEEPEST + "[a]" + ' = "True")' * DEEPEST)

    def from_below(frames: int) -> object:
        return from_below(frames - 1) if frames else deepest.evaluate({"a": "True"})

    with pytest.raises(EvaluationError, match="inside each other"):
        from_below(500)


def test_only_the_part_of_a_long_line_around_the_caret_is_shown() -> None:
    text = f'Append("{"x" * 200}" & "{"y" * 200}", "z")'

    _, picture, caret = str(problem_with(text)).splitlines()

    assert picture.strip() == f'…{"x" * 48}" & "{"y" * 47}…'
    assert picture[caret.index("^")] == "&"


def test_of_several_lines_the_one_with_the_mistake_is_shown() -> None:
    assert str(problem_with('Switch([a],\n\t"d",\n\t"k" "v")')).splitlines()[1:] == ['     "k" "v")', "         ^"]
