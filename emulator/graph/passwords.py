"""Client secrets of applications and service principals: shown once, then only their hint is known."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from emulator.company.client_secrets import remembered
from emulator.company.clock import as_graph_writes
from emulator.company.refusal import Refusal
from emulator.graph.exchange import NO_CONTENT, Answer, Call, context

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.company.store import DirectoryObject, JsonObject
    from emulator.graph.routing import Handler

_VALID_FOR = timedelta(days=730)


def add_to(find: Callable[[Call], DirectoryObject]) -> Handler:
    """Make the handler of ``addPassword``: two years unless told otherwise (graph: application-addpassword)."""

    def handler(call: Call) -> Answer:
        thing = find(call)
        credential, value = made(call, call.json.get("passwordCredential") or {})
        remember(call, thing, credential, value)
        body = {"@odata.context": context(call, "microsoft.graph.passwordCredential"), **credential}
        return Answer(200, {**body, "secretText": value})

    return handler


def made(call: Call, asked: Any) -> tuple[JsonObject, str]:  # noqa: ANN401 - whatever the body holds
    """Make a secret: its description and, this once, its value. It belongs to nothing before it is remembered.

    :raises Refusal: 400 when what is asked is not a credential.
    """
    if not isinstance(asked, dict):
        raise Refusal.bad_request("Invalid value specified for property 'passwordCredential'.")
    if not isinstance(asked.get("displayName"), str | None):
        raise Refusal.bad_request(
            "Invalid value specified for property 'displayName' of resource 'PasswordCredential'."
        )
    now = call.entra.world.clock.now()
    value = secrets.token_urlsafe(30)
    credential = {
        "customKeyIdentifier": None,
        "displayName": asked.get("displayName"),
        "endDateTime": _moment(asked.get("endDateTime")) or as_graph_writes(now + _VALID_FOR),
        "hint": value[:3],
        "keyId": call.entra.world.id(),
        "secretText": None,
        "startDateTime": _moment(asked.get("startDateTime")) or as_graph_writes(now),
    }
    return credential, value


def _moment(told: object) -> str | None:
    if told is None:
        return None
    try:
        # Without a zone it is UTC; it is compared with the clock at every sign-in.
        moment = datetime.fromisoformat(str(told))
    except ValueError:
        raise Refusal.bad_request(f"'{told}' is not a date and time.") from None
    return as_graph_writes(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


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
    known = remembered(credential["keyId"], value, credential["endDateTime"])
    call.directory.change(
        thing.id,
        {
            "passwordCredentials": [*(thing.properties.get("passwordCredentials") or ()), credential],
            "_secrets": [*thing.properties.get("_secrets", ()), known],
        },
    )
