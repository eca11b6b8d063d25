"""Federated identity credentials: workloads of other issuers that may sign in as an application.

graph: federatedidentitycredential. Whether such a workload is believed depends on its issuer's public key, which the
seed gives; a credential for an issuer that the seed does not know is kept and never signs in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.company.refusal import Refusal
from emulator.company.store import Kind
from emulator.graph import collections, lookup
from emulator.graph.access import OWNED_BY, needs
from emulator.graph.declared import FEDERATED
from emulator.graph.exchange import NO_CONTENT, Answer, Call, context
from emulator.graph.routing import Route

if TYPE_CHECKING:
    from emulator.company.store import DirectoryObject, JsonObject

_MOST = 20
_SHOWN = ("id", "name", "issuer", "subject", "description", "audiences")
_REQUIRED = ("name", "issuer", "subject", "audiences")


def list_credentials(call: Call) -> Answer:
    """List the federated credentials of an application."""
    application = lookup.application(call)
    return collections.plain_objects(call, map(_shown, _held(application)), FEDERATED, _place(application))


def get_credential(call: Call) -> Answer:
    """Show one, by id or by name."""
    application = lookup.application(call)
    return collections.plain_object(call, _shown(_one(call, application)), FEDERATED, _place(application))


def add_credential(call: Call) -> Answer:
    """Add one: twenty at most, each name and each pair of issuer and subject once."""
    application, body = lookup.application(call), call.json
    _check(body)
    for name in _REQUIRED:
        if not body.get(name):
            raise Refusal.bad_request(f"A value is required for property '{name}' of 'FederatedIdentityCredential'.")
    if len(_held(application)) >= _MOST:
        raise Refusal.bad_request(f"The application has {_MOST} federated identity credentials, which is the limit.")
    for held in _held(application):
        if held.get("name") == body["name"] or (held["issuer"], held["subject"]) == (body["issuer"], body["subject"]):
            message = f"FederatedIdentityCredential with name {body['name']}, issuer and subject already exists."
            raise Refusal(409, "Request_MultipleObjectsWithSameKeyValue", message)
    made = {"id": call.entra.world.id(), "key": _key_of(call, body["issuer"]), "description": None}
    made |= {name: body[name] for name in _SHOWN if name in body and name != "id"}
    call.directory.change(application.id, {"_federated": [*_held(application), made]})
    return Answer(201, {"@odata.context": context(call, f"{_place(application)}/$entity"), **_shown(made)})


def change_credential(call: Call) -> Answer:
    """Change one; its name stays."""
    application = lookup.application(call)
    before = _one(call, application)
    _check(call.json)
    changes = {name: call.json[name] for name in _SHOWN if name in call.json and name not in {"id", "name"}}
    after = {**before, **changes}
    after["key"] = _key_of(call, after["issuer"])
    held = [after if each is before else each for each in _held(application)]
    call.directory.change(application.id, {"_federated": held})
    return NO_CONTENT


def remove_credential(call: Call) -> Answer:
    """Remove one."""
    application = lookup.application(call)
    gone = _one(call, application)
    call.directory.change(application.id, {"_federated": [each for each in _held(application) if each is not gone]})
    return NO_CONTENT


def _check(body: JsonObject) -> None:
    """Refuse unknown names, what is not text, and audiences that are not a list of texts. :raises Refusal: 400 then."""
    FEDERATED.check_written(body)
    for name in ("name", "issuer", "subject", "description"):
        if not isinstance(body.get(name), str | None):
            raise Refusal.bad_request(
                f"Invalid value specified for property '{name}' of 'FederatedIdentityCredential'."
            )
    audiences = body.get("audiences", [])
    if not isinstance(audiences, list) or not all(isinstance(one, str) for one in audiences):
        raise Refusal.bad_request("Invalid value specified for property 'audiences' of 'FederatedIdentityCredential'.")


def _held(application: DirectoryObject) -> list[JsonObject]:
    found: list[JsonObject] = application.properties.get("_federated", [])
    return found


def _one(call: Call, application: DirectoryObject) -> JsonObject:
    wanted = call.ids["credential"]
    for held in _held(application):
        if wanted in {held.get("id"), held.get("name")}:
            return held
    raise Refusal.not_found(wanted)


def _key_of(call: Call, issuer: str) -> str | None:
    """Find the issuer's public key among those that the seed gave to any application."""
    for application in call.directory.all(Kind.APPLICATION):
        for held in _held(application):
            if held["issuer"] == issuer and held.get("key"):
                key: str = held["key"]
                return key
    return None


def _shown(held: JsonObject) -> JsonObject:
    return {name: held.get(name) for name in _SHOWN}


def _place(application: DirectoryObject) -> str:
    return f"applications('{application.id}')/federatedIdentityCredentials"


_READ = needs("Application.Read.All", "Directory.Read.All", OWNED_BY)
_WRITE = needs("Application.ReadWrite.All", owned=True)
_AT = "/applications/{id}/federatedIdentityCredentials"

ROUTES = (
    Route("GET", _AT, list_credentials, _READ, "list workloads that may sign in"),
    Route("POST", _AT, add_credential, _WRITE, "let a workload sign in"),
    Route("GET", f"{_AT}/{{credential}}", get_credential, _READ, "show one"),
    Route("PATCH", f"{_AT}/{{credential}}", change_credential, _WRITE, "change one"),
    Route("DELETE", f"{_AT}/{{credential}}", remove_credential, _WRITE, "remove one"),
)
