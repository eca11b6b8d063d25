"""The package schema of what the stand-in has: languages that know no types of their own, such as YAML, ask for it.

Resources are described by their tables. Functions have none: their arguments and results are those that the
``pulumi_azuread`` wheel declares. Whatever has a type of its own there is anything at all here.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from typing import Any, Union, get_args, get_origin

from emulator.azuread.configuration import KEYS, SECRETS
from emulator.azuread.functions import FUNCTIONS
from emulator.azuread.properties import Kind, Property, Role
from emulator.azuread.resources import RESOURCES

JsonObject = dict[str, Any]

ANYTHING: JsonObject = {"$ref": "pulumi.json#/Any"}
_TEXTS: JsonObject = {"type": "array", "items": {"type": "string"}}
KINDS: Mapping[Kind, JsonObject] = {
    Kind.TEXT: {"type": "string"},
    Kind.FLAG: {"type": "boolean"},
    Kind.LIST: _TEXTS,
    Kind.SET: _TEXTS,
    Kind.BLOCK: {"type": "object", "additionalProperties": ANYTHING},
}
SCALARS: Mapping[object, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}


def package_schema() -> JsonObject:
    """Describe the package to Pulumi (pulumi: package schema)."""
    wheel = import_module("pulumi_azuread")
    return {
        "name": "azuread",
        "version": version("pulumi-azuread"),
        # In a token such as azuread:index/group:Group, what follows the slash is no module.
        "meta": {"moduleFormat": "(.*)(?:/[^/]*)"},
        "provider": {"inputProperties": {name: _setting(name) for name in sorted(KEYS)}},
        "resources": {token: _resource(resource.table) for token, resource in RESOURCES.items()},
        "functions": {token: _function(token, wheel) for token in FUNCTIONS},
    }


def _setting(name: str) -> JsonObject:
    kind = Kind.FLAG if name.startswith(("use", "disable")) else Kind.TEXT
    return {**KINDS[kind], **({"secret": True} if name in SECRETS else {})}


def _resource(table: Iterable[Property]) -> JsonObject:
    rows = list(table)
    return {
        "inputProperties": {row.name: _property(row) for row in rows if row.is_input},
        "requiredInputs": [row.name for row in rows if row.role is Role.REQUIRED],
        "properties": {row.name: _property(row) for row in rows},
        # What is declared or not, but Graph tells; the bridge of Terraform says the same of what is computed.
        "required": [row.name for row in rows if row.role is not Role.OPTIONAL or row.default],
    }


def _property(row: Property) -> JsonObject:
    replaces = {"willReplaceOnChanges": True} if row.replaces and row.is_input else {}
    return {**KINDS[row.kind], **replaces, **({"secret": True} if row.secret else {})}


def _function(token: str, wheel: ModuleType) -> JsonObject:
    """Describe a function, such as ``azuread:index/getGroup:getGroup``, as the wheel does."""
    name = token.rpartition(":")[2]
    asked = inspect.signature(getattr(wheel, _snake(name))).parameters
    told = getattr(wheel, f"{name[0].upper()}{name[1:]}Result")
    getters = {each: it.fget for each, it in inspect.getmembers(told) if isinstance(it, property)}
    outputs = {_camel(each): _type(getter.__annotations__["return"]) for each, getter in getters.items()}
    return {
        "inputs": {"properties": {_camel(each): _type(it.annotation) for each, it in asked.items() if each != "opts"}},
        "outputs": {"properties": outputs, "required": list(outputs)},
    }


def _type(annotation: object) -> JsonObject:
    """Translate what a Python function says of an argument or a result."""
    inner = [each for each in get_args(annotation) if each is not type(None)]
    match get_origin(annotation):
        case None if annotation in SCALARS:
            return {"type": SCALARS[annotation]}
        case origin if origin is Union and len(inner) == 1:
            return _type(inner[0])
        case origin if origin is Sequence:
            return {"type": "array", "items": _type(inner[0])}
        case origin if origin is Mapping:
            return {"type": "object", "additionalProperties": _type(inner[1])}
        case _:
            return ANYTHING


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
