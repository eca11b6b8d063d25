"""Plain JSON values of a resource, and where two of them differ."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any

Plain = dict[str, Any]


class Unknown:
    """A value that only an update will know; there is one of it, :data:`UNKNOWN`."""

    def __repr__(self) -> str:
        return "<unknown>"

    def __deepcopy__(self, _: object) -> Unknown:
        return self


UNKNOWN = Unknown()


class Difference(Enum):
    """How a place differs."""

    ADDED = "added"
    REMOVED = "removed"
    ALTERED = "altered"


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Difference]:
    """List the places where two tables differ, in Pulumi's notation: ``mappings.users["a.b"].source``."""
    found: dict[str, Difference] = {}
    for key in (*after, *(key for key in before if key not in after)):
        place = _place(key)
        match before.get(key), after.get(key):
            case one, other if one == other and (key in before) is (key in after):
                continue
            case dict() as one, dict() as other:
                found |= {_join(place, inner): kind for inner, kind in differences(one, other).items()}
            case _:
                found[place] = _kind(is_before=key in before, is_after=key in after)
    return found


def has_unknown(value: Any) -> bool:  # noqa: ANN401 - a JSON value
    """Tell whether something in a value is not known before an update."""
    if isinstance(value, dict):
        return any(map(has_unknown, value.values()))
    if isinstance(value, list):
        return any(map(has_unknown, value))
    return value is UNKNOWN


def _kind(*, is_before: bool, is_after: bool) -> Difference:
    if is_before and is_after:
        return Difference.ALTERED
    return Difference.ADDED if is_after else Difference.REMOVED


def _place(key: str) -> str:
    escaped = key.replace('"', '\\"')
    return key if re.fullmatch(r"[A-Za-z_$][\w$]*", key) else f'["{escaped}"]'


def _join(outer: str, inner: str) -> str:
    return f"{outer}{inner}" if inner.startswith("[") else f"{outer}.{inner}"
