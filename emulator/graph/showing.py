"""How an object is shown: what was set, and the defaults of :mod:`emulator.company.shapes` for the rest.

Names that begin with an underscore never leave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.company.shapes import SHAPES
from emulator.graph.declared import no_such_property
from emulator.graph.extensions import is_extension

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from emulator.company.shapes import Shape
    from emulator.company.store import DirectoryObject, JsonObject


def shown(thing: DirectoryObject, version: str = "v1.0", select: Iterable[str] = ()) -> JsonObject:
    """Show an object: the properties that were asked for, or those that a version shows unasked.

    :raises Refusal: 400 when a property was asked for that the type does not have.
    """
    shape = SHAPES[thing.kind]
    properties = shape.properties(version)
    names = wanted(shape, version, select)
    stored = thing.properties
    body = {name: stored.get(name, properties[name]) for name in names if name in properties}
    # A directory extension is shown where it has a value.
    body |= {name: stored[name] for name in names if name not in properties and stored.get(name) is not None}
    if thing.deleted and "deletedDateTime" in body:
        body["deletedDateTime"] = f"{thing.deleted:%Y-%m-%dT%H:%M:%SZ}"
    if "keyCredentials" in body:
        body["keyCredentials"] = [{**held, "key": None} for held in body["keyCredentials"] or ()]
    if "passwordProfile" in body:
        body["passwordProfile"] = None
    return body


def typed(thing: DirectoryObject, version: str = "v1.0", select: Iterable[str] = ()) -> JsonObject:
    """Show an object among others of different types, with its ``@odata.type``."""
    return {"@odata.type": f"#microsoft.graph.{SHAPES[thing.kind].type}", **shown(thing, version, select)}


def those_of(shape: Shape, version: str, select: Iterable[str]) -> list[str]:
    """Keep of the selected names, in any case, what a type has; the id when it has none of them."""
    known = {name.casefold() for name in shape.properties(version)}
    asked = list(select)
    kept = [name for name in asked if name.casefold() in known or is_extension(name)]
    return kept or (["id"] if asked else [])


def wanted(shape: Shape, version: str, select: Iterable[str]) -> Iterable[str]:
    """Name the properties to show. :raises Refusal: 400 when one does not exist."""
    properties = shape.properties(version)
    names = [by_name(shape, properties, name, "Parsing OData Select and Expand failed: ") for name in select]
    if names:
        return names
    return shape.unasked if shape.unasked is not None and version == "v1.0" else properties


def by_name(shape: Shape, properties: Mapping[str, Any], name: str, why: str = "") -> str:
    """Find a property whatever its case; a directory extension is taken by its look.

    :raises Refusal: 400 when there is none.
    """
    if name in properties or is_extension(name):
        return name
    for candidate in properties:
        if candidate.lower() == name.lower():
            return candidate
    raise no_such_property(name, shape.type, why)
