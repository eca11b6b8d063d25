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


class ObjectAction(Enum):
    """A target object action, as the portal names it; Graph's ``flowTypes`` holds the flags (graph 6.1)."""

    CREATE = "create"
    UPDATE = "update"
    """Disabling is an update: without it nobody who leaves is disabled (Learn: how-provisioning-works)."""
    DELETE = "delete"

    @property
    def flag(self) -> str:
        """Its name among Graph's ``flowTypes``."""
        return {"create": "Add", "update": "Update", "delete": "Delete"}[self.value]


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
    """The attribute at Elium, such as ``userName`` or ``emails[type eq "work"].value``."""

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
