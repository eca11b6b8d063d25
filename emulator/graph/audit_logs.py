"""What happened: the provisioning log and the directory's audit log.

graph: provisioningobjectsummary-list, directoryaudit-list. Newest entries come first; filters mind the case.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from emulator.company.clock import as_graph_writes
from emulator.company.refusal import Refusal
from emulator.graph import collections, declared
from emulator.graph.access import needs
from emulator.graph.exchange import Answer, Call, context
from emulator.graph.routing import Handler, Route

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from emulator.company.store import JsonObject
    from emulator.graph.declared import Declared

    Entries = Callable[[Call], Sequence[Mapping[str, Any]]]


def provisioning(call: Call) -> Sequence[Mapping[str, Any]]:
    """Give the provisioning log of the tenant, newest first."""
    return replace(call.entra.service.log(call.tenant), newest_first=True)


def directory_audits(call: Call) -> list[JsonObject]:
    """Give the audit log of the tenant, newest first: changes of configuration, and quarantines."""
    changes = [entry for entry in call.entra.audits if entry["_tenant"] == call.tenant.id]
    shown = [{name: value for name, value in entry.items() if name != "_tenant"} for entry in changes]
    found = [*shown, *call.entra.service.audits(call.tenant)]
    return sorted(found, key=lambda entry: str(entry["activityDateTime"]), reverse=True)


def note(call: Call, activity: str, target_id: str) -> None:
    """Write a change of configuration into the audit log; the names of activities are observed."""
    principal = call.directory.find(call.caller.object_id)
    app = {
        "appId": call.caller.app_id,
        "displayName": principal.properties.get("displayName") if principal else None,
        "servicePrincipalId": call.caller.object_id,
        "servicePrincipalName": None,
    }
    call.entra.audits.append(
        {
            "id": call.entra.world.id(),
            "category": "ProvisioningManagement",
            "correlationId": call.entra.world.id(),
            "result": "success",
            "resultReason": "",
            "activityDisplayName": activity,
            "activityDateTime": as_graph_writes(call.entra.clock.now()),
            "loggedByService": "Account Provisioning",
            "operationType": "Update",
            "initiatedBy": {"user": None, "app": app},
            "targetResources": [
                {"id": target_id, "displayName": None, "type": "ServicePrincipal", "modifiedProperties": []}
            ],
            "additionalDetails": [],
            "_tenant": call.tenant.id,
        }
    )


def list_of(entries: Entries, kind: Declared, of: str) -> Handler:
    """Make the handler that lists a log."""
    columns = collections.plain_columns(kind, case_sensitive=True)
    return lambda call: collections.answer(call, entries(call), columns, of)


def one_of(entries: Entries, of: str) -> Handler:
    """Make the handler that shows one entry of a log."""

    def handler(call: Call) -> Answer:
        for entry in entries(call):
            if entry["id"] == call.ids["entry"]:
                return Answer(200, {"@odata.context": context(call, f"{of}/$entity"), **entry})
        raise Refusal.not_found(call.ids["entry"])

    return handler


# Both together, or the narrower permission of 2025; whether that is enough everywhere is not known.
_LOG = needs(frozenset({"AuditLog.Read.All", "Directory.Read.All"}), "ProvisioningLog.Read.All")
_AUDITS = needs(frozenset({"AuditLog.Read.All", "Directory.Read.All"}))
_PROVISIONING, _DIRECTORY = "auditLogs/provisioning", "auditLogs/directoryAudits"

ROUTES = (
    Route(
        "GET",
        f"/{_PROVISIONING}",
        list_of(provisioning, declared.PROVISIONING, _PROVISIONING),
        _LOG,
        "list what was provisioned",
    ),
    Route("GET", f"/{_PROVISIONING}/{{entry}}", one_of(provisioning, _PROVISIONING), _LOG, "show one entry"),
    Route(
        "GET",
        f"/{_DIRECTORY}",
        list_of(directory_audits, declared.AUDIT, _DIRECTORY),
        _AUDITS,
        "list changes of configuration",
    ),
    Route("GET", f"/{_DIRECTORY}/{{entry}}", one_of(directory_audits, _DIRECTORY), _AUDITS, "show one change"),
)
