"""The engine's property values as plain Python ones, and back.

Inside the plugin a property is ``None``, a string, a boolean, a number, a list or a dictionary. What is not known yet
during a preview is :data:`UNKNOWN`, the mark that travels on the wire too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime.rpc import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["UNKNOWN", "Values", "is_unknown", "plain", "plain_map", "secret_names", "wire_map"]

Values = dict[str, Any]
"""Properties by their camelCase name."""


def is_unknown(value: object) -> bool:
    """Tell whether *value*, or something within it, is known only after the update."""
    match value:
        case str():
            return value == UNKNOWN
        case Mapping():
            return any(map(is_unknown, value.values()))
        case Sequence():
            return any(map(is_unknown, value))
        case _:
            return False


def plain(value: PropertyValue) -> object:
    """Unwrap a property value; that it is a secret is lost, see :func:`secret_names`."""
    match value.value:
        case str() as text:
            return text
        case Mapping() as items:
            return {name: plain(item) for name, item in items.items()}
        case Sequence() as items:
            return [plain(item) for item in items]
        case other:
            return other


def plain_map(values: Mapping[str, PropertyValue]) -> Values:
    """Unwrap properties; those that are null are left out, as if they had not been given."""
    unwrapped = {name: plain(value) for name, value in values.items()}
    return {name: value for name, value in unwrapped.items() if value is not None}


def secret_names(*maps: Mapping[str, PropertyValue]) -> frozenset[str]:
    """Name the properties that hold a secret in any of *maps*."""
    return frozenset(name for values in maps for name, value in values.items() if value.contains_secret())


def wire_map(values: Values, secrets: Collection[str] = ()) -> dict[str, PropertyValue]:
    """Wrap properties for the engine, those named in *secrets* as secrets."""
    return {name: _wire(value).with_secret(name in secrets) for name, value in values.items()}


def _wire(value: object) -> PropertyValue:
    match value:
        case None | str() | bool() | float():
            return PropertyValue(value)
        case int():
            # The wire knows no integers, and the library refuses Python's.
            return PropertyValue(float(value))
        case Mapping():
            return PropertyValue({str(name): _wire(item) for name, item in value.items()})
        case Sequence():
            return PropertyValue([_wire(item) for item in value])
        case _:
            raise TypeError(f"A property cannot be a {type(value).__name__}.")
