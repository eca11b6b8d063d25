"""Everything that a plan can change, keyed by what it means, and what results from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from provisioning.errors import ExpressionError
from provisioning.language import ScopingFilter
from provisioning.model.assignment import Assignment
from provisioning.model.connection import SETTINGS, Connection, ConnectionSetting, Scope
from provisioning.model.declaration import Declaration, DeclaredSchema
from provisioning.model.mapping import AttributeDefinition, AttributeMapping, DeclaredMapping, ObjectAction, ObjectKind
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
    """The app's token is saved for the first time, or another one."""

    is_first: bool = False


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


def changes_between(
    before: Configuration,
    declaration: Declaration,
    *,
    declared_before: Sequence[Assignment] | None = None,
    token_is_new: bool = False,
) -> tuple[Change, ...]:
    """List what turns *before* into what is declared, in a stable order. What is not declared is not mentioned.

    Neither is what cannot be: rules say so (:mod:`provisioning.planning.rules`).

    *declared_before* are the assignments that the program had declared when it last ran, since an assignment that it
    never declared is not its own to remove; ``None`` when that is not known, and then whatever is assigned and not
    declared is taken to be on its way out, which errs on the side of those who would lose access.
    """
    return (
        *_assignment_changes(before.assignments, declaration.assignments, declared_before),
        *_connection_changes(before.connection, declaration, token_is_new=token_is_new),
        *schema_changes(before.schema, declaration.schema),
        *_switch(before, declaration),
    )


def schema_changes(observed: SynchronizationSchema, declared: DeclaredSchema) -> tuple[SchemaChange, ...]:
    """List what turns a schema into what is declared of it."""
    return tuple(_schema_changes(observed, declared))


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
    match change:
        case (
            AddMapping()
            | AlterMapping()
            | RemoveMapping()
            | SetFilter()
            | SwitchObjects()
            | SetActions()
            | AddAttribute()
        ):
            return True
        case _:
            return False


def is_of_connection(change: Change) -> bool:
    """Tell whether a change is saved with address and token."""
    return isinstance(change, SetConnection | RenewToken | SwitchScope)


def is_of_assignments(change: Change) -> bool:
    """Tell whether a change is one of who is assigned."""
    return isinstance(change, AddAssignment | RemoveAssignment | AlterRole)


def _assignment_changes(
    held: Sequence[Assignment], declared: Sequence[Assignment] | None, declared_before: Sequence[Assignment] | None
) -> Iterator[AssignmentChange]:
    if declared is None:
        return
    wanted = {each.principal: each for each in declared}
    owned = held if declared_before is None else declared_before
    roles = {(each.principal, each.role) for each in owned}
    for each in held:
        is_ours = (each.principal, each.role) in roles or (each.principal, "") in roles
        if each.principal not in wanted and is_ours:
            yield RemoveAssignment(each)
    by_principal = {each.principal: each for each in held}
    for each in declared:
        there = by_principal.get(each.principal)
        if there is None:
            yield AddAssignment(each)
        elif each.role and not any((each.principal, each.role) == (one.principal, one.role) for one in held):
            yield AlterRole(there, each)


def _connection_changes(
    before: Connection, declaration: Declaration, *, token_is_new: bool
) -> Iterator[ConnectionChange]:
    declared = declaration.connection
    after = before.edited(declared)
    for setting in SETTINGS:
        held, wanted = setting.shown(before), setting.shown(after)
        if held != wanted:
            yield SetConnection(setting, held, wanted)
    if token_is_new or (declared.address is not None and not before.has_token):
        yield RenewToken(is_first=not before.has_token)
    if after.scope is not before.scope:
        yield SwitchScope(before.scope, after.scope)


def _switch(before: Configuration, declaration: Declaration) -> Iterator[SwitchJob]:
    if declaration.on is not None and declaration.on is not before.is_on:
        yield SwitchJob(declaration.on)


def _schema_changes(observed: SynchronizationSchema, declared: DeclaredSchema) -> Iterator[SchemaChange]:
    for kind in _there(observed, declared.objects):
        if observed.of(kind).is_enabled is not declared.objects[kind]:
            yield SwitchObjects(kind, declared.objects[kind])
    for kind in _there(observed, declared.actions):
        if observed.of(kind).actions != declared.actions[kind]:
            yield SetActions(kind, observed.of(kind).actions, declared.actions[kind])
    for kind, attributes in declared.attributes.items():
        yield from _missing(kind, attributes, observed.of(kind).targets, at_source=False)
    for kind, attributes in declared.sources.items():
        yield from _missing(kind, attributes, observed.of(kind).sources, at_source=True)
    for kind in _there(observed, declared.mappings):
        yield from _mapping_changes(kind, observed.of(kind).mappings, declared.mappings[kind])
    for kind in _there(observed, declared.filters):
        yield from _filter_changes(kind, observed, declared.filters[kind])


def _there(observed: SynchronizationSchema, kinds: Iterable[ObjectKind]) -> Iterator[ObjectKind]:
    """Leave out the kinds that the app does not provision."""
    return (kind for kind in kinds if observed.of(kind).is_there)


def _missing(
    kind: ObjectKind,
    declared: Mapping[str, AttributeDefinition],
    known: Mapping[str, AttributeDefinition],
    *,
    at_source: bool,
) -> Iterator[AddAttribute]:
    """List the attributes to add; none where the schema lists none at all, which rules refuse."""
    for name, attribute in sorted(declared.items()):
        if known and name not in known:
            yield AddAttribute(kind, attribute, at_source)


def _filter_changes(
    kind: ObjectKind, observed: SynchronizationSchema, after: ScopingFilter | None
) -> Iterator[SetFilter]:
    """Compare filters; one that cannot be read is not compared, which rules refuse."""
    try:
        held = observed.of(kind).filter
    except ExpressionError:
        return
    # What else the service holds, Graph's experimental sets, is nobody's to write, and stays.
    before = held.declared if held else None
    if before != after:
        yield SetFilter(kind, before, after)


def _mapping_changes(
    kind: ObjectKind, observed: Mapping[str, AttributeMapping], declared: Mapping[str, DeclaredMapping | None]
) -> Iterator[AddMapping | AlterMapping | RemoveMapping]:
    for target, wanted in sorted(declared.items()):
        before = observed.get(target)
        after = wanted.applied_to(before) if wanted else None
        if before is None and after is not None:
            yield AddMapping(kind, after)
        elif before is not None and after is None:
            yield RemoveMapping(kind, before)
        elif before is not None and after is not None and before != after:
            yield AlterMapping(kind, before, after)
