"""Comparing: from how provisioning is configured and what is declared to the changes, keyed by what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from provisioning.errors import ExpressionError
from provisioning.language import ScopingFilter
from provisioning.model.assignment import Assignment
from provisioning.model.connection import SETTINGS, Connection
from provisioning.model.declaration import Declaration, DeclaredSchema
from provisioning.model.mapping import AttributeDefinition, AttributeMapping, DeclaredMapping, ObjectKind
from provisioning.model.schema import SynchronizationSchema
from provisioning.planning.changes import (
    AddAssignment,
    AddAttribute,
    AddMapping,
    AlterMapping,
    AlterRole,
    AssignmentChange,
    Change,
    ConnectionChange,
    RemoveAssignment,
    RemoveMapping,
    RenewToken,
    SchemaChange,
    SetActions,
    SetConnection,
    SetFilter,
    SwitchJob,
    SwitchObjects,
    SwitchScope,
)
from provisioning.planning.configuration import Configuration


def changes_between(
    before: Configuration,
    declaration: Declaration,
    *,
    declared_before: Sequence[Assignment] | None = None,
    token_is_new: bool = False,
    token_is_unsure: bool = False,
) -> tuple[Change, ...]:
    """List what turns *before* into what is declared, in a stable order. What is not declared is not mentioned.

    Neither is what cannot be: rules say so (:mod:`provisioning.planning.rules`).

    *declared_before* are the assignments that the program had declared when it last ran, since an assignment that it
    never declared is not its own to remove; ``None`` when that is not known, and then whatever is assigned and not
    declared is taken to be on its way out, which errs on the side of those who would lose access.
    """
    return (
        *_assignment_changes(before.assignments, declaration.assignments, declared_before),
        *_connection_changes(before.connection, declaration),
        *_token(before.connection, declaration, is_new=token_is_new, is_unsure=token_is_unsure),
        *_scope(before.connection, declaration),
        *schema_changes(before.schema, declaration.schema),
        *_switch(before, declaration),
    )


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


def _connection_changes(before: Connection, declaration: Declaration) -> Iterator[ConnectionChange]:
    after = before.edited(declaration.connection)
    for setting in SETTINGS:
        held, wanted = setting.shown(before), setting.shown(after)
        if held != wanted:
            yield SetConnection(setting, held, wanted)


def _token(before: Connection, declaration: Declaration, *, is_new: bool, is_unsure: bool) -> Iterator[RenewToken]:
    is_lacking = declaration.connection.address is not None and not before.has_token
    if is_new or is_unsure or is_lacking:
        yield RenewToken(is_first=not before.has_token, is_other=is_new or not before.has_token)


def _scope(before: Connection, declaration: Declaration) -> Iterator[SwitchScope]:
    after = before.edited(declaration.connection)
    if after.scope is not before.scope:
        yield SwitchScope(before.scope, after.scope)


def _switch(before: Configuration, declaration: Declaration) -> Iterator[SwitchJob]:
    if declaration.on is not None and declaration.on is not before.is_on:
        yield SwitchJob(declaration.on)


def schema_changes(observed: SynchronizationSchema, declared: DeclaredSchema) -> tuple[SchemaChange, ...]:
    """List what turns a schema into what is declared of it."""
    return tuple(_schema_changes(observed, declared))


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
