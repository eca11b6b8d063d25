"""What flows through an expression: texts, nothing, and lists. Booleans and numbers are texts too."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from provisioning.errors import EvaluationError

Role: TypeAlias = Mapping[str, str | None]
"""An app role as the directory knows it, with ``id``, ``value`` and ``displayName``."""

Value: TypeAlias = str | Sequence[str] | Sequence[Role] | None
"""One value of an attribute or of an expression. ``None`` and the empty list both mean: not present."""

Attributes: TypeAlias = Mapping[str, Value]
"""A person or a group, by the names of the source directory, such as ``{"givenName": "Ada"}``."""

TRUE = "True"
FALSE = "False"

_NUMBER = re.compile(r"\s*[+-]?[0-9]+(?:\.[0-9]+)?\s*", re.ASCII)
# Far above 64 bits, and far below the length from which Python refuses to read a number.
_MOST_DIGITS = 100


def boolean(truth: object) -> str:
    """Write a boolean as the language does."""
    return TRUE if truth else FALSE


def is_null(value: Value) -> bool:
    """Tell whether *value* is absent."""
    return value is None or (not isinstance(value, str) and len(value) == 0)


def is_empty(value: Value) -> bool:
    """Tell whether *value* is absent or an empty text."""
    return not value


def text_of(value: Value) -> str | None:
    """Take *value* as one text. A list with one element counts as that element (assumed).

    :raises EvaluationError: when there are several.
    """
    if value is None or isinstance(value, str):
        return value
    elements = texts_of(value)
    if len(elements) > 1:
        raise EvaluationError(f"One value is needed here, and there are {len(elements)}.")
    return elements[0] if elements else None


def texts_of(value: Value) -> list[str]:
    """Take *value* as a list. A single text is a list of one, nothing is an empty list."""
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    return [element if isinstance(element, str) else role_name(element) for element in value]


def role_name(role: Role) -> str:
    """Answer the text that stands for *role*: its value, else its display name, else its id."""
    return role.get("value") or role.get("displayName") or role.get("id") or ""


def number_of(value: Value) -> int:
    """Take *value* as a whole number, which may be written as a text (``Mid([a], "1", "2")``).

    :raises EvaluationError: when it is not one.
    """
    text = text_of(value)
    if text is None:
        raise EvaluationError("A whole number is needed here, and there is nothing.")
    if not is_number(text) or "." in text:
        raise EvaluationError(f"A whole number is needed here, and “{shortened(text)}” is not one.")
    return int(text)


def is_number(text: str) -> bool:
    """Tell whether *text* is a number in decimal notation."""
    return len(text) <= _MOST_DIGITS and _NUMBER.fullmatch(text) is not None


def shortened(text: str, *, limit: int = 60) -> str:
    """Cut a long *text* for a sentence."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
