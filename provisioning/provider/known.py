"""Inputs of a resource read as what they are, before an update knows all of them."""

from __future__ import annotations

from typing import TypeVar

from provisioning.provider.properties import Plain, has_unknown
from provisioning.settings.base import SettingsModel
from provisioning.settings.mistakes import parsed

STAND_INS = {
    "servicePrincipalId": "unknown",
    "baseAddress": "https://unknown.invalid",
    "secretToken": "not-known-before-the-update",
}
"""What stands in for a needed input that only an update will know, while the others are checked."""

_Inputs = TypeVar("_Inputs", bound=SettingsModel)


def checked(kind: type[_Inputs], written: Plain) -> tuple[_Inputs, frozenset[str]]:
    """Read what was written, and give beside it the names of what is not known yet.

    :raises ConfigurationError: with every mistake and its place; what is needed and was not written is one.
    """
    unknown = frozenset(name for name, value in written.items() if has_unknown(value))
    stand_ins = {name: value for name, value in STAND_INS.items() if name in unknown}
    return parsed(kind, {**_known(written), **stand_ins}, place=""), unknown


def as_far_as_known(kind: type[_Inputs], inputs: Plain) -> _Inputs:
    """Read inputs that were checked before, whatever is missing of them."""
    return parsed(kind, STAND_INS | _known(inputs), place="")


def _known(inputs: Plain) -> Plain:
    return {name: value for name, value in inputs.items() if value is not None and not has_unknown(value)}
