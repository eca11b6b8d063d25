"""Changes to a schema, keyed by what they mean: which turn the observed into the declared, and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, assert_never

from provisioning.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from provisioning.language import ScopingFilter
    from provisioning.model.declaration import DeclaredSchema
    from provisioning.model.mapping import AttributeMapping, DeclaredMapping, ObjectKind
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


Change = AddMapping | AlterMapping | RemoveMapping | SetFilter | SwitchObjects


def changes_between(observed: SynchronizationSchema, declared: DeclaredSchema) -> tuple[Change, ...]:
    """List what turns *observed* into what is declared, in a stable order. What is not declared is not mentioned.

    :raises ConfigurationError: when something is declared that the app does not have, every instance at once.
    """
    reasons = tuple(_impossible(observed, declared))
    if reasons:
        raise ConfigurationError(reasons)
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
            case _:
                assert_never(change)
    return schema


def _changes(observed: SynchronizationSchema, declared: DeclaredSchema) -> Iterator[Change]:
    for kind, on in declared.objects.items():
        if observed.is_enabled(kind) is not on:
            yield SwitchObjects(kind, on)
    for kind, mappings in declared.mappings.items():
        yield from _mapping_changes(kind, observed.mappings(kind), mappings)
    for kind, after in declared.filters.items():
        before = observed.filter(kind)
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


def _impossible(observed: SynchronizationSchema, declared: DeclaredSchema) -> Iterator[str]:
    """Say what is declared about things that the app does not have."""
    for setting in ("mappings", "filters", "objects"):
        for kind in getattr(declared, setting):
            if not observed.has(kind):
                yield f"{setting}.{kind.value}: this app does not provision {kind.value}."
    for kind, mappings in declared.mappings.items():
        known = observed.target_attributes(kind)
        for target in sorted(mappings) if known and observed.has(kind) else ():
            if target not in known and mappings[target] is not None:
                yield f"mappings.{kind.value}.{target}: the app has no such attribute{_nearest(target, known)}."


def _nearest(name: str, known: Mapping[str, object]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"; the nearest is {close[0]}" if close else ""
