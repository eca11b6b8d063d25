"""Reading what a client wants to write: which parts of a body become properties, and how they change an object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.company import values
from emulator.company.clock import as_graph_writes
from emulator.company.shapes import SHAPES, Shape
from emulator.graph import extensions
from emulator.graph.exchange import Answer, Call, context
from emulator.graph.expand import expanded
from emulator.graph.showing import by_name, shown

if TYPE_CHECKING:
    from emulator.company.store import DirectoryObject, JsonObject, Kind

_READ_ONLY = frozenset({"id", "deletedDateTime", "createdDateTime", "passwordProfile"})


def written(call: Call, shape: Shape, *, read_only: frozenset[str] = frozenset()) -> JsonObject:
    """Keep what can be written of the body. Annotations and read-only properties are left out; null is a value.

    :raises Refusal: 400 when a property does not exist, or cannot have its value.
    """
    properties = shape.properties(call.version)
    kept = extensions.written(call.json, call.directory, shape.kind, shape.title)
    for given, value in call.json.items():
        if "@" in given or given in kept:
            continue
        name = by_name(shape, properties, given)
        if name not in _READ_ONLY and name not in read_only:
            # A list or group of properties that is set to null is emptied: it cannot be nothing.
            default = properties[name]
            values.check(name, value, default, shape.title)
            kept[name] = type(default)() if value is None and isinstance(default, list) else plain(value)
    return kept


def plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Leave out what clients annotate, such as ``@odata.type``, at every depth: it is never shown again."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items() if "@" not in name}
    return [plain(item) for item in value] if isinstance(value, list) else value


def merged(thing: DirectoryObject, changes: JsonObject) -> JsonObject:
    """Lay changes over what is stored.

    A group of properties that is always there (``web``, ``api``) keeps those that are not mentioned. One that may be
    absent (``optionalClaims``, ``employeeOrgData``, ``samlSingleSignOnSettings``) is a value: another one replaces it,
    null or an empty one clears it (observed: the azuread provider's acceptance tests).
    """
    defaults = SHAPES[thing.kind].properties("beta")
    return {name: _laid_over(thing.properties.get(name), defaults.get(name), value) for name, value in changes.items()}


def _laid_over(stored: object, default: object, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(default, dict):
        before = stored if isinstance(stored, dict) else default
        kept = default if value is None else before
        return {**kept, **{key: _emptied(kept.get(key), item) for key, item in (value or {}).items()}}
    return None if value == {} else value


def created(call: Call, thing: DirectoryObject) -> Answer:
    """Answer 201 with a new object."""
    shape = SHAPES[thing.kind]
    body = {"@odata.context": context(call, f"{shape.collection}/$entity"), **shown(thing, call.version)}
    return Answer(201, body, {"location": f"{call.root}/{shape.collection}/{thing.id}"})


def entity(call: Call, thing: DirectoryObject, select: list[str]) -> Answer:
    """Answer 200 with one object."""
    shape = SHAPES[thing.kind]
    of = f"{shape.collection}({','.join(select)})/$entity" if select else f"{shape.collection}/$entity"
    body = expanded(call, thing, shown(thing, call.version, select))
    return Answer(200, {"@odata.context": context(call, of), **body})


def add(call: Call, kind: Kind, properties: JsonObject) -> DirectoryObject:
    """Create an object with a new id, now."""
    now = as_graph_writes(call.entra.world.clock.now())
    made = call.directory.add(kind, {"id": call.entra.world.id(), "createdDateTime": now, **properties})
    call.entra.replication.born(made.id)
    return made


def _emptied(before: object, value: object) -> object:
    return [] if value is None and isinstance(before, list) else value
