"""What a schema says of attributes: which there are, and how one at the app gets its value from Entra.

Attribute mappings are read from Graph as far as they are understood, and written only where they differ. Source: graph:
synchronization-attributemapping, synchronization-attributedefinition; 6.1 for what real answers hold.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, TypeVar

from provisioning.errors import ExpressionError
from provisioning.language import Expression

JsonObject = dict[str, Any]

_Member = TypeVar("_Member", bound=Enum)


class ObjectKind(Enum):
    """What is provisioned: the two object mappings of a gallery SCIM app (graph: synchronization-objectmapping)."""

    USERS = "users"
    GROUPS = "groups"

    @property
    def source_object(self) -> str:
        """Graph's ``sourceObjectName``; the mapping's own name varies by age and must not be relied on."""
        return {"users": "User", "groups": "Group"}[self.value]


class ObjectAction(Enum):
    """A target object action, as the portal names it; Graph's ``flowTypes`` holds the flags (graph 6.1)."""

    CREATE = "create"
    """Whoever has no account gets one."""
    UPDATE = "update"
    """Disabling is an update: without it nobody who leaves is disabled (Learn: how-provisioning-works)."""
    DELETE = "delete"
    """Accounts of people who are gone from Entra for good are deleted, and so are groups that are gone."""

    @property
    def flag(self) -> str:
        """Its name among Graph's ``flowTypes``."""
        return {"create": "Add", "update": "Update", "delete": "Delete"}[self.value]


class FlowType(Enum):
    """When a value is written (graph: synchronization-attributemapping)."""

    ALWAYS = "Always"
    """Whenever it changes; what a new mapping begins with."""
    OBJECT_ADD_ONLY = "ObjectAddOnly"
    """Only when the account is created."""
    MULTI_VALUE_ADD_ONLY = "MultiValueAddOnly"
    """Only what a list of values gets in addition."""
    VALUE_ADD_ONLY = "ValueAddOnly"
    """What is added, never what is taken away."""
    ATTRIBUTE_ADD_ONLY = "AttributeAddOnly"
    """Only while the target has no value."""


class FlowBehavior(Enum):
    """Whether an unchanged value is written again (graph: synchronization-attributemapping)."""

    FLOW_WHEN_CHANGED = "FlowWhenChanged"
    """Only a value that changed is written; what a new mapping begins with."""
    FLOW_ALWAYS = "FlowAlways"
    """The value is written at every cycle, changed or not."""


@dataclass(frozen=True, slots=True)
class UnreadSource:
    """A source that the service holds and that cannot be read here, such as a function of next year."""

    text: str
    """What it says, to be shown."""

    node: Mapping[str, Any] = field(repr=False, hash=False)
    """The whole of it, as Graph sent it."""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class AttributeMapping:
    """How one target attribute gets its value."""

    target: str
    """The attribute at the app, such as ``userName`` or ``emails[type eq "work"].value``."""

    source: Expression | None = None
    """The expression that computes it, such as ``[userPrincipalName]``; ``None`` leaves it to the default."""

    match: int | None = None
    """Its turn when looking for an existing account, from 1; ``None`` when it is not used to match."""

    default: str | None = None
    """Used when the source gives nothing, and only at creation (Learn: customize-application-attributes)."""

    flow_type: FlowType = FlowType.ALWAYS

    flow_behavior: FlowBehavior = FlowBehavior.FLOW_WHEN_CHANGED

    unread: UnreadSource | None = None
    """What the service holds in place of a source that could be read; then ``source`` is ``None``."""

    @property
    def written(self) -> str:
        """What computes it, as text; empty when nothing does."""
        return str(self.source or self.unread or "")


@dataclass(frozen=True, slots=True)
class DeclaredMapping:
    """What a configuration says about one mapping. What it does not name stays as it is."""

    target: str

    named: Mapping[str, Any] = field(default_factory=dict)
    """Fields of :class:`AttributeMapping` that were written, such as ``{"source": …, "match": 1}``."""

    def applied_to(self, observed: AttributeMapping | None) -> AttributeMapping:
        """Give the mapping that results when *observed* is what the service has, or nothing."""
        read = {"unread": None} if "source" in self.named else {}
        return replace(observed or AttributeMapping(self.target), **{**read, **self.named})


@dataclass(frozen=True, slots=True)
class AttributeDefinition:
    """One attribute (graph: synchronization-attributedefinition)."""

    name: str
    """Such as ``userName`` or ``emails[type eq "work"].value``."""
    type: str = "String"
    """``String``, ``Integer``, ``Reference``, ``Binary``, ``Boolean`` or ``DateTime``."""
    required: bool = False
    read_only: bool = False
    multivalued: bool = False
    case_exact: bool = False
    """Whether values that differ in case alone are different (Learn: functions#tolower)."""

    @classmethod
    def from_graph(cls, node: Mapping[str, Any]) -> AttributeDefinition:
        """Read an ``attributeDefinition``."""
        return cls(
            name=node["name"],
            type=str(node.get("type") or "String"),
            required=bool(node.get("required")),
            read_only=str(node.get("mutability")).lower() == "readonly",
            multivalued=bool(node.get("multivalued")),
            case_exact=bool(node.get("caseExact")),
        )

    def to_graph(self) -> dict[str, Any]:
        """Write it with every key that Graph shows, in Graph's order (graph 6.1)."""
        return {
            "anchor": False,
            "caseExact": self.case_exact,
            "defaultValue": None,
            "flowNullValues": False,
            "multivalued": self.multivalued,
            "mutability": "ReadOnly" if self.read_only else "ReadWrite",
            "name": self.name,
            "required": self.required,
            "type": self.type,
            "apiExpressions": [],
            "metadata": [],
            "referencedObjects": [],
        }


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
