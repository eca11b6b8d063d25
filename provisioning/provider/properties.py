"""Pulumi's property values and plain JSON values, and where two of the latter differ."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from pulumi.provider.experimental.property_value import Computed, PropertyValue
from pulumi.runtime.rpc import UNKNOWN as UNKNOWN_MARK

Plain = dict[str, Any]


class _Unknown:
    """A value that only an update will know."""

    def __repr__(self) -> str:
        return "<unknown>"

    def __deepcopy__(self, _: object) -> _Unknown:
        return self


UNKNOWN = _Unknown()


class Difference(Enum):
    """How a place differs."""

    ADDED = "added"
    REMOVED = "removed"
    ALTERED = "altered"


def plain(properties: Mapping[str, PropertyValue]) -> Plain:
    """Read Pulumi's values. Secrets are opened, whole floats are whole numbers, unknown values are :data:`UNKNOWN`."""
    return {key: _plain(value) for key, value in properties.items()}


def pulumi_values(values: Mapping[str, Any]) -> dict[str, PropertyValue]:
    """Write plain values as Pulumi's."""
    return {key: _pulumi_value(value) for key, value in values.items()}


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


def _plain(wrapped: PropertyValue) -> Any:  # noqa: ANN401 - a JSON value
    match wrapped.value:
        case Computed():
            return UNKNOWN
        case str() as mark if mark == UNKNOWN_MARK:
            # What `check` marked comes back as the mark, since the interface does not read it again.
            return UNKNOWN
        case float() as number if number.is_integer():
            return int(number)
        case str() | bool() | float() | None as scalar:
            return scalar
        case Mapping() as table:
            return plain(table)
        case Sequence() as items:
            return [_plain(item) for item in items]
        case other:
            raise TypeError(f"{type(other).__name__} is not a value that this provider takes.")


def _pulumi_value(value: Any) -> PropertyValue:  # noqa: ANN401 - a JSON value
    match value:
        case _Unknown():
            # The interface reads computed values, but cannot write them; the mark itself it can.
            return PropertyValue(UNKNOWN_MARK)
        case bool() | str() | float() | None:
            return PropertyValue(value)
        case int():
            return PropertyValue(float(value))
        case Mapping():
            return PropertyValue(pulumi_values(value))
        case Sequence():
            return PropertyValue([_pulumi_value(item) for item in value])
        case _:
            raise TypeError(f"{type(value).__name__} is not a value that Pulumi takes.")
