"""Changes in words: one line each, with what was and what will be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from provisioning.model.mapping import ObjectAction
from provisioning.planning.changes import (
    AddAttribute,
    AddMapping,
    AlterMapping,
    Change,
    RemoveMapping,
    SetActions,
    SetFilter,
    SwitchObjects,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provisioning.language import ScopingFilter
    from provisioning.model.mapping import AttributeMapping
    from provisioning.model.secrets import Scope


@dataclass(frozen=True, slots=True)
class SwitchScope:
    """Who is considered changes."""

    before: Scope
    after: Scope


PlannedChange = Change | SwitchScope

NOTHING = "nothing"
EVERYBODY = "everybody"


def describe(change: PlannedChange) -> str:
    """Say a change in one line, such as ``~ users.title: [department] → [jobTitle]``."""
    match change:
        case AddMapping() | AlterMapping() | RemoveMapping():
            line = _mapping(change)
        case SetFilter(kind, before, after):
            line = f"~ filter of {kind.value}: {_filter(before)} → {_filter(after)}"
        case SwitchObjects(kind, on):
            line = f"~ {kind.value}: {'off → on' if on else 'on → off'}"
        case SetActions(kind, before, after):
            line = f"~ actions on {kind.value}: {_actions(before)} → {_actions(after)}"
        case AddAttribute(kind, attribute):
            line = f"+ attribute of {kind.value}: {attribute.name}, {attribute.type}"
        case SwitchScope(before, after):
            line = f"~ scope: {before.value} → {after.value}"
        case _:
            assert_never(change)
    return line


def place_of(change: PlannedChange) -> str:
    """Name where a change would be written in a configuration, such as ``mappings.users.title``."""
    match change:
        case AddMapping(kind, mapping) | AlterMapping(kind, _, mapping) | RemoveMapping(kind, mapping):
            place = f"mappings.{kind.value}.{mapping.target}"
        case SetFilter(kind):
            place = f"filters.{kind.value}"
        case SwitchObjects(kind):
            place = f"objects.{kind.value}"
        case SetActions(kind):
            place = f"objects.{kind.value}.actions"
        case AddAttribute(kind, attribute):
            place = f"attributes.{kind.value}.{attribute.name}"
        case SwitchScope():
            place = "scope"
        case _:
            assert_never(change)
    return place


def _mapping(change: AddMapping | AlterMapping | RemoveMapping) -> str:
    match change:
        case AddMapping(kind, mapping):
            return f"+ {kind.value}.{mapping.target} = {_written(mapping)}"
        case AlterMapping(kind, before, after):
            return f"~ {kind.value}.{after.target}: {'; '.join(_differences(before, after))}"
        case RemoveMapping(kind, mapping):
            return f"- {kind.value}.{mapping.target} = {_written(mapping)}"
        case _:
            assert_never(change)


def _written(mapping: AttributeMapping) -> str:
    source = mapping.written or NOTHING
    extras = [f"match {mapping.match}"] if mapping.match else []
    extras += [f'default "{mapping.default}"'] if mapping.default is not None else []
    return ", ".join([source, *extras])


def _differences(before: AttributeMapping, after: AttributeMapping) -> Iterator[str]:
    if before.written != after.written:
        yield f"{before.written or NOTHING} → {after.written or NOTHING}"
    if before.match != after.match:
        yield f"match {before.match or NOTHING} → {after.match or NOTHING}"
    if before.default != after.default:
        yield f"default {_default(before)} → {_default(after)}"
    if before.flow_type is not after.flow_type:
        yield f"flow type {before.flow_type.value} → {after.flow_type.value}"
    if before.flow_behavior is not after.flow_behavior:
        yield f"flow behavior {before.flow_behavior.value} → {after.flow_behavior.value}"


def _default(mapping: AttributeMapping) -> str:
    return NOTHING if mapping.default is None else f'"{mapping.default}"'


def _filter(scoping: ScopingFilter | None) -> str:
    return str(scoping) if scoping else EVERYBODY


def _actions(actions: frozenset[ObjectAction]) -> str:
    """Name actions in the portal's order."""
    return ", ".join(action.value for action in ObjectAction if action in actions) or NOTHING
