"""A job's schema as people would write it: what it means otherwise than its template, in the forms of the settings.

The inverse of reading settings. What is written here is read by the same reader before it is offered; so nothing is
written that the program would refuse, or would take for something else than the service holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from provisioning.errors import ConfigurationError, ExpressionError
from provisioning.language import ScopingFilter
from provisioning.model.mapping import AttributeDefinition, AttributeMapping, FlowType, ObjectAction, ObjectKind
from provisioning.model.object_mapping import ObjectMapping
from provisioning.model.schema import SynchronizationSchema
from provisioning.planning.comparing import schema_changes
from provisioning.planning.wording import describe
from provisioning.settings.mistakes import parsed
from provisioning.settings.shared import JobSettings

Table = dict[str, Any]

SHOWN = 5
"""How many names of attributes are written out."""


@dataclass(frozen=True, slots=True)
class WrittenSchema:
    """What is to be declared of a schema, and what cannot be."""

    settings: Table = field(default_factory=dict)
    """By setting: ``mappings``, ``filters``, ``objects``, ``attributes``; only what differs from the template."""
    kept: tuple[str, ...] = ()
    """What the settings have no form for, a sentence each: it stays as the service has it."""


class _Leaf(NamedTuple):
    """One thing that is written, and where."""

    place: tuple[str, ...]
    """Such as ``("mappings", "users", "title")``."""
    value: Any

    @property
    def table(self) -> Table:
        """Give it as the settings that have this alone."""
        table: Any = self.value
        for name in reversed(self.place):
            table = {name: table}
        return dict(table)

    def __str__(self) -> str:
        return ".".join(self.place)


class _Inexpressible(NamedTuple):
    """What cannot be written, as a sentence without its end."""

    sentence: str


def written_schema(held: SynchronizationSchema, *, template: SynchronizationSchema) -> WrittenSchema:
    """Write what *held* means otherwise than the *template* that a new job starts with."""
    settings: Table = {}
    kept: list[str] = []
    for each in _differences(held, template):
        if isinstance(each, _Inexpressible):
            kept.append(each.sentence)
        elif why := _why_not(each, held):
            kept.append(why)
        else:
            _put(settings, each)
    return WrittenSchema(settings, tuple(f"{sentence}; it stays as it is." for sentence in kept))


def _put(settings: Table, leaf: _Leaf) -> None:
    table = settings
    for name in leaf.place[:-1]:
        table = table.setdefault(name, {})
    table[leaf.place[-1]] = leaf.value


def _why_not(leaf: _Leaf, held: SynchronizationSchema) -> str:
    """Say why something is not declared; empty when it is read as what the service holds."""
    try:
        read = parsed(JobSettings, leaf.table, place="").schema_part
    except ConfigurationError as error:
        # Without the picture of the text, which takes more than a line.
        reason = error.reasons[0].partition("\n")[0].removeprefix(f"{leaf}: ").rstrip(".")
        return f"{leaf}: cannot be declared: {reason}"
    changes = schema_changes(held, read)
    return f"{leaf}: cannot be declared as it is ({describe(changes[0])})" if changes else ""


def _differences(held: SynchronizationSchema, template: SynchronizationSchema) -> Iterator[_Leaf | _Inexpressible]:
    for kind in ObjectKind:
        now, new = held.of(kind), template.of(kind)
        if not now.is_there:
            if new.is_there:
                yield _Inexpressible(f"{kind.value}: this job has no object mapping of them, though its template has")
            continue
        yield from _attributes(kind, now, new)
        yield from _object(kind, now, new)
        yield from _mappings(kind, now, new)
        yield from _filter(kind, now, new)
    yield from _others(held)


def _object(kind: ObjectKind, now: ObjectMapping, new: ObjectMapping) -> Iterator[_Leaf | _Inexpressible]:
    """Write switch and actions. Users have no switch, and nobody can declare that nothing may be done."""
    if now.is_enabled is not new.is_enabled:
        if kind is ObjectKind.GROUPS:
            yield _Leaf(("objects", kind.value, "enabled"), now.is_enabled)
        else:
            state = "on" if now.is_enabled else "off"
            yield _Inexpressible(f"{kind.value} are switched {state}, which has no setting")
    if now.actions != new.actions:
        allowed = [action.value for action in ObjectAction if action in now.actions]
        yield _Leaf(("objects", kind.value, "actions"), allowed)


def _mappings(kind: ObjectKind, now: ObjectMapping, new: ObjectMapping) -> Iterator[_Leaf | _Inexpressible]:
    before, after = new.mappings, now.mappings
    raw = {node.get("targetAttributeName"): node for node in (now.node or {}).get("attributeMappings") or ()}
    for target, mapping in after.items():
        place = ("mappings", kind.value, target)
        if mapping.unread and mapping.unread != getattr(before.get(target), "unread", None):
            yield _Inexpressible(f"{'.'.join(place)}: its source is not understood here ({mapping.unread})")
        elif mapping != before.get(target):
            yield _Leaf(place, _written(mapping, before.get(target)))
        flow = raw[target].get("flowType")
        if flow and flow not in {each.value for each in FlowType}:
            yield _Inexpressible(f"{'.'.join(place)}: its flow type {flow} is not known here")
    yield from (_Leaf(("mappings", kind.value, target), None) for target in before if target not in after)


def _written(mapping: AttributeMapping, template: AttributeMapping | None) -> str | Table:
    """Write a mapping: always what it is computed by, and the rest where it is not as a new job has it."""
    usual = template or AttributeMapping(mapping.target)
    table: Table = {} if mapping.unread else {"source": mapping.written or None}
    if mapping.match or usual.match:
        table["match"] = mapping.match or 0
    if mapping.default != usual.default:
        table["default"] = mapping.default
    if mapping.flow_type is not usual.flow_type:
        table["flowType"] = mapping.flow_type.value
    if mapping.flow_behavior is not usual.flow_behavior:
        table["flowBehavior"] = mapping.flow_behavior.value
    source = table.get("source")
    return source if isinstance(source, str) and len(table) == 1 else table


def _filter(kind: ObjectKind, now: ObjectMapping, new: ObjectMapping) -> Iterator[_Leaf | _Inexpressible]:
    """Write the filter. Graph's experimental sets are asked too, and nobody writes them."""
    try:
        held = now.filter
    except ExpressionError as error:
        yield _Inexpressible(f"filters.{kind.value}: cannot be read ({error.problem.rstrip('.')})")
        return
    if held is not None and (held.input_groups or held.category_groups):
        others = ScopingFilter((*held.input_groups, *held.category_groups))
        yield _Inexpressible(
            f"filters.{kind.value}: {others} stands in Graph's inputFilterGroups or categoryFilterGroups, which no "
            "setting has"
        )
    declared = held.declared if held else None
    if declared != _template_filter(new):
        yield _Leaf(("filters", kind.value), declared.readable if declared else None)


def _template_filter(new: ObjectMapping) -> ScopingFilter | None:
    try:
        return new.filter.declared if new.filter else None
    except ExpressionError:
        return None


def _attributes(kind: ObjectKind, now: ObjectMapping, new: ObjectMapping) -> Iterator[_Leaf | _Inexpressible]:
    """Write the attributes that a new job would lack; they come first, since mappings and filters name them."""
    more = [*_added(new.targets, now.targets), *_added(new.sources, now.sources)]
    strange = [
        each.name for each in more if each != AttributeDefinition(each.name, each.type, case_exact=each.case_exact)
    ]
    yield from (
        _Leaf(("attributes", kind.value, each.name), _attribute(each)) for each in more if each.name not in strange
    )
    if strange:
        rest = f" and {len(strange) - SHOWN:,} more" if len(strange) > SHOWN else ""
        yield _Inexpressible(
            f"attributes.{kind.value}: {', '.join(strange[:SHOWN])}{rest}: required, read-only or of several values, "
            "which has no setting"
        )


def _added(
    usual: Mapping[str, AttributeDefinition], held: Mapping[str, AttributeDefinition]
) -> list[AttributeDefinition]:
    """Give what is listed besides; nothing where the template lists nothing, which says nothing."""
    return [each for name, each in held.items() if name not in usual] if usual else []


def _attribute(each: AttributeDefinition) -> str | Table:
    return {"type": each.type, "caseExact": True} if each.case_exact else each.type


def _others(held: SynchronizationSchema) -> Iterator[_Inexpressible]:
    """Name the objects that are neither users nor groups."""
    known = {kind.source_object for kind in ObjectKind}
    for rule in held.document.get("synchronizationRules") or ():
        for node in rule.get("objectMappings") or ():
            if node.get("sourceObjectName") not in known:
                name = node.get("sourceObjectName") or node.get("name")
                yield _Inexpressible(f"The job maps {name} as well, which no setting is about")
