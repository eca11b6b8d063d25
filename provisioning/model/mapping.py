"""How one attribute at Elium gets its value from Entra."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provisioning.language import Expression


class ObjectKind(Enum):
    """What is provisioned: the two object mappings of a gallery SCIM app (graph: synchronization-objectmapping)."""

    USERS = "users"
    GROUPS = "groups"

    @property
    def source_object(self) -> str:
        """Graph's ``sourceObjectName``; the mapping's own name varies by age and must not be relied on."""
        return {"users": "User", "groups": "Group"}[self.value]


class FlowType(Enum):
    """When a value is written (graph: synchronization-attributemapping)."""

    ALWAYS = "Always"
    OBJECT_ADD_ONLY = "ObjectAddOnly"
    """Only when the account is created."""
    MULTI_VALUE_ADD_ONLY = "MultiValueAddOnly"
    VALUE_ADD_ONLY = "ValueAddOnly"
    ATTRIBUTE_ADD_ONLY = "AttributeAddOnly"
    """Only while the target has no value."""


class FlowBehavior(Enum):
    """Whether an unchanged value is written again (graph: synchronization-attributemapping)."""

    FLOW_WHEN_CHANGED = "FlowWhenChanged"
    FLOW_ALWAYS = "FlowAlways"


@dataclass(frozen=True, slots=True)
class AttributeMapping:
    """How one target attribute gets its value."""

    target: str
    """The attribute at Elium, such as ``userName`` or ``emails[type eq "work"].value``."""

    source: Expression | None = None
    """The expression that computes it, such as ``[userPrincipalName]``; ``None`` leaves it to the default."""

    match: int | None = None
    """Its turn when looking for an existing account, from 1; ``None`` when it is not used to match."""

    default: str | None = None
    """Used when the source gives nothing, and only at creation (Learn: customize-application-attributes)."""

    flow_type: FlowType = FlowType.ALWAYS

    flow_behavior: FlowBehavior = FlowBehavior.FLOW_WHEN_CHANGED


@dataclass(frozen=True, slots=True)
class DeclaredMapping:
    """What a configuration says about one mapping. What it does not name stays as it is."""

    target: str

    named: Mapping[str, Any] = field(default_factory=dict)
    """Fields of :class:`AttributeMapping` that were written, such as ``{"source": …, "match": 1}``."""

    def applied_to(self, observed: AttributeMapping | None) -> AttributeMapping:
        """Give the mapping that results when *observed* is what the service has, or nothing."""
        return replace(observed or AttributeMapping(self.target), **self.named)
