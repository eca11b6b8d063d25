"""What the stack's file declares, and other mappings and filters written into it. Entra hears of it by ``up`` only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provisioning.errors import ConfigurationError
from provisioning.language import Expression
from provisioning.operations.adopting.settings_file import SettingsFile, settings_in, with_value
from provisioning.settings.stack import NAMESPACE

OFFERED: Mapping[str, tuple[str, ...]] = {
    "title": ("[jobTitle]", "[department]", 'Join(", ", [jobTitle], [department])', "ToUpper([jobTitle])"),
    "displayName": ("[displayName]", 'Join(" ", [givenName], [surname])', 'Join(", ", [surname], [givenName])'),
}
"""Attributes of an account that can be mapped here, and what is suggested for each."""


@dataclass(frozen=True, slots=True)
class StackFile:
    """The file of a stack."""

    path: Path

    @property
    def is_there(self) -> bool:
        """Tell whether there is such a file."""
        return self.path.is_file()

    @property
    def trouble(self) -> ConfigurationError | None:
        """Say why the file cannot be read; ``None`` when it can."""
        try:
            settings_in(self.path)
        except ConfigurationError as error:
            return error
        return None

    @property
    def mappings(self) -> dict[str, str]:
        """Give what the file says of the attributes that can be mapped here; empty where it says nothing."""
        held = _below(settings_in(self.path), "mappings", "users")
        return {name: _source_of(held.get(name)) for name in OFFERED}

    @property
    def department(self) -> str:
        """Give the department that the filter of users lets in; empty when it is not of that form."""
        held = settings_in(self.path).get(f"{NAMESPACE}:filters")
        users = _below({f"{NAMESPACE}:filters": held}, "filters", "users", kind=list)
        first = str(users[0]) if len(users) == 1 else ""
        return first.removeprefix(FILTER) if first.startswith(FILTER) else ""

    def map(self, attribute: str, expression: str) -> SettingsFile:
        """Write another expression for an attribute.

        :raises ConfigurationError: when it is not an expression, or the attribute is not one of these.
        """
        if attribute not in OFFERED:
            raise ConfigurationError(f"'{attribute}' is not mapped here.", hint=f"Choose {' or '.join(OFFERED)}.")
        Expression.parse(expression)
        return self._written(("mappings", "users", attribute), expression)

    def let_in(self, department: str) -> SettingsFile:
        """Write a filter that lets only a department in; when that is empty, that there is to be none."""
        return self._written(("filters", "users"), [f"{FILTER}{department}"] if department else None)

    def _written(self, place: tuple[str, ...], value: Any) -> SettingsFile:  # noqa: ANN401 - a value of YAML
        if not self.is_there:
            raise ConfigurationError(
                f"There is no {self.path.name} here.", hint="Start the panel where it lies: --cwd."
            )
        file = with_value(self.path, place, value, namespace=NAMESPACE)
        file.write()
        return file


FILTER = "department EQUALS "


def _below(settings: Mapping[str, Any], *names: str, kind: type = dict) -> Any:  # noqa: ANN401 - values of YAML
    """Go down into a setting, which may stand in the file as JSON; something empty where there is nothing."""
    first, *others = names
    found = settings.get(f"{NAMESPACE}:{first}")
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except ValueError:
            return kind()
    for name in others:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, kind) else kind()


def _source_of(held: Any) -> str:  # noqa: ANN401 - a value of YAML
    return str(held.get("source") or "") if isinstance(held, Mapping) else str(held or "")
