"""Changes to a schema, keyed by what they mean: which turn the observed into the declared, and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from provisioning.errors import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from provisioning.language import ScopingFilter
    from provisioning.model.attribute import AttributeDefinition
    from provisioning.model.declaration import DeclaredSchema
    from provisioning.model.mapping import AttributeMapping, DeclaredMapping, ObjectAction, ObjectKind
    from provisioning.model.schema import SynchronizationSchema


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
    """Elium's objects of a kind get an attribute that the app does not list."""

    kind: ObjectKind
    attribute: AttributeDefinition


Change = AddMapping | AlterMapping | RemoveMapping | SetFilter | SwitchObjects | SetActions | AddAttribute


def changes_between(observed: SynchronizationSchema, declared: DeclaredSchema) -> tuple[Change, ...]:
    """List what turns *observed* into what is declared, in a stable order. What is not declared is not mentioned.

    Neither is what cannot be: rules say so (:mod:`provisioning.planning.rules`).
    """
    return tuple(_changes(observed, declared))


def applied(changes: Sequence[Change], schema: SynchronizationSchema) -> SynchronizationSchema:
    """Give the schema that results from the changes."""
    for change in changes:
        match change:
            case AddMapping(kind, mapping) | AlterMapping(kind, _, mapping):
                schema = schema.with_mapping(kind, mapping)
            case RemoveMapping(kind, mapping):
                schema = schema.without_mapping(kind, mapping.target)
            case SetFilter(kind, _, after):
                schema = schema.with_filter(kind, after)
            case SwitchObjects(kind, on):
                schema = schema.with_enabled(kind, enabled=on)
            case SetActions(kind, _, actions):
                schema = schema.with_actions(kind, actions)
            case AddAttribute(kind, attribute):
                schema = schema.with_attribute(kind, attribute)
            case _:
                assert_never(change)
    return schema


def _changes(observed: SynchronizationSchema, declared: DeclaredSchema) -> Iterator[Change]:
    for kind in filter(observed.has, declared.objects):
        if observed.is_enabled(kind) is not declared.objects[kind]:
            yield SwitchObjects(kind, declared.objects[kind])
    for kind in filter(observed.has, declared.actions):
        if observed.actions(kind) != declared.actions[kind]:
            yield SetActions(kind, observed.actions(kind), declared.actions[kind])
    for kind, attributes in declared.attributes.items():
        known = observed.target_attributes(kind)
        yield from (
            AddAttribute(kind, attribute)
            for name, attribute in sorted(attributes.items())
            if known and name not in known
        )
    for kind in filter(observed.has, declared.mappings):
        yield from _mapping_changes(kind, observed.mappings(kind), declared.mappings[kind])
    for kind in filter(observed.has, declared.filters):
        yield from _filter_changes(kind, observed, declared.filters[kind])


def _filter_changes(
    kind: ObjectKind, observed: SynchronizationSchema, after: ScopingFilter | None
) -> Iterator[SetFilter]:
    try:
        before = observed.filter(kind)
    except ExpressionError:
        return
    if before != after:
        yield SetFilter(kind, before, after)


def _mapping_changes(
    kind: ObjectKind, observed: Mapping[str, AttributeMapping], declared: Mapping[str, DeclaredMapping | None]
) -> Iterator[Change]:
    for target, wanted in sorted(declared.items()):
        before = observed.get(target)
        after = wanted.applied_to(before) if wanted else None
        if before is None and after is not None:
            yield AddMapping(kind, after)
        elif before is not None and after is None:
            yield RemoveMapping(kind, before)
        elif before is not None and after is not None and before != after:
            yield AlterMapping(kind, before, after)
