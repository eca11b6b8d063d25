"""The links between people and their accounts, kept by the service (Learn: manage-object-connections). Beta only."""

from __future__ import annotations

from emulator.company.refusal import Refusal
from emulator.graph.access import needs
from emulator.graph.exchange import NO_CONTENT, Answer, Call, context
from emulator.graph.routing import Route
from emulator.graph.synchronization import job_of


def refuse_connections(call: Call) -> Answer:
    """Refuse to list links: during the preview one has to know what to ask for (graph: objectconnection)."""
    raise Refusal.bad_request(f"The object connections of '{job_of(call).id}' cannot be listed.")


def get_connection(call: Call) -> Answer:
    """Show the link of an object, found by its source or target id (graph: objectconnection-get)."""
    job = job_of(call)
    link = call.entra.service.object_connection(job, call.ids["object"])
    return Answer(200, {"@odata.context": context(call, f"{call.path.strip('/')}/$entity"), **link})


def delete_connection(call: Call) -> Answer:
    """Forget the link of an object, if there is one; neither side is changed (Learn: manage-object-connections)."""
    job = job_of(call)
    call.entra.service.delete_object_connection(job, call.ids["object"])
    return NO_CONTENT


_READ = needs("SynchronizationMetadata.Read.All", quiet=True)
_WRITE = needs("SynchronizationMetadata.ReadWrite.All", quiet=True)
_AT = "/servicePrincipals/{id}/synchronization/jobs/{job}/objectConnections"
_BETA = ("beta",)

ROUTES = (
    Route("GET", _AT, refuse_connections, _READ, "refused: links are not listed", _BETA),
    Route("GET", f"{_AT}/{{object}}", get_connection, _READ, "show the link of an object", _BETA),
    Route("DELETE", f"{_AT}/{{object}}", delete_connection, _WRITE, "forget the link of an object", _BETA),
)
