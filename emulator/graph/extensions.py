"""Directory extensions: properties that a tenant adds to its objects (graph: extensionproperty).

An application registers them; their full name carries its app id without dashes:
``extension_b7d8e648520f41d3b9c0fdeb91768a0a_jobGroup``. They are shown when ``$select`` names them and they have a
value, and lost from sight with the application that registered them (Learn: extensibility-overview).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from emulator.company.refusal import Refusal
from emulator.company.store import EXTENSION_PROPERTIES, Kind
from emulator.graph.declared import no_such_property

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from emulator.company.store import Directory, DirectoryObject, JsonObject

TARGETS: Mapping[str, Kind | None] = {
    "User": Kind.USER,
    "Group": Kind.GROUP,
    "Application": Kind.APPLICATION,
    "ServicePrincipal": Kind.SERVICE_PRINCIPAL,
    "AdministrativeUnit": None,
    "Device": None,
    "Organization": None,
}
"""What can be extended; the kinds without an object here are taken and have no effect."""

_NAME = re.compile(r"extension_[0-9a-f]{32}_\w+", re.IGNORECASE)
_LONGEST_TEXT = 256
_FITS: Mapping[str, Callable[[Any], bool]] = {
    "Binary": lambda value: isinstance(value, str),
    "Boolean": lambda value: isinstance(value, bool),
    "DateTime": lambda value: isinstance(value, str),
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "LargeInteger": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "String": lambda value: isinstance(value, str) and len(value) <= _LONGEST_TEXT,
}
DATA_TYPES = tuple(_FITS)


def is_extension(name: str) -> bool:
    """Tell whether a property is named as directory extensions are."""
    return _NAME.fullmatch(name) is not None


def held_by(application: DirectoryObject) -> list[JsonObject]:
    """List what an application registered."""
    found: list[JsonObject] = application.properties.get(EXTENSION_PROPERTIES) or []
    return found


def extensions_of(directory: Directory, kind: Kind) -> dict[str, JsonObject]:
    """Give the extensions of a kind of object, by full name."""
    return {
        one["name"]: one
        for application in directory.all(Kind.APPLICATION)
        for one in held_by(application)
        if any(TARGETS[target] is kind for target in one["targetObjects"])
    }


def check_known(names: Iterable[str], directory: Directory, kinds: Iterable[Kind], of: str) -> None:
    """Refuse extensions that nobody registered for any of *kinds*. :raises Refusal: 400 naming the first."""
    asked = [name for name in names if is_extension(name)]
    known = {name for kind in kinds for name in extensions_of(directory, kind)} if asked else set()
    for name in asked:
        if name not in known:
            raise no_such_property(name, of, "Parsing OData Select and Expand failed: ")


def written(body: Mapping[str, Any], directory: Directory, kind: Kind, of: str) -> JsonObject:
    """Keep what a body says of extensions. :raises Refusal: 400 when one is not there or its value does not fit."""
    given = {name: value for name, value in body.items() if is_extension(name)}
    known = extensions_of(directory, kind) if given else {}
    missing = sorted(given.keys() - known.keys())
    if missing:
        raise Refusal.bad_request(f"The following extension properties are not available: {','.join(missing)}.")
    for name, value in given.items():
        if value is not None and not _fits(known[name], value):
            raise Refusal.bad_request(f"Invalid value specified for property '{name}' of resource '{of}'.")
    return given


def _fits(definition: Mapping[str, Any], value: object) -> bool:
    fits = _FITS[definition["dataType"]]
    if not definition["isMultiValued"]:
        return fits(value)
    return isinstance(value, list) and all(fits(one) for one in value)
