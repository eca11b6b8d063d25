"""Everything that a plan can change, and what results from a change. How changes are found is not here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from provisioning.language import ScopingFilter
from provisioning.model.assignment import Assignment
from provisioning.model.connection import ConnectionSetting, Scope
from provisioning.model.declaration import Declaration
from provisioning.model.mapping import AttributeDefinition, AttributeMapping, ObjectAction, ObjectKind
from provisioning.model.schema import SynchronizationSchema
from provisioning.planning.configuration import Configuration


@dataclass(frozen=True, slots=True)
class AddAssignment:
    """A group or user is assigned to the app."""

    assignment: Assignment


@dataclass(frozen=True, slots=True)
class RemoveAssignment:
    """A group or user is no longer assigned."""

    assignment: Assignment


@dataclass(frozen=True, slots=True)
class AlterRole:
    """A group or user holds another role of the app."""

    before: Assignment
    after: Assignment


@dataclass(frozen=True, slots=True)
class SetConnection:
    """A setting that is saved with address and token becomes another one; both in words."""

    setting: ConnectionSetting
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RenewToken:
    """The app's token is saved: for the first time, another one, or once more because nobody knows which is held."""

    is_first: bool = False
    is_other: bool = True


@dataclass(frozen=True, slots=True)
class AddMapping:
    """A target attribute gets a mapping."""

    kind: ObjectKind
    mapping: AttributeMapping


@dataclass(frozen=True, slots=True)
class AlterMapping:
    """A target attribute gets its value in another way."""

    kind: ObjectKind
    before: AttributeMapping
    after: AttributeMapping


@dataclass(frozen=True, slots=True)
class RemoveMapping:
    """A target attribute is no longer written."""

    kind: ObjectKind
    mapping: AttributeMapping


@dataclass(frozen=True, slots=True)
class SetFilter:
    """Who passes the scoping filter changes; ``None`` means everybody."""

    kind: ObjectKind
    before: ScopingFilter | None
    after: ScopingFilter | None


@dataclass(frozen=True, slots=True)
class SwitchObjects:
    """A kind of object is provisioned from now on, or no longer."""

    kind: ObjectKind
    on: bool


@dataclass(frozen=True, slots=True)
class SetActions:
    """What may be done with the objects of a kind changes."""

    kind: ObjectKind
    before: frozenset[ObjectAction]
    after: frozenset[ObjectAction]


@dataclass(frozen=True, slots=True)
class AddAttribute:
    """The app's objects of a kind get an attribute that it does not list, or Entra's one that the tenant added."""

    kind: ObjectKind
    attribute: AttributeDefinition
    at_source: bool = False


@dataclass(frozen=True, slots=True)
class SwitchScope:
    """Who is considered changes."""

    before: Scope
    after: Scope


@dataclass(frozen=True, slots=True)
class SwitchJob:
    """The job is switched on or off."""

    on: bool


AssignmentChange = AddAssignment | RemoveAssignment | AlterRole
ConnectionChange = SetConnection | RenewToken | SwitchScope
SchemaChange = AddMapping | AlterMapping | RemoveMapping | SetFilter | SwitchObjects | SetActions | AddAttribute
Change = AssignmentChange | ConnectionChange | SchemaChange | SwitchJob


def changed(schema: SynchronizationSchema, changes: Sequence[Change]) -> SynchronizationSchema:
    """Give the schema that results from the changes."""
    for change in changes:
        match change:
            case AddMapping(kind, mapping) | AlterMapping(kind, _, mapping):
                schema = schema.having(schema.of(kind).with_mapping(mapping))
            case RemoveMapping(kind, mapping):
                schema = schema.having(schema.of(kind).without_mapping(mapping.target))
            case SetFilter(kind, _, after):
                schema = schema.having(schema.of(kind).with_filter(after))
            case SwitchObjects(kind, on):
                schema = schema.having(schema.of(kind).with_enabled(enabled=on))
            case SetActions(kind, _, actions):
                schema = schema.having(schema.of(kind).with_actions(actions))
            case AddAttribute(kind, attribute, at_source):
                schema = schema.having(schema.of(kind).with_attribute(attribute, at_source=at_source))
            case _:
                pass
    return schema


def applied(changes: Sequence[Change], before: Configuration, declaration: Declaration) -> Configuration:
    """Give the configuration that results from the changes."""
    assignments = list(before.assignments)
    for change in changes:
        match change:
            case AddAssignment(assignment):
                assignments.append(assignment)
            case RemoveAssignment(assignment):
                assignments.remove(assignment)
            case AlterRole(held, wanted):
                assignments[assignments.index(held)] = wanted
            case _:
                pass
    return replace(
        before,
        schema=changed(before.schema, changes),
        connection=before.connection.edited(declaration.connection),
        is_on=before.is_on if declaration.on is None else declaration.on,
        assignments=tuple(assignments),
    )


def is_of_schema(change: Change) -> bool:
    """Tell whether a change is one of the job's schema."""
    return isinstance(change, SchemaChange)


def is_of_connection(change: Change) -> bool:
    """Tell whether a change is saved with address and token."""
    return isinstance(change, ConnectionChange)


def is_of_assignments(change: Change) -> bool:
    """Tell whether a change is one of who is assigned."""
    return isinstance(change, AssignmentChange)
