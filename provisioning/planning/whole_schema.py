"""A whole schema as a declaration: what must be said so that another one comes to mean the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from provisioning.language import ScopingFilter
from provisioning.model.declaration import DeclaredSchema
from provisioning.model.mapping import AttributeDefinition, AttributeMapping, DeclaredMapping, ObjectKind
from provisioning.model.object_mapping import ObjectMapping
from provisioning.model.schema import SynchronizationSchema


def declared_by(wanted: SynchronizationSchema, *, over: SynchronizationSchema) -> DeclaredSchema:
    """Declare what *wanted* means, and nothing that the schema *over* means already.

    What is not understood in either stays as the service has it, and an attribute that only the service lists stays,
    since nobody reads it. A kind that one of the two does not have is left out.

    :raises ExpressionError: when *wanted* has a scoping filter that cannot be read.
    """
    kinds = [kind for kind in ObjectKind if wanted.of(kind).is_there and over.of(kind).is_there]
    pairs = {kind: (over.of(kind), wanted.of(kind)) for kind in kinds}
    filters = {kind: (_declared_filter(held), _declared_filter(after)) for kind, (held, after) in pairs.items()}
    return DeclaredSchema(
        mappings={kind: _mappings(held, after) for kind, (held, after) in pairs.items()},
        filters={kind: after for kind, (before, after) in filters.items() if before != after},
        objects={kind: after.is_enabled for kind, (_, after) in pairs.items()},
        actions={kind: after.actions for kind, (held, after) in pairs.items() if held.actions != after.actions},
        attributes={kind: _added(held.targets, after.targets) for kind, (held, after) in pairs.items()},
        sources={kind: _added(held.sources, after.sources) for kind, (held, after) in pairs.items()},
    )


def _declared_filter(side: ObjectMapping) -> ScopingFilter | None:
    held = side.filter
    return held.declared if held else None


def _mappings(held: ObjectMapping, wanted: ObjectMapping) -> dict[str, DeclaredMapping | None]:
    before, after = held.mappings, wanted.mappings
    targets = (target for target in (*after, *(each for each in before if each not in after)))
    return {target: _whole(after.get(target)) for target in targets if before.get(target) != after.get(target)}


def _whole(mapping: AttributeMapping | None) -> DeclaredMapping | None:
    """Declare every field of a mapping; none removes it."""
    if mapping is None:
        return None
    named = {field.name: getattr(mapping, field.name) for field in fields(mapping) if field.name != "target"}
    return DeclaredMapping(mapping.target, named)


def _added(
    held: Mapping[str, AttributeDefinition], wanted: Mapping[str, AttributeDefinition]
) -> dict[str, AttributeDefinition]:
    return {name: attribute for name, attribute in wanted.items() if held and name not in held}
