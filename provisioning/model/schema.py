"""The synchronization schema of a job: mappings, scoping filters, and the attributes that both sides have.

Theory of operation. A schema has thousands of lines, of which we understand a few and own fewer. So it stays the
document that Graph sent; typed values are views of it, and every edit gives a new document in which only the edited
place differs. What we do not know, an unknown key, an enum of next year, a null, survives to the byte because nobody
takes it apart. Source: graph: synchronization-synchronizationschema.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from provisioning.errors import ExpressionError
from provisioning.language import Expression, ScopingFilter
from provisioning.model.mapping import AttributeMapping, FlowBehavior, FlowType, ObjectKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

JsonObject = dict[str, Any]
_Member = TypeVar("_Member", bound=Enum)


@dataclass(frozen=True, slots=True)
class AttributeDefinition:
    """One attribute that a directory says it has (graph: synchronization-attributedefinition)."""

    name: str
    """Such as ``userName`` or ``emails[type eq "work"].value``."""
    type: str = "String"
    """``String``, ``Integer``, ``Reference``, ``Binary``, ``Boolean`` or ``DateTime``."""
    required: bool = False
    read_only: bool = False
    multivalued: bool = False
    case_exact: bool = False
    """Whether values that differ in case alone are different (Learn: functions#tolower)."""


@dataclass(frozen=True, slots=True)
class SynchronizationSchema:
    """A schema as the service holds it. Editing gives a new one."""

    document: Mapping[str, Any]
    """What Graph sent, untouched."""

    @property
    def version(self) -> str:
        """The service's version, such as ``Date:2026-01-15T09:30:00.1234567Z, ActivityId:…``; new with each change."""
        return str(self.document.get("version") or "")

    def has(self, kind: ObjectKind) -> bool:
        """Tell whether the app has an object mapping of this kind; a gallery app may have none for groups."""
        return _object_mapping(self.document, kind) is not None

    def is_enabled(self, kind: ObjectKind) -> bool:
        """Tell whether objects of this kind are provisioned."""
        return bool((_object_mapping(self.document, kind) or {}).get("enabled"))

    def mappings(self, kind: ObjectKind) -> dict[str, AttributeMapping]:
        """List the attribute mappings of a kind by target attribute, in the service's order."""
        nodes = (_object_mapping(self.document, kind) or {}).get("attributeMappings") or []
        return {mapping.target: mapping for mapping in map(mapping_from_graph, nodes)}

    def filter(self, kind: ObjectKind) -> ScopingFilter | None:
        """Read the scoping filter of a kind; ``None`` when everyone passes."""
        scope = (_object_mapping(self.document, kind) or {}).get("scope")
        return ScopingFilter.from_graph(scope) if scope and scope.get("groups") else None

    def target_attributes(self, kind: ObjectKind) -> dict[str, AttributeDefinition]:
        """List the attributes that Elium has for a kind, by name."""
        return self._attributes(kind, "target")

    def source_attributes(self, kind: ObjectKind) -> dict[str, AttributeDefinition]:
        """List the attributes that Entra offers for a kind, by name."""
        return self._attributes(kind, "source")

    def with_mapping(self, kind: ObjectKind, mapping: AttributeMapping) -> SynchronizationSchema:
        """Add a mapping, or replace what its target attribute has. Keys that we do not know stay."""

        def edit(node: JsonObject) -> None:
            nodes = node.setdefault("attributeMappings", [])
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
                existing for existing in node["attributeMappings"] if existing.get("targetAttributeName") != target
            ]

        return self._edited(kind, edit)

    def with_filter(self, kind: ObjectKind, scoping: ScopingFilter | None) -> SynchronizationSchema:
        """Set the scoping filter of a kind, or remove it. The experimental filter groups stay as they are."""

        def edit(node: JsonObject) -> None:
            if scoping is None and not node.get("scope"):
                return
            written = scoping.to_graph() if scoping else None
            node["scope"] = {"categoryFilterGroups": [], "inputFilterGroups": []} | (node.get("scope") or {})
            node["scope"]["groups"] = written["groups"] if written else []

        return self._edited(kind, edit)

    def with_enabled(self, kind: ObjectKind, *, enabled: bool) -> SynchronizationSchema:
        """Switch the provisioning of a kind on or off."""
        return self._edited(kind, lambda node: node.update(enabled=enabled))

    def _edited(self, kind: ObjectKind, edit: Callable[[JsonObject], None]) -> SynchronizationSchema:
        document = copy.deepcopy(dict(self.document))
        node = _object_mapping(document, kind)
        if node is None:
            raise KeyError(kind)
        edit(node)
        return SynchronizationSchema(document)

    def _attributes(self, kind: ObjectKind, side: str) -> dict[str, AttributeDefinition]:
        """List the attributes of the object that a mapping's *side*, ``source`` or ``target``, names."""
        for rule in self.document.get("synchronizationRules") or []:
            for node in rule.get("objectMappings") or []:
                if node.get("sourceObjectName") == kind.source_object:
                    return _definitions(self.document, rule[f"{side}DirectoryName"], node[f"{side}ObjectName"])
        return {}


def mapping_from_graph(node: Mapping[str, Any]) -> AttributeMapping:
    """Read an ``attributeMapping``. An expression that cannot be read is kept out of reach: its source is ``None``."""
    priority = node.get("matchingPriority") or 0
    return AttributeMapping(
        target=str(node.get("targetAttributeName")),
        source=_expression(node.get("source")),
        match=priority if priority > 0 else None,
        default=node.get("defaultValue"),
        flow_type=_known(FlowType, node.get("flowType"), FlowType.ALWAYS),
        flow_behavior=_known(FlowBehavior, node.get("flowBehavior"), FlowBehavior.FLOW_WHEN_CHANGED),
    )


def mapping_to_graph(mapping: AttributeMapping, existing: Mapping[str, Any]) -> JsonObject:
    """Write a mapping over an existing node. Only what differs from what the node says is written."""
    before = mapping_from_graph(existing) if existing else None
    node: JsonObject = dict(existing) if existing else {"exportMissingReferences": False}
    if before is None or before.default != mapping.default:
        node["defaultValue"] = mapping.default
    if before is None or before.flow_behavior is not mapping.flow_behavior:
        node["flowBehavior"] = mapping.flow_behavior.value
    if before is None or before.flow_type is not mapping.flow_type:
        node["flowType"] = mapping.flow_type.value
    if before is None or before.match != mapping.match:
        node["matchingPriority"] = mapping.match or 0
    if before is None or before.source != mapping.source:
        node["source"] = mapping.source.to_graph() if mapping.source else None
    node["targetAttributeName"] = mapping.target
    return node


def _object_mapping(document: Mapping[str, Any], kind: ObjectKind) -> JsonObject | None:
    """Find the object mapping of a kind; by its source object, since its name varies by age (graph 6.1)."""
    for rule in document.get("synchronizationRules") or []:
        for node in rule.get("objectMappings") or []:
            if node.get("sourceObjectName") == kind.source_object:
                found: JsonObject = node
                return found
    return None


def _definitions(document: Mapping[str, Any], directory: str, name: str) -> dict[str, AttributeDefinition]:
    for candidate in document.get("directories") or []:
        for definition in candidate.get("objects") or [] if candidate.get("name") == directory else []:
            if definition.get("name") == name:
                return {node["name"]: _definition(node) for node in definition.get("attributes") or []}
    return {}


def _definition(node: Mapping[str, Any]) -> AttributeDefinition:
    return AttributeDefinition(
        name=node["name"],
        type=str(node.get("type") or "String"),
        required=bool(node.get("required")),
        read_only=str(node.get("mutability")).lower() == "readonly",
        multivalued=bool(node.get("multivalued")),
        case_exact=bool(node.get("caseExact")),
    )


def _expression(source: Mapping[str, Any] | None) -> Expression | None:
    if not source:
        return None
    try:
        return Expression.from_graph(source)
    except ExpressionError:
        return None


def _known(kind: type[_Member], value: object, otherwise: _Member) -> _Member:
    """Read an enum of Graph's; a member of next year is taken for the default, and stays in the document as it is."""
    return next((member for member in kind if member.value == value), otherwise)
