"""The object mapping of one kind: whether and how it is provisioned, as a value that is edited by copying.

Source: graph: synchronization-objectmapping. What is not understood stays as Graph sent it.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from provisioning.errors import ConfigurationError, ExpressionError
from provisioning.language import ClauseGroup, ScopingFilter
from provisioning.model.mapping import (
    AttributeDefinition,
    AttributeMapping,
    JsonObject,
    ObjectAction,
    ObjectKind,
    mapping_from_graph,
    mapping_to_graph,
)

FILTER_SETS = ("groups", "categoryFilterGroups", "inputFilterGroups")
"""What a scope holds: the filter that people write, and two that Graph calls experimental (graph: filter)."""


@dataclass(frozen=True, slots=True)
class ObjectMapping:
    """How the objects of one kind are provisioned. Editing gives a new one."""

    kind: ObjectKind
    node: JsonObject | None
    """What Graph sent; ``None`` when the app has no such mapping."""
    sources: Mapping[str, AttributeDefinition]
    """The attributes that Entra offers, by name."""
    targets: Mapping[str, AttributeDefinition]
    """The attributes that the app has, by name."""

    @property
    def is_there(self) -> bool:
        """Tell whether the app has an object mapping of this kind."""
        return self.node is not None

    @property
    def is_enabled(self) -> bool:
        """Tell whether objects of this kind are provisioned."""
        return bool((self.node or {}).get("enabled"))

    @property
    def actions(self) -> frozenset[ObjectAction]:
        """The things that may be done with the objects: the flags of ``flowTypes``, with or without blanks."""
        flags = self._flags
        return frozenset(action for action in ObjectAction if action.flag in flags)

    @property
    def mappings(self) -> dict[str, AttributeMapping]:
        """The attribute mappings by target attribute, in the service's order."""
        found: dict[str, AttributeMapping] = {}
        for node in (self.node or {}).get("attributeMappings") or []:
            if node.get("targetAttributeName"):
                found.setdefault(node["targetAttributeName"], mapping_from_graph(node))
        return found

    @property
    def filter(self) -> ScopingFilter | None:
        """The scoping filter; ``None`` when everyone passes.

        :raises ExpressionError: when it cannot be read.
        """
        scope = (self.node or {}).get("scope") or {}
        return ScopingFilter.from_graph(scope) if any(scope.get(name) for name in FILTER_SETS) else None

    def with_mapping(self, mapping: AttributeMapping) -> ObjectMapping:
        """Add a mapping, or replace what its target attribute has. Keys that we do not know stay."""
        nodes = list(self._copied.get("attributeMappings") or [])
        place = next((at for at, node in enumerate(nodes) if node.get("targetAttributeName") == mapping.target), None)
        if place is None:
            nodes.append(mapping_to_graph(mapping, {}))
        else:
            nodes[place] = mapping_to_graph(mapping, nodes[place])
        return self._edited(attributeMappings=nodes)

    def without_mapping(self, target: str) -> ObjectMapping:
        """Remove the mapping of a target attribute."""
        nodes = self._copied.get("attributeMappings") or []
        return self._edited(attributeMappings=[node for node in nodes if node.get("targetAttributeName") != target])

    def with_filter(self, scoping: ScopingFilter | None) -> ObjectMapping:
        """Set the scoping filter, or remove it. The experimental filter groups stay as they are."""
        held = self._copied.get("scope")
        if scoping is None and not held:
            return self
        scope = held or {"categoryFilterGroups": [], "groups": [], "inputFilterGroups": []}
        groups = list(_groups_over(scope.get("groups") or [], scoping)) if scoping else []
        return self._edited(scope={**scope, "groups": groups})

    def with_enabled(self, *, enabled: bool) -> ObjectMapping:
        """Switch the provisioning of the kind on or off."""
        return self._edited(enabled=enabled)

    def with_actions(self, actions: AbstractSet[ObjectAction]) -> ObjectMapping:
        """Say what may be done with the objects. Flags that we do not know stay."""
        if self.actions == actions:
            return self
        ours = [action.flag for action in ObjectAction]
        others = [flag for flag in self._flags if flag not in (*ours, "None")]
        flags = [action.flag for action in ObjectAction if action in actions] + others
        separator = ", " if ", " in str(self._copied.get("flowTypes")) else ","
        return self._edited(flowTypes=separator.join(flags) or "None")

    def with_attribute(self, attribute: AttributeDefinition, *, at_source: bool = False) -> ObjectMapping:
        """Add an attribute to those that the app has, or Entra; one of that name stays as it is.

        Learn: customize-application-attributes#editing-the-list-of-supported-attributes; graph: synchronization
        directory extension attributes.

        :raises ConfigurationError: when the schema describes no such object.
        """
        held = self.sources if at_source else self.targets
        if not held:
            side = "source" if at_source else "target"
            raise ConfigurationError(
                f"attributes.{self.kind.value}.{attribute.name}: the schema of this job does not describe the {side} "
                f"object of {self.kind.value}, so no attribute can be added.",
                hint="Restore the default mappings in the portal, then try again.",
            )
        more = {attribute.name: attribute, **held}
        return replace(self, sources=more) if at_source else replace(self, targets=more)

    def lines(self) -> Iterator[str]:
        """Say everything that is understood, in an order of its own; nothing, when the app has no such mapping."""
        if self.node is None:
            return
        yield f"{self.kind.value} {self.is_enabled} {sorted(self._flags)}"
        for target, mapping in sorted(self.mappings.items()):
            flow = f"{mapping.flow_type.value} {mapping.flow_behavior.value}"
            yield f"{target} = {mapping.written} {mapping.match} {mapping.default!r} {flow}"
        try:
            yield str(self.filter)
        except ExpressionError:
            yield json.dumps(self.node.get("scope"), sort_keys=True)

    @property
    def _flags(self) -> list[str]:
        """The flags of ``flowTypes``; docs and real answers differ in blanks (graph 6.1)."""
        return [flag.strip() for flag in str((self.node or {}).get("flowTypes") or "").split(",") if flag.strip()]

    @property
    def _copied(self) -> JsonObject:
        """A copy that may be edited.

        :raises LookupError: when the app has no such mapping.
        """
        if self.node is None:
            raise LookupError(f"The schema has no object mapping for {self.kind.value}.")
        return copy.deepcopy(self.node)

    def _edited(self, **differences: object) -> ObjectMapping:
        return replace(self, node={**self._copied, **differences})


def _groups_over(existing: list[JsonObject], scoping: ScopingFilter) -> Iterator[JsonObject]:
    """Write the groups of a filter. One that is there already stays as it is, but for a title that was given."""
    remaining = list(existing)
    for group in scoping.groups:
        same = next((node for node in remaining if _is_group(node, group)), None)
        if same is None:
            yield dict(group.to_graph())
            continue
        remaining.remove(same)
        yield same | {"name": group.name} if group.is_titled else same


def _is_group(node: JsonObject, group: ClauseGroup) -> bool:
    try:
        return ClauseGroup.from_graph(node) == group
    except ExpressionError:
        return False
