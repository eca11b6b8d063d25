"""Our JSON schemas, held against what is written."""

from __future__ import annotations

from typing import Any

KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "object": (dict,),
    "array": (list,),
}


def mistakes(value: Any, node: Any, at: str) -> list[str]:
    """Say where a value is not of a schema, as far as our schemas go; a name that is not described is a mistake."""
    if "anyOf" in node:
        return [] if any(mistakes(value, one, at) == [] for one in node["anyOf"]) else [f"{at}: none of anyOf"]
    if "enum" in node:
        return [] if value in node["enum"] else [f"{at}: {value!r}"]
    if not isinstance(value, KINDS[node["type"]]):
        return [f"{at}: {value!r} is not {node['type']}"]
    below = inner_of(value, node)
    missing = sorted(set(node.get("required", ())) - {key for key, _, _ in below})
    found = [wrong for key, each, inner in below for wrong in mistakes(each, inner, f"{at}.{key}")]
    return [*(f"{at}.{name} is missing" for name in missing), *found]


def inner_of(value: Any, node: Any) -> list[tuple[Any, Any, Any]]:
    """Give what lies in a value, each with its key and its schema."""
    if isinstance(value, list):
        return [(place, each, node["items"]) for place, each in enumerate(value)]
    if not isinstance(value, dict):
        return []
    known, others = node.get("properties", {}), node.get("additionalProperties", {"enum": []})
    return [(key, each, known.get(key, others)) for key, each in value.items()]
