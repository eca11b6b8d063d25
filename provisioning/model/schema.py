"""The synchronization schema of a job: mappings, scoping filters, and the attributes that both sides have.

Theory of operation. A schema has thousands of lines, of which we understand a few and own fewer. So it stays the
document that Graph sent; typed values are views of it, and every edit gives a new document in which only the edited
place differs. What we do not know, an unknown key, an enum of next year, a null, survives to the byte because nobody
takes it apart. Source: graph: synchronization-synchronizationschema.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from provisioning.errors import ConfigurationError, ExpressionError
from provisioning.language import ScopingFilter
from provisioning.language.scoping import ClauseGroup
from provisioning.model.attribute import AttributeDefinition
from provisioning.model.mapping import AttributeMapping, ObjectAction, ObjectKind
from provisioning.model.mapping_form import JsonObject, mapping_from_graph, mapping_to_graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

__all__ = ["AttributeDefinition", "SynchronizationSchema"]

FILTER_SETS = ("groups", "categoryFilterGroups", "inputFilterGroups")
"""What a scope holds: the filter that people write, and two that Graph calls experimental (graph: filter)."""

_NUMBERED = re.compile(r"Filter [0-9]+")
"""The title of a filter to which nobody gave one."""


@dataclass(frozen=True, slots=True)
class SynchronizationSchema:
    """A schema as the service holds it. Editing gives a new one."""

    document: Mapping[str, Any]
    """What Graph sent, untouched."""

    @property
    def version(self) -> str:
        """The service's version, such as ``Date:2026-01-15T09:30:00.1234567Z, ActivityId:…``; new with each change."""
        return str(self.document.get("version") or "")

    @property
    def meaning(self) -> str:
        """A fingerprint of what the schema means, so that a change of somebody else's is noticed after our own save.

        The service gives each saved schema a new version, which only another read would tell; and what it adds or
        reorders by itself means nothing.
        """
        text = "\n".join(line for kind in ObjectKind if self.has(kind) for line in self._lines(kind))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def _lines(self, kind: ObjectKind) -> Iterator[str]:
        """Say everything that is understood of a kind, in an order of its own."""
        node = _object_mapping(self.document, kind) or {}
        flags = sorted(_flags(node))
        yield f"{kind.value} {self.is_enabled(kind)} {flags}"
        for target, mapping in sorted(self.mappings(kind).items()):
            flow = f"{mapping.flow_type.value} {mapping.flow_behavior.value}"
            yield f"{target} = {mapping.written} {mapping.match} {mapping.default!r} {flow}"
        try:
            yield str(self.filter(kind))
        except ExpressionError:
            yield json.dumps(node.get("scope"), sort_keys=True)

    def has(self, kind: ObjectKind) -> bool:
        """Tell whether the app has an object mapping of this kind; a gallery app may have none for groups."""
        return _object_mapping(self.document, kind) is not None

    def is_enabled(self, kind: ObjectKind) -> bool:
        """Tell whether objects of this kind are provisioned."""
        return bool((_object_mapping(self.document, kind) or {}).get("enabled"))

    def actions(self, kind: ObjectKind) -> frozenset[ObjectAction]:
        """List what may be done with the objects of a kind: the flags of ``flowTypes``, with or without blanks."""
        flags = _flags(_object_mapping(self.document, kind) or {})
        return frozenset(action for action in ObjectAction if action.flag in flags)

    def mappings(self, kind: ObjectKind) -> dict[str, AttributeMapping]:
        """List the attribute mappings of a kind by target attribute, in the service's order."""
        nodes = (_object_mapping(self.document, kind) or {}).get("attributeMappings") or []
        found: dict[str, AttributeMapping] = {}
        for node in nodes:
            if node.get("targetAttributeName"):
                found.setdefault(node["targetAttributeName"], mapping_from_graph(node))
        return found

    def filter(self, kind: ObjectKind) -> ScopingFilter | None:
        """Read the scoping filter of a kind; ``None`` when everyone passes."""
        scope = (_object_mapping(self.document, kind) or {}).get("scope") or {}
        return ScopingFilter.from_graph(scope) if any(scope.get(name) for name in FILTER_SETS) else None

    def target_attributes(self, kind: ObjectKind) -> dict[str, AttributeDefinition]:
        """List the attributes that Elium has for a kind, by name."""
        return self._attributes(kind, "target")

    def source_attributes(self, kind: ObjectKind) -> dict[str, AttributeDefinition]:
        """List the attributes that Entra offers for a kind, by name."""
        return self._attributes(kind, "source")

    def with_mapping(self, kind: ObjectKind, mapping: AttributeMapping) -> SynchronizationSchema:
        """Add a mapping, or replace what its target attribute has. Keys that we do not know stay."""

        def edit(node: JsonObject) -> None:
            nodes = node["attributeMappings"] = node.get("attributeMappings") or []
            for place, existing in enumerate(nodes):
                if existing.get("targetAttributeName") == mapping.target:
                    nodes[place] = mapping_to_graph(mapping, existing)
                    return
            nodes.append(mapping_to_graph(mapping, {}))

        return self._edited(kind, edit)

    def without_mapping(self, kind: ObjectKind, target: str) -> SynchronizationSchema:
        """Remove the mapping of a target attribute."""

        def edit(node: JsonObject) -> None:
            node["attributeMappings"] = [
                existing
                for existing in node.get("attributeMappings") or []
                if existing.get("targetAttributeName") != target
            ]

        return self._edited(kind, edit)

    def with_filter(self, kind: ObjectKind, scoping: ScopingFilter | None) -> SynchronizationSchema:
        """Set the scoping filter of a kind, or remove it. The experimental filter groups stay as they are."""

        def edit(node: JsonObject) -> None:
            if scoping is None and not node.get("scope"):
                return
            scope = node.get("scope") or {"categoryFilterGroups": [], "groups": [], "inputFilterGroups": []}
            scope["groups"] = list(_groups_over(scope.get("groups") or [], scoping)) if scoping else []
            node["scope"] = scope

        return self._edited(kind, edit)

    def with_enabled(self, kind: ObjectKind, *, enabled: bool) -> SynchronizationSchema:
        """Switch the provisioning of a kind on or off."""
        return self._edited(kind, lambda node: node.update(enabled=enabled))

    def with_actions(self, kind: ObjectKind, actions: AbstractSet[ObjectAction]) -> SynchronizationSchema:
        """Say what may be done with the objects of a kind. Flags that we do not know stay."""

        def edit(node: JsonObject) -> None:
            if self.actions(kind) == actions:
                return
            ours = [action.flag for action in ObjectAction]
            others = [flag for flag in _flags(node) if flag not in (*ours, "None")]
            flags = [action.flag for action in ObjectAction if action in actions] + others
            separator = ", " if ", " in str(node.get("flowTypes")) else ","
            node["flowTypes"] = separator.join(flags) or "None"

        return self._edited(kind, edit)

    def with_attribute(
        self, kind: ObjectKind, attribute: AttributeDefinition, *, at_source: bool = False
    ) -> SynchronizationSchema:
        """Add an attribute to those that the app has for a kind, or Entra; one of that name stays as it is.

        Learn: customize-application-attributes#editing-the-list-of-supported-attributes; graph: synchronization
        directory extension attributes.

        :raises ConfigurationError: when the schema describes no such object.
        """
        side = "source" if at_source else "target"
        document = copy.deepcopy(dict(self.document))
        definition = _object_definition(document, kind, side)
        if definition is None:
            raise ConfigurationError(
                f"attributes.{kind.value}.{attribute.name}: the schema of this job does not describe the {side} object "
                f"of {kind.value}, so no attribute can be added.",
                hint="Restore the default mappings in the portal, then try again.",
            )
        if attribute.name not in self._attributes(kind, side):
            definition["attributes"] = [*(definition.get("attributes") or []), attribute.to_graph()]
        return SynchronizationSchema(document)

    def _edited(self, kind: ObjectKind, edit: Callable[[JsonObject], None]) -> SynchronizationSchema:
        """Edit a copy of the object mapping of a kind; everything else is shared with the schema before."""
        rules = list(self.document.get("synchronizationRules") or [])
        for number, rule in enumerate(rules):
            nodes = list(rule.get("objectMappings") or [])
            for place, node in enumerate(nodes):
                if node.get("sourceObjectName") == kind.source_object:
                    nodes[place] = copy.deepcopy(node)
                    edit(nodes[place])
                    rules[number] = {**rule, "objectMappings": nodes}
                    return SynchronizationSchema({**self.document, "synchronizationRules": rules})
        raise KeyError(kind)

    def _attributes(self, kind: ObjectKind, side: str) -> dict[str, AttributeDefinition]:
        nodes = (_object_definition(self.document, kind, side) or {}).get("attributes") or []
        return {node["name"]: AttributeDefinition.from_graph(node) for node in nodes if node.get("name")}


def unknown_schema() -> SynchronizationSchema:
    """Give what stands in for a schema that is not known yet: both kinds, and nothing said of them."""
    nodes = [
        {"enabled": True, "sourceObjectName": kind.source_object, "targetObjectName": kind.value} for kind in ObjectKind
    ]
    sources = [{"name": kind.source_object, "attributes": []} for kind in ObjectKind]
    targets: list[JsonObject] = [{"name": kind.value, "attributes": []} for kind in ObjectKind]
    rule = {"sourceDirectoryName": "source", "targetDirectoryName": "target", "objectMappings": nodes}
    return SynchronizationSchema(
        {
            "synchronizationRules": [rule],
            "directories": [{"name": "source", "objects": sources}, {"name": "target", "objects": targets}],
        }
    )


def _object_mapping(document: Mapping[str, Any], kind: ObjectKind) -> JsonObject | None:
    """Find the object mapping of a kind; by its source object, since its name varies by age (graph 6.1)."""
    for rule in document.get("synchronizationRules") or []:
        for node in rule.get("objectMappings") or []:
            if node.get("sourceObjectName") == kind.source_object:
                found: JsonObject = node
                return found
    return None


def _flags(node: Mapping[str, Any]) -> list[str]:
    """Read the flags of an object mapping; docs and real answers differ in blanks (graph 6.1)."""
    return [flag.strip() for flag in str(node.get("flowTypes") or "").split(",") if flag.strip()]


def _groups_over(existing: list[JsonObject], scoping: ScopingFilter) -> Iterator[JsonObject]:
    """Write the groups of a filter. One that is there already stays as it is, but for a title that was given."""
    remaining = list(existing)
    for group in scoping.groups:
        same = next((node for node in remaining if _is_group(node, group)), None)
        if same is None:
            yield dict(group.to_graph())
            continue
        remaining.remove(same)
        is_titled = group.name is not None and not _NUMBERED.fullmatch(group.name)
        yield same | {"name": group.name} if is_titled else same


def _is_group(node: JsonObject, group: ClauseGroup) -> bool:
    try:
        return ClauseGroup.from_graph(node) == group
    except ExpressionError:
        return False


def _object_definition(document: Mapping[str, Any], kind: ObjectKind, side: str) -> JsonObject | None:
    """Find the object that a mapping's *side*, ``source`` or ``target``, names, in the directory of that side."""
    for rule in document.get("synchronizationRules") or []:
        for node in rule.get("objectMappings") or []:
            if node.get("sourceObjectName") == kind.source_object:
                directory, name = rule.get(f"{side}DirectoryName"), node.get(f"{side}ObjectName")
                return _definition_in(document, directory, name)
    return None


def _definition_in(document: Mapping[str, Any], directory: object, name: object) -> JsonObject | None:
    for candidate in document.get("directories") or []:
        for definition in candidate.get("objects") or [] if candidate.get("name") == directory else []:
            if definition.get("name") == name:
                found: JsonObject = definition
                return found
    return None
