"""What is not served although Graph has it: each with the reason, which is what a client is told.

These are answered 404 with the reason, and not as a path that Graph does not have either, so that
nobody looks for the fault in their own program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.graph.access import ANY_TOKEN
from emulator.graph.routing import Handler, Route
from emulator.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.graph.exchange import Answer, Call

REASONS: Mapping[str, str] = {
    "GET /users/delta": "changes are read by the provisioning service itself",
    "GET /groups/delta": "changes are read by the provisioning service itself",
    "GET /administrativeUnits": "there are none here",
    "GET /directory/administrativeUnits": "there are none here",
    "GET /devices": "there are none here",
    "GET /subscriptions": "nothing notifies",
    "GET /oauth2PermissionGrants": "delegated permissions are for people who sign in, and nobody does",
    "POST /oauth2PermissionGrants": "delegated permissions are for people who sign in, and nobody does",
    "GET /auditLogs/signIns": "sign-ins are not logged",
    "GET /$metadata": "the model is Microsoft's document of 10 MB, and is not copied",
    "POST /servicePrincipals/{id}/synchronization/jobs/{job}/bulkUpload": "for provisioning into Entra, not out of it",
    "POST /servicePrincipals/{id}/synchronization/acquireAccessToken": "for connectors that use OAuth",
}
"""Route to reason."""


def _refusing(name: str, reason: str) -> Handler:
    def handler(_: Call) -> Answer:
        raise Refusal(404, "ResourceNotFound", f"The emulator does not serve {name}: {reason}.")

    return handler


def _route(name: str, reason: str) -> Route:
    method, path = name.split(" ")
    return Route(method, path, _refusing(name, reason), ANY_TOKEN, reason, absent=True)


ROUTES = tuple(_route(name, reason) for name, reason in REASONS.items())
