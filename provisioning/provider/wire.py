"""Pulumi's property values as plain ones, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi.provider.experimental.property_value import Computed, PropertyValue
from pulumi.runtime.rpc import UNKNOWN as UNKNOWN_MARK

from provisioning.provider.properties import UNKNOWN, Plain, Unknown


def plain(properties: Mapping[str, PropertyValue]) -> Plain:
    """Read Pulumi's values. Secrets are opened, whole floats are whole numbers, unknown values are :data:`UNKNOWN`."""
    return {key: _plain(value) for key, value in properties.items()}


def pulumi_values(values: Mapping[str, Any]) -> dict[str, PropertyValue]:
    """Write plain values as Pulumi's."""
    return {key: _pulumi_value(value) for key, value in values.items()}


def sealed(values: Mapping[str, Any], *given: Mapping[str, PropertyValue]) -> dict[str, PropertyValue]:
    """Write plain values as Pulumi's, secret where one of the same name was that was *given*.

    A plugin that makes components has to take secrets as such, and then the engine leaves it to the plugin what of its
    answers is one (pulumi: provider.proto, ConfigureResponse.acceptSecrets).
    """
    secret = {name for each in given for name, value in each.items() if value.contains_secret()}
    written = pulumi_values(values)
    return {name: value.with_secret(is_secret=True) if name in secret else value for name, value in written.items()}


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
        case Unknown():
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
