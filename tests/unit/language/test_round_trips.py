"""What holds for every expression and every filter, whoever invents it."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.language import Attributes, Choices, Expression, ExpressionError, ScopingFilter
from provisioning.language.functions.replacing import WAYS
from provisioning.language.functions.table import FUNCTIONS, Function, Kind, NotOffered, Parameter
from provisioning.language.nodes import quoted
from provisioning.language.operators import OPERATORS

swift = settings(max_examples=150, deadline=None, database=None)

NAMES = st.sampled_from(["mail", "givenName", "extension_1_costCenter", "passwordProfile.password", "proxyAddresses"])
TELLING = st.sampled_from(
    ["", "True", "1", "yyyy", "d", "M/d/yyyy", "3/16/2012 7:00:00 AM", "(?<g>a)", "g", "ß", "a,b"]
)
TEXTS = TELLING | st.text(max_size=8)
LITERALS = (
    NAMES.map("[{}]".format)
    | TEXTS.map(quoted)
    | st.integers(-300, 300).map(str)
    | st.sampled_from(["&HF7", "1.5", "007", "vbTextCompare"])
)
OFFERED = sorted(name for name, function in FUNCTIONS.items() if not isinstance(function.implementation, NotOffered))
VALUES = st.none() | TEXTS | st.lists(TEXTS, max_size=3)
PEOPLE = st.dictionaries(NAMES | st.just("a"), VALUES, max_size=5)
CHOICES = st.builds(
    Choices,
    coalesce_skips_empty_text=st.booleans(),
    iif_on_empty_attribute=st.sampled_from(["is false", "gives nothing", "fails", "compares"]),
    join_of_nothing=st.sampled_from(["empty text", "null"]),
    regex_match=st.sampled_from(["whole value", "anywhere"]),
    ampersand=st.sampled_from(["contained", "bits"]),
)


@st.composite
def calls(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    """Make a call that means something out of the table and of other expressions."""
    function = FUNCTIONS[draw(st.sampled_from(OFFERED))]
    parameters = function.parameters_for(len(function.parameters) + draw(st.sampled_from([0, 0, 2])))
    way = draw(st.sampled_from(sorted(WAYS, key=sorted)))
    arguments = [
        ("" if draw(st.booleans()) and not _needed(function, parameter, way) else draw(_argument(parameter, inner)))
        if function.name != "Replace" or parameter.name in way | {"source"}
        else ""
        for parameter in parameters
    ]
    between = draw(st.sampled_from([",", ", ", " , ", ",\n"]))
    return f"{function.name}({between.join(arguments)})"


def _needed(function: Function, parameter: Parameter, way: frozenset[str]) -> bool:
    return parameter.required or (function.name == "Replace" and parameter.name in way)


def _argument(parameter: Parameter, inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    if parameter.kind is Kind.CONDITION:
        signs = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
        return inner | st.tuples(inner, signs, inner).map("".join)
    if parameter.kind is Kind.NUMBER:
        return st.integers(-3, 300).map(str) | inner
    return inner | st.sampled_from(parameter.words) if parameter.words else inner


EXPRESSIONS = st.recursive(LITERALS.filter(lambda text: text != "vbTextCompare"), calls, max_leaves=12)


@swift
@given(EXPRESSIONS)
def test_the_canonical_text_of_an_expression_reads_as_the_same(text: str) -> None:
    expression = Expression.parse(text)

    assert Expression.parse(str(expression)) == expression
    assert str(Expression.parse(str(expression))) == str(expression)


@swift
@given(EXPRESSIONS)
def test_an_expression_survives_the_way_through_graph(text: str) -> None:
    expression = Expression.parse(text)

    assert Expression.from_graph(expression.to_graph()) == expression


@swift
@given(EXPRESSIONS, PEOPLE, CHOICES, st.sampled_from([None, datetime(2026, 1, 31, tzinfo=UTC)]))
def test_an_expression_gives_a_value_or_an_error_of_its_own(
    text: str, person: Attributes, choices: Choices, now: datetime | None
) -> None:
    expression = Expression.parse(text)

    try:
        value = expression.evaluate(person, now=now, random=Random(7) if now else None, choices=choices)
    except ExpressionError as error:
        assert error.problem  # noqa: PT017 - either outcome is fine, a crash is not
    else:
        assert value is None or isinstance(value, str | list)
    assert all(concern.problem for concern in expression.concerns)


@swift
@given(EXPRESSIONS, st.data())
def test_an_expression_with_a_typing_mistake_is_read_or_explained(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    mistake = data.draw(st.sampled_from(['"', "(", ")", "[", "]", ",", "\\", "=", "", "“", "'"]) | st.characters())
    mistaken = text[:place] + mistake + text[place + data.draw(st.integers(0, 2)) :]

    try:
        Expression.parse(mistaken).evaluate({})
    except ExpressionError as error:
        assert 0 <= (error.position or 0) <= len(mistaken)  # noqa: PT017 - either outcome is fine, a crash is not


@swift
@given(st.text(alphabet=st.sampled_from('abJoin(),"[]\\ =<>&H09-.\n“') | st.characters(), max_size=60))
def test_any_text_is_an_expression_or_explained(text: str) -> None:
    try:
        Expression.parse(text)
    except ExpressionError as error:
        assert "^" in str(error)  # noqa: PT017 - either outcome is fine, a crash is not


@st.composite
def clauses(draw: st.DrawFn) -> str:
    operator = OPERATORS[draw(st.sampled_from(sorted(OPERATORS)))]
    value = ""
    if operator.name.startswith("GREATER"):
        value = str(draw(st.integers()))
    elif operator.takes_value and "REGEX" in operator.name:
        value = draw(st.sampled_from([r".*\@domain.com", "([1-9][0-9])", r"^(?<n>ext)-\k<n>$", "[^,]+"]))
    elif operator.takes_value:
        value = ", ".join(map(quoted, draw(st.lists(TEXTS.filter(bool), min_size=1, max_size=2))))
    return f"{draw(NAMES.filter(lambda name: name != 'proxyAddresses'))} {operator.name} {value}"


FILTERS = st.lists(st.lists(clauses(), min_size=1, max_size=3), max_size=3)


@swift
@given(FILTERS)
def test_a_filter_survives_the_way_through_graph_and_back_to_what_people_write(readable: list[list[str]]) -> None:
    scoping = ScopingFilter.parse(readable)

    assert ScopingFilter.from_graph(scoping.to_graph()) == scoping
    assert ScopingFilter.parse(scoping.readable) == scoping


@swift
@given(FILTERS, PEOPLE, CHOICES)
def test_a_filter_admits_whom_one_of_its_groups_admits(
    readable: list[list[str]], person: Attributes, choices: Choices
) -> None:
    alone = [
        [bool(ScopingFilter.parse([clause]).admits(person, choices=choices)) for clause in group] for group in readable
    ]

    verdict = ScopingFilter.parse(readable).admits(person, choices=choices)

    assert bool(verdict) == (not alone or any(map(all, alone)))


@swift
@given(
    st.text(max_size=40)
    | st.tuples(clauses(), st.integers(0, 30), st.characters()).map(lambda at: at[0][: at[1]] + at[2])
)
def test_any_text_is_a_clause_or_explained(text: str) -> None:
    try:
        ScopingFilter.parse([text]).admits({"mail": "x"})
    except ExpressionError as error:
        assert error.problem  # noqa: PT017 - either outcome is fine, a crash is not


@swift
@given(
    st.text(alphabet=st.sampled_from(r"ab()[]{}?*+|\^$-<>:=!.,0123PpLk'&") | st.characters(), max_size=14),
    st.text(max_size=6),
)
def test_any_text_is_a_regular_expression_or_explained(pattern: str, text: str) -> None:
    expression = Expression.parse(f'Replace([a], , {quoted(pattern)}, , "<$1${{n}}$&>", , )')

    try:
        value = expression.evaluate({"a": text})
    except ExpressionError as error:
        assert "regular expression" in str(error) or "empty" in str(error)  # noqa: PT017 - either outcome is fine
    else:
        assert isinstance(value, str)
