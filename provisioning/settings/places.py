"""Where a mistake was written, followed through the description of what may be written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """One place in what was written."""

    parts: tuple[int | str, ...]
    """Names and numbers, the outermost first. Pydantic's names for branches, which nobody wrote, are not among them."""
    siblings: tuple[str, ...]
    """The names that may stand beside the last one, or in its stead."""
    examples: tuple[Any, ...] = ()
    """What might be written there."""
    names: tuple[str, ...] = ()
    """The names that may stand in it."""

    @classmethod
    def of(cls, model: type[BaseModel], where: Sequence[int | str]) -> Place:
        """Follow *where* through the schema of *model*. A last name that is unknown is part of the place too."""
        document = _document(model)
        nodes, parts = [document], list[int | str]()
        for number, part in enumerate(where, start=1):
            alternatives = list(_alternatives(document, nodes))
            below = [node for each in alternatives for node in _below(each, part)]
            if below:
                nodes = below
                parts.append(part)
            elif number == len(where) and not str(part).startswith("["):
                return cls((*parts, part), _names(alternatives))
        examples = tuple(example for node in nodes for example in node.get("examples", ()))
        return cls(tuple(parts), (), examples, _names(_alternatives(document, nodes)))


@cache
def _document(model: type[BaseModel]) -> Node:
    return model.model_json_schema(by_alias=True)


def _alternatives(document: Node, nodes: Sequence[Node]) -> Iterator[Node]:
    """List everything that may stand at a place: references followed, unions taken apart."""
    for node in nodes:
        if "$ref" in node:
            yield from _alternatives(document, [document["$defs"][node["$ref"].rpartition("/")[2]]])
        elif "anyOf" in node:
            yield from _alternatives(document, node["anyOf"])
        else:
            yield node


def _names(nodes: Iterable[Node]) -> tuple[str, ...]:
    return tuple(name for node in nodes for name in node.get("properties", ()))


def _below(node: Node, part: int | str) -> Iterator[Node]:
    if isinstance(part, int):
        if "items" in node:
            yield node["items"]
    elif part in node.get("properties", {}):
        yield node["properties"][part]
    elif isinstance(node.get("additionalProperties"), dict):
        yield node["additionalProperties"]
