"""Attribute mappings as Graph has them: read as far as they are understood, written only where they differ.

Source: graph: synchronization-attributemapping; 6.1 for what real answers hold.
"""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, TypeVar

from provisioning.errors import ExpressionError
from provisioning.language import Expression
from provisioning.model.mapping import AttributeMapping, FlowBehavior, FlowType, UnreadSource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import Enum

    _Member = TypeVar("_Member", bound=Enum)

JsonObject = dict[str, Any]


def mapping_from_graph(node: Mapping[str, Any]) -> AttributeMapping:
    """Read an ``attributeMapping``. A source that cannot be read is kept as it is."""
    priority = node.get("matchingPriority") or 0
    source = _source(node.get("source"))
    return AttributeMapping(
        target=str(node.get("targetAttributeName")),
        source=source if isinstance(source, Expression) else None,
        match=priority if priority > 0 else None,
        default=node.get("defaultValue"),
        flow_type=_known(FlowType, node.get("flowType"), FlowType.ALWAYS),
        flow_behavior=_known(FlowBehavior, node.get("flowBehavior"), FlowBehavior.FLOW_WHEN_CHANGED),
        unread=source if isinstance(source, UnreadSource) else None,
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
    node["targetAttributeName"] = mapping.target
    if before is None or (before.source, before.unread) != (mapping.source, mapping.unread):
        node["source"] = _written(mapping)
    return node


def _written(mapping: AttributeMapping) -> JsonObject | None:
    if mapping.unread:
        return copy.deepcopy(dict(mapping.unread.node))
    return mapping.source.to_graph() if mapping.source else None


def _source(node: Mapping[str, Any] | None) -> Expression | UnreadSource | None:
    if not node:
        return None
    try:
        return Expression.from_graph(node)
    except ExpressionError:
        expression = node.get("expression")
        return UnreadSource(expression if isinstance(expression, str) else json.dumps(node), node)


def _known(kind: type[_Member], value: object, otherwise: _Member) -> _Member:
    """Read an enum of Graph's; a member of next year is taken for the default, and stays in the document as it is."""
    return next((member for member in kind if member.value == value), otherwise)
