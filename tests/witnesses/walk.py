"""The walk: what every witness does, and how one sees from the emulator that it did.

A witness is a program with a client that nobody here wrote. It takes the steps of :data:`WALK` in this order; between
them it may ask whatever its client likes to ask. Its last line is JSON and tells what it made:
``{"application": …, "servicePrincipal": …, "job": …, "created": [display names]}``.

Where it walks is in its environment (``docs/reference/emulator.md``), as its client reads it. Without
``ELIUM_EMULATOR_URL`` it knows no address at all and goes where Microsoft is.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from emulator.entra.request_log import Exchange
    from emulator.web.server import Served

WALK = (
    ("find Elium in the gallery by its name", "GET /applicationTemplates"),
    ("make the app", "POST /applicationTemplates/{id}/instantiate"),
    ("find the group 'Elium users'", "GET /groups"),
    ("assign it, with the first of the app's roles", "POST /servicePrincipals/{id}/appRoleAssignedTo"),
    ("make a job from the template 'elium'", "POST /servicePrincipals/{id}/synchronization/jobs"),
    ("try the connection", "POST /servicePrincipals/{id}/synchronization/jobs/validateCredentials"),
    ("save it", "PUT /servicePrincipals/{id}/synchronization/secrets"),
    ("read the schema", "GET /servicePrincipals/{id}/synchronization/jobs/{job}/schema"),
    ("save it with the mapping of groups off", "PUT /servicePrincipals/{id}/synchronization/jobs/{job}/schema"),
    ("start the job", "POST /servicePrincipals/{id}/synchronization/jobs/{job}/start"),
    ("see a cycle succeed, within a minute", "GET /servicePrincipals/{id}/synchronization/jobs/{job}"),
    ("read which people it created", "GET /auditLogs/provisioning"),
    ("delete the job", "DELETE /servicePrincipals/{id}/synchronization/jobs/{job}"),
    ("delete the app", "DELETE /applications/{id}"),
)
"""Each step, and the request by which it is known."""


def objections(told: str, served: Served) -> Iterator[str]:
    """Say what a witness *told* that the emulator does not bear out, or did not do; nothing when all is well."""
    yield from _steps_missing(served.requests("graph"))
    try:
        said: dict[str, Any] = json.loads(told)
        made = {said["application"], said["servicePrincipal"]}
        job, created = said["job"], sorted(said["created"])
    except (ValueError, KeyError, TypeError):
        yield f"It does not end with the line of JSON that tells what it made, but with: {told}"
        return
    deleted = served.emulator.world.tenant(served.emulator.seed.tenant.id).directory.deleted
    if made != set(deleted):
        yield f"It tells of {sorted(made)}, and the recycle bin holds {sorted(deleted)}."
    if not any(request.method == "DELETE" and request.path.endswith(f"/{job}") for request in served.requests("graph")):
        yield f"It tells of the job {job}, and another was deleted, or none."
    elium = served.emulator.elium.tenant(served.emulator.seed.elium[0].name)
    if not created or created != sorted(account["displayName"] for account in elium.users):
        yield f"It tells of {created}, and at Elium are {[account['displayName'] for account in elium.users]}."
    if elium.groups:
        yield "The schema was not saved with the mapping of groups off: there are groups at Elium."


def _steps_missing(requests: Sequence[Exchange]) -> Iterator[str]:
    """Look for the steps in their order, and tell the first that does not come."""
    # Microsoft's client for Python asks for /v1.0//groups, and is answered.
    paths = ((one.method, re.sub("^/v1.0/+", "/", one.path)) for one in requests if one.status < 400)
    answered = iter([f"{method} {path}" for method, path in paths])
    for step, known_by in WALK:
        pattern = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(known_by)))
        if not any(pattern.fullmatch(request) for request in answered):
            yield f"It did not {step}: {known_by}."
            return
