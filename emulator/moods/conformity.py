"""Whether JSON from outside fits what it is to fill: a dataclass's own annotations say it.

What is set is checked when it is set; otherwise the next request that it concerns would be the one that fails.
"""

from __future__ import annotations

import math
from dataclasses import fields
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from emulator.company.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

_T = TypeVar("_T")

MOST = 1_000_000_000
"""No number that anybody sets is larger, or less than zero."""


def made_of(known: type[_T], told: Mapping[str, Any], what: str) -> _T:
    """Fill a dataclass. :raises Refusal: 400 naming the first part that is unknown, missing or does not fit."""
    hints = _hints(cast("Any", known))
    for name, value in told.items():
        if name not in hints:
            raise Refusal.bad_request(f"{what} has no '{name}'. It knows {', '.join(sorted(hints))}.")
        if not fits(value, hints[name]):
            raise Refusal.bad_request(f"{what}: '{name}' cannot be {value!r:.80}; it is {_described(hints[name])}.")
    try:
        return known(**told)
    except TypeError:
        raise Refusal.bad_request(f"{what} is not complete. It knows {', '.join(sorted(hints))}.") from None


def fits(value: object, hint: Any) -> bool:  # noqa: ANN401 - any annotation, each kind in its own way
    """Tell whether a JSON value is of a type: plain ones, literals and unions of them."""
    if get_origin(hint) in {Union, UnionType}:
        return any(fits(value, part) for part in get_args(hint))
    if get_origin(hint) is Literal:
        return any(value is part or (value == part and type(value) is type(part)) for part in get_args(hint))
    if hint is bool or hint is NoneType:
        return isinstance(value, hint)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST
    if hint is float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and math.isfinite(value) and 0 <= value <= MOST  # type: ignore[arg-type,operator]  # a number
    return isinstance(value, str)


@cache
def _hints(known: Any) -> dict[str, Any]:  # noqa: ANN401 - a dataclass
    hints = get_type_hints(known)
    return {part.name: hints[part.name] for part in fields(known) if part.init}


def _described(hint: Any) -> str:  # noqa: ANN401 - any annotation
    if get_origin(hint) is Literal:
        return " or ".join(repr(part) for part in get_args(hint))
    if get_origin(hint) in {Union, UnionType}:
        return " or ".join(_described(part) for part in get_args(hint))
    names = {bool: "true or false", NoneType: "null", int: "a whole number", float: "a number", str: "a text"}
    return names.get(hint, str(hint))
