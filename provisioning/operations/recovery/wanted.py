"""What is missing in a stack's state: creations that were cut, and what the program declares beyond it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

JsonObject = Mapping[str, Any]


OURS = "entrasync:"
"""Resources of our own plugin: an unfinished one is found again by its next ``up``."""

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine writes for a text that is not known yet (pulumi: ``plugin.UnknownStringValue``)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A resource that should be in the state and is not."""

    urn: str
    type: str
    inputs: Mapping[str, Any]
    parent: str
    """The URN of the resource above it; empty when there is none."""
    was_begun: bool
    """Whether a run began to create it and was cut; otherwise it is only declared."""

    @property
    def name(self) -> str:
        """Its name in the program, such as ``elium-app``."""
        return self.urn.rpartition("::")[2]

    def input(self, name: str) -> str:
        """Give an input; empty when it is absent or not known yet."""
        value = self.inputs.get(name)
        return value if isinstance(value, str) and value != UNKNOWN else ""


def wanted(export: JsonObject, steps: Iterable[JsonObject] = ()) -> list[Wanted]:
    """List what is missing, what was begun first.

    *export* is what ``pulumi stack export`` prints, *steps* those of ``pulumi preview --json``, as far as it got.
    """
    begun = [_begun(operation["resource"]) for operation in _pending(export) if operation["type"] == "creating"]
    declared = [_declared(step["newState"]) for step in steps if step["op"] == "create" and step.get("newState")]
    known = {one.urn for one in begun}
    return [*begun, *(one for one in declared if one.urn not in known)]


def was_cut(export: JsonObject) -> bool:
    """Tell whether the state remembers an operation that never ended."""
    return bool(_pending(export))


def known_in(export: JsonObject) -> frozenset[str]:
    """Give the ids and the URNs of everything that is in the state."""
    resources: Iterable[JsonObject] = export["deployment"].get("resources") or ()
    return frozenset(str(resource[name]) for resource in resources for name in ("id", "urn") if resource.get(name))


def _pending(export: JsonObject) -> list[JsonObject]:
    return list(export["deployment"].get("pending_operations") or ())


def _begun(node: JsonObject) -> Wanted:
    return Wanted(node["urn"], node["type"], node.get("inputs") or {}, node.get("parent") or "", was_begun=True)


def _declared(node: JsonObject) -> Wanted:
    return Wanted(node["urn"], node["type"], node.get("inputs") or {}, node.get("parent") or "", was_begun=False)
