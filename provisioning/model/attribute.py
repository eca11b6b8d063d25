"""The attributes that a directory says it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


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
