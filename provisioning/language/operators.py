"""The operators of scoping filters (Learn: define-conditional-rules-for-provisioning-user-accounts).

Every clause about an attribute that is null or empty is false, whatever its operator: only ``IS NULL`` is true then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from provisioning.language.dotnet.regex import regex_of
from provisioning.language.doubts import BY_THE_REFERENCE, Doubts

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

    test: Callable[[str, Doubts], Test]
    """From the value of the clause to the test."""

    takes_value: bool = True
    negates: bool = False
    """Whether, of several values of the clause, all must agree rather than one."""


def _equals(value: str, _: Doubts) -> Test:
    return lambda text: text == value


def _ends_with(value: str, _: Doubts) -> Test:
    return lambda text: text.endswith(value)


def _includes(value: str, _: Doubts) -> Test:
    return lambda text: value in text


def is_integer(text: str) -> bool:
    """Tell whether *text* is a whole number, as ``GREATER_THAN`` needs on both sides."""
    return _INTEGER.fullmatch(text) is not None


def _greater(value: str, _: Doubts) -> Test:
    return _of_integers(value, lambda number, limit: number > limit)


def _greater_or_equal(value: str, _: Doubts) -> Test:
    return _of_integers(value, lambda number, limit: number >= limit)


def _of_integers(value: str, holds: Callable[[int, int], bool]) -> Test:
    if not is_integer(value):
        return _never(value, BY_THE_REFERENCE)
    operand = int(value)
    return lambda text: is_integer(text) and holds(int(text), operand)


def _matches(value: str, doubts: Doubts) -> Test:
    pattern = regex_of(value).pattern
    found = pattern.fullmatch if doubts.regex_match == "whole value" else pattern.search
    return lambda text: found(text) is not None


def _shares(value: str, doubts: Doubts) -> Test:
    if doubts.ampersand == "contained":
        return lambda text: text in value
    return _of_integers(value, lambda number, bits: bool(number & bits))


def _is(wanted: str) -> Callable[[str, Doubts], Test]:
    return lambda _value, _doubts: lambda text: text.casefold() == wanted


def _never(_value: str, _doubts: Doubts) -> Test:
    return lambda _: False


def _not(test: Callable[[str, Doubts], Test]) -> Callable[[str, Doubts], Test]:
    def negated(value: str, doubts: Doubts) -> Test:
        holds = test(value, doubts)
        return lambda text: not holds(text)

    return negated


_ROWS = (
    Operator("EQUALS", "is exactly", _equals),
    Operator("NOT EQUALS", "is not", _not(_equals), negates=True),
    Operator("REGEX MATCH", "matches", _matches),
    Operator("NOT REGEX MATCH", "does not match", _not(_matches), negates=True),
    Operator("INCLUDES", "contains", _includes),
    Operator("ENDS_WITH", "ends with", _ends_with),
    Operator("GREATER_THAN", "is a number above", _greater),
    Operator("GREATER_THAN_OR_EQUALS", "is a number from", _greater_or_equal),
    Operator("IS TRUE", "is true", _is("true"), takes_value=False),
    Operator("IS FALSE", "is false", _is("false"), takes_value=False),
    Operator("IS NULL", "is empty", _never, takes_value=False),
    Operator("IS NOT NULL", "is not empty", _not(_never), takes_value=False),
    Operator("&", "shares with", _shares),
    Operator("!&", "does not share with", _not(_shares), negates=True),
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
