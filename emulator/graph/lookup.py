"""Finding what a path names: by object id, and by the other keys that Graph takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from emulator.company.refusal import Refusal
from emulator.company.store import Kind

if TYPE_CHECKING:
    from collections.abc import Collection

    from emulator.company.store import DirectoryObject, JsonObject
    from emulator.graph.exchange import Call

_ALTERNATE_KEY = re.compile(r"^(appId|uniqueName)='(.*)'$", re.IGNORECASE)
_GUID = re.compile(r"^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$", re.IGNORECASE)


def user(call: Call, name: str = "id") -> DirectoryObject:
    """Find the user that the path names, by id or user principal name. :raises Refusal: 404 when there is none."""
    return user_called(call, call.ids[name])


def user_called(call: Call, key: str) -> DirectoryObject:
    """Find a user by id or user principal name. :raises Refusal: 404 when there is none."""
    found = call.directory.find(key, Kind.USER)
    if found is None and "@" in key:
        found = _with(call, Kind.USER, "userPrincipalName", key)
    return _visible(call, _or_not_found(found, key))


def group(call: Call, name: str = "id") -> DirectoryObject:
    """Find the group that the path names. :raises Refusal: 404 when there is none."""
    return _visible(call, call.directory.get(call.ids[name], Kind.GROUP))


def application(call: Call) -> DirectoryObject:
    """Find the application that the path names, by object id or ``appId='…'``. :raises Refusal: 404 otherwise."""
    return _keyed(call, Kind.APPLICATION)


def service_principal(call: Call) -> DirectoryObject:
    """Find the service principal that the path names, by object id or ``appId='…'``.

    An application's id, or an app id where an object id belongs, finds nothing. :raises Refusal: 404 then.
    """
    return _keyed(call, Kind.SERVICE_PRINCIPAL)


def referenced(call: Call, body: JsonObject) -> DirectoryObject:
    """Find the object that a ``$ref`` body points to. :raises Refusal: 400 or 404 when it points nowhere."""
    address = body.get("@odata.id")
    if not isinstance(address, str) or not address:
        raise Refusal.bad_request("An @odata.id property was expected in the request body.")
    return at_address(call, address)


def at_address(call: Call, address: str) -> DirectoryObject:
    """Find an object by an address that ends with its id, whatever host it names. :raises Refusal: 404 otherwise."""
    identifier = address.rstrip("/").rpartition("/")[2]
    keyed = re.search(r"\('([^']+)'\)$", identifier)
    return call.directory.get(keyed[1] if keyed else identifier)


def check_kind(thing: DirectoryObject, kinds: Collection[Kind], relation: str) -> None:
    """Refuse an object that a relation cannot lead to. :raises Refusal: 400 in the directory's words."""
    if thing.kind not in kinds:
        message = f"An invalid operation was included in the following modified references: '{relation}'."
        raise Refusal.bad_request(message)


def bound(call: Call, body: JsonObject, relation: str) -> list[DirectoryObject]:
    """Find what a ``…@odata.bind`` list of a body names. :raises Refusal: 404 when one is not there."""
    addresses = body.get(f"{relation}@odata.bind") or []
    if not isinstance(addresses, list) or not all(isinstance(address, str) for address in addresses):
        raise Refusal.bad_request(f"The property '{relation}@odata.bind' must be a list of addresses.")
    return [at_address(call, address) for address in addresses]


def is_guid(text: Any) -> bool:  # noqa: ANN401 - whatever a body holds
    """Tell whether something is written as an object id is."""
    return isinstance(text, str) and _GUID.match(text) is not None


def _keyed(call: Call, kind: Kind) -> DirectoryObject:
    key = call.ids["id"]
    alternate = _ALTERNATE_KEY.match(key)
    if alternate is None:
        return _visible(call, call.directory.get(key, kind))
    return _visible(call, _or_not_found(_with(call, kind, alternate[1], alternate[2]), key))


def _with(call: Call, kind: Kind, name: str, value: str) -> DirectoryObject | None:
    wanted = value.casefold()
    for candidate in call.directory.all(kind):
        if str(candidate.properties.get(name)).casefold() == wanted:
            return candidate
    return None


def _visible(call: Call, found: DirectoryObject) -> DirectoryObject:
    """Let through what has been replicated. :raises Refusal: 404 while it has not."""
    call.entra.replication.read(found.id)
    return found


def _or_not_found(found: DirectoryObject | None, key: str) -> DirectoryObject:
    if found is None:
        raise Refusal.not_found(key)
    return found
