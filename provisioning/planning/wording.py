"""Changes in words: one line each, with what was and what will be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from provisioning.language import ScopingFilter
from provisioning.model.assignment import Assignment
from provisioning.model.mapping import AttributeMapping, ObjectAction
from provisioning.planning.changes import (
    AddAssignment,
    AddAttribute,
    AddMapping,
    AlterMapping,
    AlterRole,
    Change,
    RemoveAssignment,
    RemoveMapping,
    RenewToken,
    SetActions,
    SetConnection,
    SetFilter,
    SwitchJob,
    SwitchObjects,
    SwitchScope,
)

NOTHING = "nothing"
EVERYBODY = "everybody"
THE_APP = "the app"
"""What the target is called where nobody said its name."""


def describe(change: Change) -> str:
    """Say a change in one line, such as ``~ users.title: [department] → [jobTitle]``."""
    match change:
        case AddAssignment() | RemoveAssignment() | AlterRole():
            return _assignment(change)
        case SetConnection() | RenewToken() | SwitchScope():
            return _connection(change)
        case AddMapping() | AlterMapping() | RemoveMapping():
            return _mapping(change)
        case SetFilter() | SwitchObjects() | SetActions() | AddAttribute():
            return _objects(change)
        case SwitchJob(on):
            return f"~ status: {'off → on' if on else 'on → off'}"
        case _:
            assert_never(change)


def place_of(change: Change) -> str:
    """Name where a change would be written in a configuration, such as ``mappings.users.title``."""
    match change:
        case AddAssignment(assignment) | RemoveAssignment(assignment) | AlterRole(_, assignment):
            return f"{assignment.kind.value}s.{assignment.name}"
        case AddMapping(kind, mapping) | AlterMapping(kind, _, mapping) | RemoveMapping(kind, mapping):
            return f"mappings.{kind.value}.{mapping.target}"
        case AddAttribute(kind, attribute):
            return f"attributes.{kind.value}.{attribute.name}"
        case SetActions(kind):
            return f"objects.{kind.value}.actions"
        case SetFilter(kind) | SwitchObjects(kind):
            return f"{'filters' if isinstance(change, SetFilter) else 'objects'}.{kind.value}"
        case _:
            return change.setting.place if isinstance(change, SetConnection) else _PLACES[type(change)]


_PLACES: Mapping[type, str] = {RenewToken: "secretToken", SwitchScope: "scope", SwitchJob: "status"}
"""Those that are written in one place."""


def _assignment(change: AddAssignment | RemoveAssignment | AlterRole) -> str:
    match change:
        case AddAssignment(assignment):
            return f"+ assignment of {_principal(assignment)}"
        case RemoveAssignment(assignment):
            return f"- assignment of {_principal(assignment)}"
        case AlterRole(_, after):
            return f"~ role of {_principal(after)}"
        case _:
            assert_never(change)


def _principal(assignment: Assignment) -> str:
    return f"{assignment.kind.value} {assignment.name}"


def _connection(change: SetConnection | RenewToken | SwitchScope) -> str:
    match change:
        case SetConnection(setting, before, after):
            return f"~ {setting.title}: {before} → {after}"
        case RenewToken(is_first, is_other):
            again = "another one" if is_other else "the declared one, whichever is held"
            return "+ secret token" if is_first else f"~ secret token: {again}"
        case SwitchScope(before, after):
            return f"~ scope: {before.value} → {after.value}"
        case _:
            assert_never(change)


def _objects(change: SetFilter | SwitchObjects | SetActions | AddAttribute) -> str:
    match change:
        case SetFilter(kind, before, after):
            return f"~ filter of {kind.value}: {_filter(before)} → {_filter(after)}"
        case SwitchObjects(kind, on):
            return f"~ {kind.value}: {'off → on' if on else 'on → off'}"
        case SetActions(kind, before, after):
            return f"~ actions on {kind.value}: {_actions(before)} → {_actions(after)}"
        case AddAttribute(kind, attribute, at_source):
            side = "source attribute" if at_source else "attribute"
            return f"+ {side} of {kind.value}: {attribute.name}, {attribute.type}"
        case _:
            assert_never(change)


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
