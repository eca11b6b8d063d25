"""Registering directory extensions (graph: extensionproperty; see :mod:`emulator.graph.extensions`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emulator.company.refusal import Refusal
from emulator.company.store import EXTENSION_PROPERTIES, Kind
from emulator.graph import collections, extensions, lookup
from emulator.graph.access import OWNED_BY, needs
from emulator.graph.declared import EXTENSION
from emulator.graph.exchange import NO_CONTENT, Answer, Call, context
from emulator.graph.routing import Route

if TYPE_CHECKING:
    from emulator.company.store import DirectoryObject, JsonObject

_WORD = re.compile(r"[A-Za-z_]\w*")


def list_properties(call: Call) -> Answer:
    """List what an application registered."""
    application = lookup.application(call)
    found = [_shown(application, one) for one in extensions.held_by(application)]
    return collections.plain_objects(call, found, EXTENSION, _place(application))


def list_available(call: Call) -> Answer:
    """List what all applications of the tenant registered (graph: directoryobject-getavailableextensionproperties)."""
    synced = call.json.get("isSyncedFromOnPremises")
    found = [
        _shown(application, one)
        for application in call.directory.all(Kind.APPLICATION)
        for one in extensions.held_by(application)
        if synced is None or one["isSyncedFromOnPremises"] is synced
    ]
    return collections.plain_objects(call, found, EXTENSION, "extensionProperties")


def get_property(call: Call) -> Answer:
    """Show one."""
    application = lookup.application(call)
    return collections.plain_object(call, _shown(application, _one(call, application)), EXTENSION, _place(application))


def add_property(call: Call) -> Answer:
    """Register one (graph: application-post-extensionproperty)."""
    application, body = lookup.application(call), call.json
    EXTENSION.check_written(body)
    made: JsonObject = {
        "id": call.entra.world.id(),
        "dataType": _data_type(body),
        "isMultiValued": body.get("isMultiValued") is True,
        "isSyncedFromOnPremises": False,
        "name": _full_name(application, body),
        "targetObjects": _targets(body),
    }
    held = extensions.held_by(application)
    if any(one["name"].casefold() == made["name"].casefold() for one in held):
        raise Refusal.bad_request(f"An extension property exists with the name {made['name']}.")
    call.directory.change(application.id, {EXTENSION_PROPERTIES: [*held, made]})
    of = context(call, f"{_place(application)}/$entity")
    return Answer(201, {"@odata.context": of, **_shown(application, made)})


def remove_property(call: Call) -> Answer:
    """Take one away; its values are out of sight from now on."""
    application = lookup.application(call)
    gone = _one(call, application)
    kept = [one for one in extensions.held_by(application) if one is not gone]
    call.directory.change(application.id, {EXTENSION_PROPERTIES: kept})
    return NO_CONTENT


def _one(call: Call, application: DirectoryObject) -> JsonObject:
    for one in extensions.held_by(application):
        if one["id"] == call.ids["property"].lower():
            return one
    raise Refusal.not_found(call.ids["property"])


def _full_name(application: DirectoryObject, body: JsonObject) -> str:
    name = body.get("name")
    if not isinstance(name, str) or _WORD.fullmatch(name) is None:
        raise Refusal.bad_request("Invalid value specified for property 'name' of resource 'ExtensionProperty'.")
    return f"extension_{application.properties['appId'].replace('-', '')}_{name}"


def _data_type(body: JsonObject) -> str:
    told = body.get("dataType")
    if told not in extensions.DATA_TYPES:
        raise Refusal.bad_request("Invalid value specified for property 'dataType' of resource 'ExtensionProperty'.")
    return str(told)


def _targets(body: JsonObject) -> list[str]:
    told = body.get("targetObjects")
    if (
        not isinstance(told, list)
        or not told
        or not all(isinstance(one, str) and one in extensions.TARGETS for one in told)
    ):
        message = "Invalid value specified for property 'targetObjects' of resource 'ExtensionProperty'."
        raise Refusal.bad_request(message)
    return told


def _shown(application: DirectoryObject, one: JsonObject) -> JsonObject:
    known = {name: one[name] for name in ("dataType", "isMultiValued", "isSyncedFromOnPremises", "name")}
    named = {"id": one["id"], "deletedDateTime": None, "appDisplayName": application.properties.get("displayName")}
    return {**named, **known, "targetObjects": one["targetObjects"]}


def _place(application: DirectoryObject) -> str:
    return f"applications('{application.id}')/extensionProperties"


_READ = needs("Application.Read.All", "Directory.Read.All", OWNED_BY)
_WRITE = needs("Application.ReadWrite.All", owned=True)
_AVAILABLE = needs("Directory.Read.All", "Application.Read.All", "User.Read.All")
_AT = "/applications/{id}/extensionProperties"

ROUTES = (
    Route("GET", _AT, list_properties, _READ, "list directory extensions"),
    Route("POST", _AT, add_property, _WRITE, "register a directory extension"),
    Route("GET", f"{_AT}/{{property}}", get_property, _READ, "show one"),
    Route("DELETE", f"{_AT}/{{property}}", remove_property, _WRITE, "remove one"),
    Route(
        "POST",
        "/directoryObjects/getAvailableExtensionProperties",
        list_available,
        _AVAILABLE,
        "list the directory extensions of the tenant",
    ),
)
