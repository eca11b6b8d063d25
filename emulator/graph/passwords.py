"""Client secrets of applications and service principals: shown once, then only their hint is known."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from emulator.clock import as_graph_writes
from emulator.graph.exchange import NO_CONTENT, Answer, Call, context
from emulator.identity.sign_in import secret_hash
from emulator.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.graph.routing import Handler
    from emulator.store import DirectoryObject

_VALID_FOR = timedelta(days=730)


def add_to(find: Callable[[Call], DirectoryObject]) -> Handler:
    """Make the handler of ``addPassword``: two years unless told otherwise (graph: application-addpassword)."""

    def handler(call: Call) -> Answer:
        thing = find(call)
        asked = call.json.get("passwordCredential") or {}
        now = call.entra.world.clock.now()
        value = secrets.token_urlsafe(30)
        credential = {
            "customKeyIdentifier": None,
            "displayName": asked.get("displayName"),
            "endDateTime": asked.get("endDateTime") or as_graph_writes(now + _VALID_FOR),
            "hint": value[:3],
            "keyId": call.entra.world.id(),
            "secretText": None,
            "startDateTime": asked.get("startDateTime") or as_graph_writes(now),
        }
        remember(call, thing, credential, value)
        body = {"@odata.context": context(call, "microsoft.graph.passwordCredential"), **credential}
        return Answer(200, {**body, "secretText": value})

    return handler


def remove_from(find: Callable[[Call], DirectoryObject]) -> Handler:
    """Make the handler of ``removePassword``."""

    def handler(call: Call) -> Answer:
        thing, key_id = find(call), call.json.get("keyId")
        kept = [held for held in thing.properties.get("passwordCredentials") or () if held["keyId"] != key_id]
        if len(kept) == len(thing.properties.get("passwordCredentials") or ()):
            raise Refusal.bad_request(f"No password credential found with keyId '{key_id}'.")
        hashes = [held for held in thing.properties.get("_secrets", ()) if held["keyId"] != key_id]
        call.directory.change(thing.id, {"passwordCredentials": kept, "_secrets": hashes})
        return NO_CONTENT

    return handler


def remember(call: Call, thing: DirectoryObject, credential: dict[str, object], value: str) -> None:
    """Note a secret on an object: its description openly, of its value only the hash."""
    known = {"keyId": credential["keyId"], "sha256": secret_hash(value), "endDateTime": credential["endDateTime"]}
    call.directory.change(
        thing.id,
        {
            "passwordCredentials": [*(thing.properties.get("passwordCredentials") or ()), credential],
            "_secrets": [*thing.properties.get("_secrets", ()), known],
        },
    )
