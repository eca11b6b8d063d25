"""What is known of an expression whoever it is evaluated for."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.language import (
    FUNCTIONS,
    Choices,
    EmptyCondition,
    EvaluationError,
    Expression,
    ExpressionError,
    Kind,
    Need,
)
from provisioning.language.functions.table import NotOffered, Surrounded

SURE = {"objectId", "userPrincipalName"}


@pytest.mark.parametrize(
    "text",
    [
        "[objectId]",
        '"x"',
        "7",
        "Coalesce([mail], [userPrincipalName])",
        'Coalesce([mail], [department], "x")',
        'Switch([department], "d", "k", "v")',
        'Switch([department], [userPrincipalName], "", "none")',
        'IIF([department]="x", "1", "2")',
        'IIF([department]="x", "1", IIF([city]="y", [objectId], "3"))',
        'Join(" ", [givenName], "x")',
        'Join(" ", [givenName], [userPrincipalName])',
        "ToLower([userPrincipalName])",
        'Append([objectId], "")',
        'Prepend("", [objectId])',
        'DateAdd("d", 1, [objectId])',
        "Redact([objectId])",
        "IgnoreFlowIfNullOrEmpty([objectId])",
        "Not([mail])",
        "IsPresent([mail])",
        "Count([proxyAddresses])",
        "Guid()",
    ],
)
def test_a_value_that_everybody_has_is_recognized(text: str) -> None:
    assert not Expression.parse(text).may_be_empty(SURE)


@pytest.mark.parametrize(
    "text",
    [
        "[mail]",
        '""',
        "Coalesce([mail], [department])",
        'Coalesce("", "x")',
        'Coalesce(Join(" ", [givenName], [surname]), "x")',
        'Switch([objectId], , "k", "v")',
        'Switch([objectId], "d", "k", [mail])',
        'IIF([department]="x", "1", [mail])',
        'IIF([department]="x", "", "2")',
        'Join(" ", [givenName], [surname])',
        "Left([objectId], 3)",
        "Mid([objectId], 1, 3)",
        "Trim([objectId])",
        'Word([objectId], 2, " ")',
        'Item(Split([objectId], "@"), 1)',
        'Replace([objectId], "x", , , "", , )',
        'Append([mail], "x")',
        'Prepend("x", [mail])',
        'IgnoreFlowIfNullOrEmpty("")',
        "Redact([mail])",
        'DateDiff("d", [objectId], [mail])',
    ],
)
def test_a_value_that_somebody_may_lack_is_recognized(text: str) -> None:
    assert Expression.parse(text).may_be_empty(SURE)


def test_without_a_word_on_who_has_what_no_attribute_is_sure() -> None:
    assert Expression.parse("[objectId]").may_be_empty()


@pytest.mark.parametrize("condition", ['[mail]="x"', 'ToLower([mail])="x"', '"x"<>[mail]', "IsPresent([mail])"])
def test_by_the_reading_that_says_so_a_condition_on_what_is_empty_gives_nothing(condition: str) -> None:
    expression = Expression.parse(f'IIF({condition}, "1", "2")')

    assert expression.may_be_empty(SURE, choices=Choices(iif_on_empty_attribute="gives nothing"))
    assert not expression.may_be_empty(SURE)


def test_by_that_reading_a_condition_on_what_everybody_has_decides() -> None:
    expression = Expression.parse('IIF([objectId]="x", "1", "2")')

    assert not expression.may_be_empty(SURE, choices=Choices(iif_on_empty_attribute="gives nothing"))


OFFERED = sorted(name for name, row in FUNCTIONS.items() if not isinstance(row.implementation, NotOffered))
ARGUMENTS = st.sampled_from(
    ["[there]", "[lacking]", '""', '"x"', '"1"', '"yyyy"', '"1/2/2020"', '"&"', "", "1", '[there]="x"', '[lacking]="x"']
)


@settings(max_examples=600, deadline=None, database=None)
@given(
    st.sampled_from(OFFERED),
    st.lists(ARGUMENTS, max_size=7),
    st.sampled_from(["{}", "{}", 'IIF([lacking]="x", {0}, {0})', 'Coalesce({}, "y")', "Coalesce({}, [lacking])"]),
    st.sampled_from(["is false", "gives nothing", "fails"]),
)
def test_what_is_said_to_be_there_for_everybody_is(
    name: str, arguments: list[str], around: str, reading: EmptyCondition
) -> None:
    choices = Choices(iif_on_empty_attribute=reading)
    now = datetime(2026, 1, 1, tzinfo=UTC)

    with suppress(ExpressionError):  # What is refused or fails has no value, and nothing is said about it.
        expression = Expression.parse(around.format(f"{name}({', '.join(arguments)})"))
        value = expression.evaluate({"there": "x"}, now=now, random=Random(7), default_domain="x", choices=choices)
        assert value or expression.may_be_empty({"there"}, choices=choices)


def test_the_ends_of_an_expression_are_what_it_may_give() -> None:
    expression = Expression.parse('IIF([a]="x", Switch([b], , "k", Coalesce([c], "d")), Redact(ToLower([e])))')

    assert [end.written for end in expression.ends] == ["[c]", '"d"', "ToLower([e])"]


def test_a_function_hands_on_arguments_or_says_what_it_gives() -> None:
    handing = {name for name, row in FUNCTIONS.items() if any(each.is_handed_on for each in row.parameters)}

    assert handing == {"Coalesce", "IgnoreFlowIfNullOrEmpty", "IIF", "Redact", "Switch"}
    assert {FUNCTIONS[name].gives for name in handing} == {Kind.AS_GIVEN}


def test_what_functions_give_is_told_by_their_row() -> None:
    given = {kind: {name for name, row in FUNCTIONS.items() if row.gives is kind} for kind in Kind}

    assert given[Kind.BOOLEAN] == {"CBool", "IsNothing", "IsNull", "IsNullOrEmpty", "IsPresent", "IsString", "Not"}
    assert given[Kind.NUMBER] == {"BitAnd", "Count", "DateDiff", "InStr", "NumFromDate"}
    assert {"Split", "RemoveDuplicates"} < given[Kind.TEXTS]


@pytest.mark.parametrize("name", [name for name in OFFERED if isinstance(FUNCTIONS[name].implementation, Surrounded)])
def test_a_function_that_is_not_given_what_its_row_says_it_needs_says_so(name: str) -> None:
    texts = {"FormatDateTime": 'FormatDateTime("1", , "%d", "dd")', "RandomString": "RandomString(3, 1, 1, 1, 0)"}
    expression = Expression.parse(texts.get(name, f"{name}()" if FUNCTIONS[name].takes(0) else f'{name}(" ", "x")'))

    try:
        expression.evaluate({})
    except EvaluationError:
        assert expression.needs
    else:
        assert not expression.needs


def test_an_expression_needs_what_its_functions_need() -> None:
    assert Expression.parse('Join("", Now(), Guid(), DefaultDomain(), [a])').needs == set(Need)
    assert Expression.parse("ToLower([a])").needs == frozenset()
