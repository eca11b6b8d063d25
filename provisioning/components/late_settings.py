"""Settings that a program writes itself, some of which only another resource will know."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

from provisioning.components.assignees import Made, made_by
from provisioning.errors import ConfigurationError
from provisioning.model.assignment import PrincipalKind
from provisioning.resources import Args
from provisioning.settings.gallery_app import GalleryAppSettings
from provisioning.settings.shared import JobSettings

STAND_INS: Mapping[str, str] = {
    "tenantUrl": "https://unknown.invalid",
    "secretToken": "not-known-before-the-update",
    "notificationEmail": "not-known@example.com",
}
"""What stands in for a setting that others need, while those are checked."""

WHOM: Mapping[str, PrincipalKind] = {"groups": PrincipalKind.GROUP, "users": PrincipalKind.USER}
"""The settings that name who is assigned."""

OF_THE_APP = frozenset({"displayName", "role"})
"""Settings that the app and the plan are told, and the job is not."""

SHARED = frozenset(each.alias or name for name, each in JobSettings.model_fields.items())
"""Settings that the plan and the job are told as they are written."""


@dataclass(frozen=True, slots=True)
class LateSettings:
    """Settings, and what of them comes from other resources."""

    settings: GalleryAppSettings
    outputs: Mapping[str, Any] = field(default_factory=dict)
    """By setting: what is, or holds, an output."""
    made: Mapping[PrincipalKind, tuple[Made, ...]] = field(default_factory=dict)
    """Groups and users that the program makes."""

    @classmethod
    def of(
        cls,
        written: GalleryAppSettings | Args | Mapping[str, Any],
        kind: type[GalleryAppSettings],
        environment: Mapping[str, str],
    ) -> LateSettings:
        """Take settings as they are, or read a table of them by the names that they have in a stack.

        *environment* is where a token lies that is written ``env:NAME``.

        :raises ConfigurationError: with every mistake and its place; names are looked up before any output is known.
        """
        if isinstance(written, GalleryAppSettings):
            return cls(written)
        inputs = written.inputs() if isinstance(written, Args) else written
        table = {name: _awaited(value) for name, value in inputs.items()}
        made, mistakes = _made(table)
        later = {name: value for name, value in table.items() if _has_output(value)}
        mistakes += [f"{name}: an output of another resource is known too late for it." for name in _unfit(later)]
        stand_ins = {name: STAND_INS[name] for name in later if name in STAND_INS}
        known = {name: value for name, value in table.items() if name not in later}
        try:
            settings = kind.read(known | stand_ins, environment)
        except ConfigurationError as error:
            raise ConfigurationError([*mistakes, *error.reasons], hint=error.hint) from None
        if mistakes:
            raise ConfigurationError(
                mistakes, hint="Write what is known when the program runs, or the resource itself."
            )
        return cls(settings, later, made)

    @property
    def display_name(self) -> pulumi.Input[str]:
        """The name of the enterprise application."""
        name: pulumi.Input[str] = self.outputs.get("displayName", self.settings.app_name)
        return name

    def over(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Lay the outputs over *inputs* of plan and job; in a table, over what else was said there."""
        laid: dict[str, Any] = {}
        for name, value in self.outputs.items():
            laid |= INPUTS[name](self.settings, value) if name in INPUTS else {}
        return {
            **inputs,
            **{name: {**inputs.get(name, {}), **new} if name in INSIDE else new for name, new in laid.items()},
        }

    def over_the_plan(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Lay those over *inputs* of the plan that it alone is told."""
        return {**inputs, **{name: value for name, value in self.outputs.items() if name in OF_THE_APP}}


def _address(settings: GalleryAppSettings, url: pulumi.Input[str]) -> dict[str, Any]:
    return {"baseAddress": pulumi.Output.from_input(url).apply(settings.address)}


def _as_it_is(name: str) -> Callable[[GalleryAppSettings, object], dict[str, Any]]:
    return lambda _, value: {name: value}


INPUTS: Mapping[str, Callable[[GalleryAppSettings, Any], dict[str, Any]]] = {
    "tenantUrl": _address,
    "secretToken": _as_it_is("secretToken"),
    "notificationEmail": lambda _, email: {"notification": {"email": email}},
    "notifyOnFailure": lambda _, enabled: {"notification": {"enabled": enabled}},
    **{name: _as_it_is(name) for name in sorted(SHARED)},
}
"""The settings that may hold outputs, and which inputs of plan and job they become."""

INSIDE = frozenset({"notification"})
"""Inputs of which several settings are a part."""


def _made(table: dict[str, Any]) -> tuple[dict[PrincipalKind, tuple[Made, ...]], list[str]]:
    """Take groups and users out of the *table* that are not names; and give the mistakes."""
    made: dict[PrincipalKind, tuple[Made, ...]] = {}
    mistakes: list[str] = []
    for setting, kind in WHOM.items():
        several = table.get(setting)
        if not isinstance(several, list | tuple):
            continue
        taken: list[Made] = []
        for number, each in enumerate(several):
            try:
                taken += [] if isinstance(each, str) else [made_by(f"{setting}.{number}", each)]
            except ConfigurationError as error:
                mistakes += [f"{error.message} {error.hint}"]
        table[setting] = [each for each in several if isinstance(each, str)]
        made |= {kind: tuple(taken)} if taken else {}
    return made, mistakes


def _unfit(later: Mapping[str, Any]) -> Iterator[str]:
    """Name the settings that are needed while the program runs."""
    yield from sorted(later.keys() - INPUTS.keys() - OF_THE_APP)


def _awaited(value: Any) -> Any:  # noqa: ANN401 - an input of any type
    """Make an output of what is awaited, as Pulumi's inputs may be: both plan and job are told it."""
    match value:
        case Awaitable():
            return pulumi.Output.from_input(value)
        case Mapping():
            return {name: _awaited(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_awaited(inner) for inner in value]
        case _:
            return value


def _has_output(value: object) -> bool:
    """Tell whether a value is an output, or holds one somewhere."""
    match value:
        case pulumi.Output():
            return True
        case Mapping():
            return any(map(_has_output, value.values()))
        case list() | tuple():
            return any(map(_has_output, value))
        case _:
            return False
