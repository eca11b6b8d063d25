"""Functions that decide. Those that choose evaluate only what they choose."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from provisioning.errors import EvaluationError
from provisioning.language.functions.surroundings import Surroundings
from provisioning.language.values import (
    TRUE,
    Value,
    boolean,
    is_empty,
    is_null,
    is_number,
    number_of,
    shortened,
    text_of,
    texts_of,
)


def negated(source: str | None) -> str:
    """``Not``: ``True`` becomes ``False``, everything else ``True`` (Learn: functions#not)."""
    return boolean(source != TRUE)


def is_true(value: Value) -> str:
    """``CBool``: whether *value* is true, or a number other than zero."""
    return boolean(truth_of(value))


def truth_of(value: Value) -> bool:
    """Tell whether *value* counts as true: ``True`` in any case, or a number other than zero."""
    text = text_of(value) or ""
    return float(text) != 0 if is_number(text) else text.casefold() == "true"


def null(value: Value) -> str:
    """``IsNull``: an absent attribute is null."""
    return boolean(is_null(value))


def null_or_empty(value: Value) -> str:
    """``IsNullOrEmpty``: absent, or an empty text."""
    return boolean(is_empty(value))


def present(value: Value) -> str:
    """``IsPresent``: the opposite of ``IsNullOrEmpty``."""
    return boolean(not is_empty(value))


def is_text(value: Value) -> str:
    """``IsString``: a single text."""
    return boolean(isinstance(value, str))


def ignored_if_empty(value: Value) -> Value:
    """``IgnoreFlowIfNullOrEmpty``: nothing flows when there is nothing."""
    return None if is_empty(value) else value


def bit_and(left: int, right: int) -> str:
    """``BitAnd``: the bits that both have."""
    return str(left & right)


def fail(message: str | None) -> Value:
    """``Error``: fail, in the administrator's own words (Learn: cloud-sync/reference-expressions#error)."""
    raise EvaluationError(message or "The expression calls Error.")


def default_domain(surroundings: Surroundings) -> str:
    """``DefaultDomain``: listed by Graph without a meaning; taken to be the tenant's default domain."""
    if surroundings.default_domain is None:
        raise EvaluationError("DefaultDomain needs to know the tenant.", hint="Pass its domain: default_domain=…")
    return surroundings.default_domain


def joined(surroundings: Surroundings, separator: str | None, *sources: Value) -> str | None:
    """``Join``: lists are joined too, and what is empty is passed over (the sample ``Join(", ", "", …)``)."""
    texts: list[str] = []
    for source in sources:
        if isinstance(source, str):
            if source:
                texts.append(source)
        elif source:
            texts.extend(text for text in texts_of(source) if text)
    if not texts and surroundings.choices.join_of_nothing == "null":
        return None
    return (separator or "").join(texts)


def compared(left: Value, sign: str, right: Value, *, as_numbers: bool) -> bool:
    """Compare two values by ``=``, ``<>``, ``<`` and the rest.

    Equality is one of texts, unless an unquoted number stands on one side (``[a]=1``). Order is for numbers only.
    """
    one, other = text_of(left) or "", text_of(right) or ""
    numeric = is_number(one) and is_number(other)
    if sign in _EQUALITY:
        equal = _exact(one) == _exact(other) if numeric and as_numbers else one == other
        return equal == (sign == "=")
    if not numeric:
        text = shortened(other if is_number(one) else one)
        raise EvaluationError(f"Only numbers are compared by {sign}, and “{text}” is not one.")
    return _ORDER[sign](_exact(one), _exact(other))


_EQUALITY = frozenset({"=", "<>"})

_ORDER: Mapping[str, Callable[[float, float], bool]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


def _exact(number: str) -> float:
    return float(number) if "." in number else number_of(number)
