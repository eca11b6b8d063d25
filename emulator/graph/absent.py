"""What is not served although Graph has it: each with the reason, which is what a client is told.

These are answered 404 with the reason, and not as a path that Graph does not have either, so that
nobody looks for the fault in their own program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.company.refusal import Refusal
from emulator.graph.access import ANY_TOKEN
from emulator.graph.routing import Handler, Route

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.graph.exchange import Answer, Call

_OURS = "changes are read by the provisioning service itself"
_NONE = "there are none here"
_NOBODY = "delegated permissions are for people who sign in, and nobody does"
_NO_ROLES = "what a program may do follows from its permissions alone"

REASONS: Mapping[str, str] = {
    "GET /users/delta": _OURS,
    "GET /groups/delta": _OURS,
    "GET /applications/delta": _OURS,
    "GET /servicePrincipals/delta": _OURS,
    "GET /directoryObjects/delta": _OURS,
    "GET /administrativeUnits": _NONE,
    "GET /directory/administrativeUnits": _NONE,
    "GET /devices": _NONE,
    "GET /subscriptions": "nothing notifies",
    "GET /oauth2PermissionGrants": _NOBODY,
    "POST /oauth2PermissionGrants": _NOBODY,
    "GET /oauth2PermissionGrants/delta": _NOBODY,
    "GET /users/{id}/oauth2PermissionGrants": _NOBODY,
    "GET /servicePrincipals/{id}/oauth2PermissionGrants": _NOBODY,
    "GET /directoryRoles": _NO_ROLES,
    "GET /users/{id}/memberOf/microsoft.graph.directoryRole": _NO_ROLES,
    "GET /users/{id}/transitiveMemberOf/microsoft.graph.directoryRole": _NO_ROLES,
    "GET /users/{id}/licenseDetails": "one plan covers everybody: see /subscribedSkus",
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
