"""Settings that a program writes itself, some of which only another resource will know."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

from provisioning.apps import ELIUM
from provisioning.errors import ConfigurationError
from provisioning.model.base_address import base_address_of
from provisioning.settings.stack import PLACE, Settings

STAND_INS: Mapping[str, str] = {
    "tenantUrl": "https://unknown.invalid",
    "secretToken": "not-known-before-the-update",
    "notificationEmail": "not-known@example.com",
}
"""What stands in for a setting that others need, while those are checked."""

INPUTS: Mapping[str, Callable[[pulumi.Output[Any]], dict[str, Any]]] = {
    "tenantUrl": lambda url: {"baseAddress": url.apply(lambda known: base_address_of(known, ELIUM.scim_path))},
    "secretToken": lambda token: {"secretToken": token},
    "notificationEmail": lambda email: {"notification": {"email": email}},
    "deleteThreshold": lambda number: {"deleteThreshold": number},
}
"""The settings that may be outputs of other resources, and which inputs of the job they become."""


@dataclass(frozen=True, slots=True)
class LateSettings:
    """Settings, and the inputs of the job that come from other resources."""

    settings: Settings
    outputs: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, written: Settings | Mapping[str, Any]) -> LateSettings:
        """Take settings as they are, or read a table of them, by their names in a stack without ``elium:``.

        :raises ConfigurationError: with every mistake and its place; names are looked up before any output is known.
        """
        if isinstance(written, Settings):
            return cls(written)
        later = {name: value for name, value in written.items() if isinstance(value, pulumi.Output)}
        unfit = sorted(later.keys() - INPUTS.keys())
        if unfit:
            raise ConfigurationError(
                [f"{PLACE}{name}: an output of another resource is known too late for it." for name in unfit],
                hint=f"Only {', '.join(INPUTS)} can be outputs.",
            )
        known = {name: value for name, value in written.items() if name not in later}
        stand_ins = {name: STAND_INS[name] for name in later if name in STAND_INS}
        outputs: dict[str, Any] = {}
        for name, value in later.items():
            outputs |= INPUTS[name](value)
        return cls(Settings.parse(known | stand_ins, os.environ), outputs)

    def over(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Lay the outputs over *inputs* of the job; in a table, over what else was said there."""
        laid = {
            name: {**inputs.get(name, {}), **value} if isinstance(value, dict) else value
            for name, value in self.outputs.items()
        }
        return {**inputs, **laid}
