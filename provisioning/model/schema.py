"""The synchronization schema of a job, and the object mapping that it has of each kind of object.

Theory of operation. A schema has thousands of lines, of which we understand a few and own fewer. So it stays the
document that Graph sent; typed values are views of it, and every edit gives a new document in which only the edited
place differs. What we do not know, an unknown key, an enum of next year, a null, survives to the byte because nobody
takes it apart. Source: graph: synchronization-synchronizationschema.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from provisioning.model.mapping import AttributeDefinition, JsonObject, ObjectKind
from provisioning.model.object_mapping import ObjectMapping


@dataclass(frozen=True)
class SynchronizationSchema:
    """A schema as the service holds it. Editing gives a new one, so views of it are made once: it has no slots."""

    document: Mapping[str, Any]
    """What Graph sent, untouched."""

    @property
    def version(self) -> str:
        """The service's version, such as ``Date:2026-01-15T09:30:00.1234567Z, ActivityId:…``; new with each change."""
        return str(self.document.get("version") or "")

    @property
    def rule(self) -> str:
        """The id of the rule that provisioning on demand goes by; empty in a schema without one."""
        rules = self.document.get("synchronizationRules") or [{}]
        return str(rules[0].get("id") or "")

    @property
    def meaning(self) -> str:
        """A fingerprint of what the schema means, so that a change of somebody else's is noticed after our own save.

        The service gives each saved schema a new version, which only another read would tell; and what it adds or
        reorders by itself means nothing.
        """
        text = "\n".join(line for kind in ObjectKind for line in self.of(kind).lines())
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def of(self, kind: ObjectKind) -> ObjectMapping:
        """Give the object mapping of a kind; a gallery app may have none for groups."""
        return self._by_kind[kind]

    @cached_property
    def _by_kind(self) -> Mapping[ObjectKind, ObjectMapping]:
        return {
            kind: ObjectMapping(
                kind,
                _object_mapping(self.document, kind),
                self._attributes(kind, "source"),
                self._attributes(kind, "target"),
            )
            for kind in ObjectKind
        }

    def having(self, edited: ObjectMapping) -> SynchronizationSchema:
        """Put an object mapping that was edited in its place; everything else is shared with the schema before."""
        document = self.document
        for side, attributes in (("source", edited.sources), ("target", edited.targets)):
            held = self._attributes(edited.kind, side)
            added = [attribute for name, attribute in attributes.items() if name not in held]
            document = _with_attributes(document, edited.kind, side, added) if added else document
        if edited.node is _object_mapping(self.document, edited.kind):
            return SynchronizationSchema(document)
        return SynchronizationSchema(_with_node(document, edited.kind, edited.node))

    def _attributes(self, kind: ObjectKind, side: str) -> dict[str, AttributeDefinition]:
        nodes = (_object_definition(self.document, kind, side) or {}).get("attributes") or []
        return {node["name"]: AttributeDefinition.from_graph(node) for node in nodes if node.get("name")}


def unknown_schema() -> SynchronizationSchema:
    """Give what stands in for a schema that is not known yet: both kinds, and nothing said of them."""
    nodes = [
        {"enabled": True, "sourceObjectName": kind.source_object, "targetObjectName": kind.value} for kind in ObjectKind
    ]
    sources = [{"name": kind.source_object, "attributes": []} for kind in ObjectKind]
    targets: list[JsonObject] = [{"name": kind.value, "attributes": []} for kind in ObjectKind]
    rule = {"sourceDirectoryName": "source", "targetDirectoryName": "target", "objectMappings": nodes}
    return SynchronizationSchema(
        {
            "synchronizationRules": [rule],
            "directories": [{"name": "source", "objects": sources}, {"name": "target", "objects": targets}],
        }
    )


def _object_mappings(document: Mapping[str, Any]) -> Iterator[tuple[JsonObject, JsonObject]]:
    """List the object mappings, each with the rule that it stands in."""
    for rule in document.get("synchronizationRules") or []:
        for node in rule.get("objectMappings") or []:
            yield rule, node


def _object_mapping(document: Mapping[str, Any], kind: ObjectKind) -> JsonObject | None:
    """Find the object mapping of a kind; by its source object, since its name varies by age (graph 6.1)."""
    named = (node for _, node in _object_mappings(document) if node.get("sourceObjectName") == kind.source_object)
    return next(named, None)


def _with_node(document: Mapping[str, Any], kind: ObjectKind, edited: JsonObject | None) -> dict[str, Any]:
    """Replace the object mapping of a kind."""
    before = _object_mapping(document, kind)
    if before is None or edited is None:
        raise LookupError(f"The schema has no object mapping for {kind.value}.")
    rules = [
        {**rule, "objectMappings": [edited if node is before else node for node in rule["objectMappings"]]}
        if any(node is before for node in rule.get("objectMappings") or [])
        else rule
        for rule in document["synchronizationRules"]
    ]
    return {**document, "synchronizationRules": rules}


def _object_definition(document: Mapping[str, Any], kind: ObjectKind, side: str) -> JsonObject | None:
    """Find the object that a mapping's *side*, ``source`` or ``target``, names, in the directory of that side."""
    for rule, node in _object_mappings(document):
        if node.get("sourceObjectName") == kind.source_object:
            directory, name = rule.get(f"{side}DirectoryName"), node.get(f"{side}ObjectName")
            return next((each for each in _definitions(document, directory) if each.get("name") == name), None)
    return None


def _definitions(document: Mapping[str, Any], directory: object) -> Iterator[JsonObject]:
    for candidate in document.get("directories") or []:
        if candidate.get("name") == directory:
            yield from candidate.get("objects") or []


def _with_attributes(
    document: Mapping[str, Any], kind: ObjectKind, side: str, added: list[AttributeDefinition]
) -> dict[str, Any]:
    """Add attributes to the object that a mapping's side names."""
    before = _object_definition(document, kind, side)
    if before is None:
        raise LookupError(f"The schema does not describe the {side} object of {kind.value}.")
    after = {**before, "attributes": [*(before.get("attributes") or []), *(each.to_graph() for each in added)]}
    directories = [
        {**directory, "objects": [after if each is before else each for each in directory.get("objects") or []]}
        if any(each is before for each in directory.get("objects") or [])
        else directory
        for directory in document["directories"]
    ]
    return {**document, "directories": directories}
