"""The operators of scoping filters (Learn: define-conditional-rules-for-provisioning-user-accounts).

Every clause about an attribute that is null or empty is false, whatever its operator: only ``IS NULL`` is true then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from provisioning.language.choices import BY_THE_REFERENCE, Choices
from provisioning.language.dotnet.regex import regex_of

Test: TypeAlias = Callable[[str], bool]
"""Tells of the text of an attribute, which is not empty, whether the clause holds."""

_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,100}\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Operator:
    """One row of the table."""

    name: str
    """As Graph writes it, such as ``NOT EQUALS``."""

    meaning: str
    """What it asks, in one phrase that follows the attribute."""

    test: Callable[[str, Choices], Test]
    """From the value of the clause to the test."""

    fits: frozenset[str]
    """The types of attributes that it is for, such as ``String``, as Graph names them."""

    takes_value: bool = True
    negates: bool = False
    """Whether, of several values of the clause, all must agree rather than one."""

    takes_pattern: bool = False
    """Whether its value is a regular expression."""

    disputed: frozenset[str] = frozenset()
    """Types for which Microsoft's pages contradict each other on whether it is for them."""

    for_empty: str = ""
    """What is written instead of this operator with an empty value."""


def _equals(value: str, _: Choices) -> Test:
    return lambda text: text == value


def _ends_with(value: str, _: Choices) -> Test:
    return lambda text: text.endswith(value)


def _includes(value: str, _: Choices) -> Test:
    return lambda text: value in text


def is_integer(text: str) -> bool:
    """Tell whether *text* is a whole number, as ``GREATER_THAN`` needs on both sides."""
    return _INTEGER.fullmatch(text) is not None


def _greater(value: str, _: Choices) -> Test:
    return _of_integers(value, lambda number, limit: number > limit)


def _greater_or_equal(value: str, _: Choices) -> Test:
    return _of_integers(value, lambda number, limit: number >= limit)


def _of_integers(value: str, holds: Callable[[int, int], bool]) -> Test:
    if not is_integer(value):
        return _never(value, BY_THE_REFERENCE)
    operand = int(value)
    return lambda text: is_integer(text) and holds(int(text), operand)


def _matches(value: str, choices: Choices) -> Test:
    regex, limit = regex_of(value), choices.regex_limit
    if choices.regex_match == "whole value":
        return lambda text: regex.matches(text, limit=limit)
    return lambda text: regex.search(text, limit=limit) is not None


def _shares(value: str, choices: Choices) -> Test:
    if choices.ampersand == "contained":
        return lambda text: text in value
    return _of_integers(value, lambda number, bits: bool(number & bits))


def _is(wanted: str) -> Callable[[str, Choices], Test]:
    return lambda _value, _choices: lambda text: text.casefold() == wanted


def _never(_value: str, _choices: Choices) -> Test:
    return lambda _: False


def _not(test: Callable[[str, Choices], Test]) -> Callable[[str, Choices], Test]:
    def negated(value: str, choices: Choices) -> Test:
        holds = test(value, choices)
        return lambda text: not holds(text)

    return negated


# The types: graph: synchronizationschema-filteroperators, which the portal's further operators are absent from; those
# compare texts or numbers like the ones beside them (assumed).
_TEXTS = frozenset({"String", "Integer"})
_NUMBERS = frozenset({"Integer"})
_BOOLEANS = frozenset({"Boolean"})
_ANY = frozenset({"String", "Integer", "Binary", "Boolean"})
# The scoping page compares employeeId by GREATER_THAN, which is a text to the directory (#scoping-filter-construction).
_TEXTS_OF_DIGITS = frozenset({"String"})

_ROWS = (
    Operator("EQUALS", "is exactly", _equals, _TEXTS, for_empty="IS NULL"),
    Operator("NOT EQUALS", "is not", _not(_equals), _TEXTS, negates=True, for_empty="IS NOT NULL"),
    Operator("REGEX MATCH", "matches", _matches, _TEXTS, takes_pattern=True, for_empty="IS NULL"),
    Operator(
        *("NOT REGEX MATCH", "does not match", _not(_matches), _TEXTS),
        takes_pattern=True,
        negates=True,
        for_empty="IS NOT NULL",
    ),
    Operator("INCLUDES", "contains", _includes, _TEXTS, for_empty="IS NOT NULL"),
    Operator("ENDS_WITH", "ends with", _ends_with, _TEXTS, for_empty="IS NOT NULL"),
    Operator("GREATER_THAN", "is a number above", _greater, _NUMBERS, disputed=_TEXTS_OF_DIGITS),
    Operator("GREATER_THAN_OR_EQUALS", "is a number from", _greater_or_equal, _NUMBERS, disputed=_TEXTS_OF_DIGITS),
    Operator("IS TRUE", "is true", _is("true"), _BOOLEANS, takes_value=False),
    Operator("IS FALSE", "is false", _is("false"), _BOOLEANS, takes_value=False),
    Operator("IS NULL", "is empty", _never, _ANY, takes_value=False),
    Operator("IS NOT NULL", "is not empty", _not(_never), _ANY, takes_value=False),
    Operator("&", "shares with", _shares, _TEXTS, for_empty="IS NULL"),
    Operator("!&", "does not share with", _not(_shares), _TEXTS, negates=True, for_empty="IS NOT NULL"),
)


def _folded(spelling: str) -> str:
    return re.sub(r"[\s_]+", "", spelling).casefold()


OPERATORS: Mapping[str, Operator] = {row.name: row for row in _ROWS}
"""Every operator by the name that Graph gives it."""

IS_NULL = OPERATORS["IS NULL"]
IS_NOT_NULL = OPERATORS["IS NOT NULL"]

_BY_SPELLING = {_folded(row.name): row for row in _ROWS}


def operator_of(spelling: str) -> Operator | None:
    """Answer the operator that is written like this: ``GREATER_THAN``, ``Greater_Than`` or ``Greater Than``."""
    return _BY_SPELLING.get(_folded(spelling))


def operators_for(type_: str) -> tuple[Operator, ...]:
    """List the operators that are for attributes of a type, such as ``Boolean``."""
    return tuple(row for row in _ROWS if type_ in row.fits)
