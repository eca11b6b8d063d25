"""Of which type everything in a schema is, so that ``"enabled": "no"`` is refused and does not mean yes.

The types are those of the resource pages (graph: synchronization-synchronizationschema and what hangs below it). A
property that is not listed is carried and not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Shape: TypeAlias = "str | list[Shape] | dict[str, Shape]"
"""The name of a type; a list with the shape of each member; an object with the shapes of its properties."""

TEXT, TRUTH, NUMBER = "Edm.String", "Edm.Boolean", "Edm.Int32"


def _all(shape: Shape, *names: str) -> dict[str, Shape]:
    return dict.fromkeys(names, shape)


_METADATA: Shape = [_all(TEXT, "key", "value")]
_ATTRIBUTE: dict[str, Shape] = {
    **_all(TEXT, "name", "type", "mutability", "defaultValue"),
    **_all(TRUTH, "anchor", "caseExact", "flowNullValues", "multivalued", "required"),
    "referencedObjects": [_all(TEXT, "referencedObjectName", "referencedProperty")],
    "metadata": _METADATA,
}
_DIRECTORY: dict[str, Shape] = {
    **_all(TEXT, "id", "name", "version", "discoverabilities", "discoveryDateTime"),
    "readOnly": TRUTH,
    "objects": [{"name": TEXT, "attributes": [_ATTRIBUTE], "metadata": _METADATA}],
}
_SOURCE: dict[str, Shape] = {**_all(TEXT, "expression", "name", "type"), "parameters": [{"key": TEXT}]}
_FLOW: dict[str, Shape] = {
    **_all(TEXT, "targetAttributeName", "defaultValue", "flowBehavior", "flowType"),
    "exportMissingReferences": TRUTH,
    "matchingPriority": NUMBER,
    "source": _SOURCE,
}
_CLAUSE: dict[str, Shape] = {**_all(TEXT, "operatorName", "sourceOperandName"), "targetOperand": {"values": [TEXT]}}
_GROUPS: Shape = [{"name": TEXT, "clauses": [_CLAUSE]}]
_MAPPING: dict[str, Shape] = {
    **_all(TEXT, "name", "sourceObjectName", "targetObjectName", "flowTypes"),
    "enabled": TRUTH,
    "attributeMappings": [_FLOW],
    "scope": {"name": TEXT, **_all(_GROUPS, "groups", "inputFilterGroups", "categoryFilterGroups")},
    "metadata": _METADATA,
}
_RULE: dict[str, Shape] = {
    **_all(TEXT, "id", "name", "sourceDirectoryName", "targetDirectoryName"),
    "editable": TRUTH,
    "priority": NUMBER,
    "objectMappings": [_MAPPING],
    "containerFilter": {"includedContainers": [TEXT]},
    "groupFilter": {"includedGroups": [TEXT]},
    "metadata": _METADATA,
}
SCHEMA: dict[str, Shape] = {
    **_all(TEXT, "id", "version", "provisioningTaskIdentifier"),
    "directories": [_DIRECTORY],
    "synchronizationRules": [_RULE],
}

_LEAST, _MOST = -(2**31), 2**31 - 1


def misfits(value: object, shape: Shape = SCHEMA, at: str = "schema") -> Iterator[str]:
    """Name every value that is not of its type. Null is a value of everything but a truth."""
    if value is None and shape != TRUTH:
        return
    if isinstance(shape, str):
        if not _is_of(value, shape):
            yield f"{at}: Cannot convert the literal {value!r:.60} to the expected type '{shape}'."
    elif not isinstance(value, type(shape)):
        yield f"{at}: {'A list' if isinstance(shape, list) else 'An object'} is expected."
    elif isinstance(shape, list):
        for place, item in enumerate(cast("list[object]", value)):
            yield from misfits(item, shape[0], f"{at}/{place}")
    else:
        for name, item in cast("Mapping[str, object]", value).items():
            if name in shape:
                yield from misfits(item, shape[name], f"{at}/{name}")


def _is_of(value: object, type_: str) -> bool:
    match type_:
        case "Edm.String":
            return isinstance(value, str)
        case "Edm.Boolean":
            return isinstance(value, bool)
        case _:
            return isinstance(value, int) and not isinstance(value, bool) and _LEAST <= value <= _MOST
