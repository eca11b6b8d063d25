"""The provisioning log, in Graph's words: how an :class:`~emulator.engine.entry.Entry` is shown.

Two shapes exist: ``provisioningObjectSummary`` of ``/auditLogs/provisioning``, and the older one that provision on
demand still answers with. The texts are those of published samples (graph: provisioningobjectsummary-list;
synchronizationjob-provisionondemand) and logs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from emulator.company.clock import as_graph_writes
from emulator.engine.entry import Action, Outcome
from emulator.engine.flow import observed

if TYPE_CHECKING:
    from emulator.company.store import JsonObject
    from emulator.engine.entry import Entry
    from emulator.engine.export import Case
    from emulator.engine.scope import Verdict
    from emulator.moods.knobs import Knobs
    from provisioning.language import Value

_NO_ID = "00000000-0000-0000-0000-000000000000"

_RECOMMENDED: Mapping[str, str] = {
    "ImportSkipped": "Give the object a value for at least one matching attribute.",
    "DuplicateTargetEntries": "Make the matching attribute unique in the target, then restart provisioning.",
    "DuplicateSourceEntries": "Make the matching attribute unique in the directory.",
    "InvalidAnchor": "Restart provisioning, so that the object is matched again.",
}
"""What the log recommends; the sentences are the emulator's own."""


@dataclass(frozen=True, slots=True)
class Systems:
    """The two ends of a job, as the log names them."""

    source_id: str
    source_name: str
    target_id: str
    target_name: str
    tenant_id: str
    application_id: str
    service_principal_id: str
    service_principal_name: str
    user_type: str
    group_type: str

    def type_of(self, kind: str) -> str:
        """Name the target's type for ``User`` or ``Group``."""
        return self.user_type if kind == "User" else self.group_type


@dataclass(frozen=True, slots=True)
class Step:
    """One step of what was done."""

    name: str
    type: str
    outcome: Outcome
    description: str
    details: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Journal:
    """Shows entries of one job."""

    systems: Systems
    knobs: Knobs

    def summary(self, entry: Entry) -> Summary:
        """Show an entry as a ``provisioningObjectSummary``."""
        return Summary(self, entry)

    def on_demand(self, case: Case) -> JsonObject:
        """Show an entry in the older shape: capitalised values, every detail a text, moments to seven decimals.

        The import tells every attribute that was read, the matching those of the target (graph: the sample of
        synchronizationjob-provisionondemand).
        """
        entry = case.entry
        moment = entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
        error = self.error(entry) or {}
        return {
            "action": _capitalised(entry.action.value),
            "changeId": entry.change_id,
            "startTime": moment,
            "endTime": moment,
            "reportableIdentifier": entry.name,
            "modifiedProperties": modified(entry),
            "provisioningSteps": [
                {
                    "name": step.name,
                    "type": "Export"
                    if step.details.get("SkipReason") == "RedundantExport"
                    else _capitalised(step.type),
                    "status": _capitalised(step.outcome.value),
                    "description": step.description,
                    "timestamp": moment,
                    "details": {**step.details, **_values_of(step, case)},
                }
                for step in self.steps(entry, asked_for=True)
            ],
            "statusInfo": {
                "status": _capitalised(entry.outcome.value),
                "errorCode": error.get("errorCode"),
                "reason": error.get("reason"),
                "additionalDetails": error.get("additionalDetails"),
                "errorCategory": error.get("errorCategory"),
                "recommendedAction": error.get("recommendedAction"),
            },
            "sourceIdentity": {
                "id": entry.source_id,
                "type": entry.kind,
                "displayName": entry.display_name,
                "details": self.source_details(entry),
            },
            "sourceSystem": {"id": self.systems.source_id, "name": self.systems.source_name, "details": {}},
            "targetIdentity": {
                "id": entry.target_id,
                "type": self.systems.type_of(entry.kind),
                "displayName": "",
                "details": {},
            },
            "targetSystem": {
                "id": self.systems.target_id,
                "name": self.systems.target_name,
                "details": self.target_details(),
            },
        }

    def steps(self, entry: Entry, *, asked_for: bool = False) -> Iterator[Step]:
        """Tell the steps of an entry, in the order of the samples: import, matching, scoping, export.

        In a cycle a change is received; what was *asked_for* on demand is retrieved.
        """
        if entry.retry is not None:
            yield self._retried(entry)
        elif entry.verdict is not None or entry.code == "ImportSkipped":
            yield self._retrieved(entry) if asked_for else self._imported(entry)
        if entry.matched is not None:
            yield self._matched(entry)
        if entry.verdict is not None:
            yield self._scoped(entry, entry.verdict)
        yield from self._resolved(entry)
        if entry.failed_reference and entry.action is not Action.OTHER:
            yield self._done(entry)
        yield self._ended(entry)

    def _imported(self, entry: Entry) -> Step:
        action = {Action.CREATE: "Add", Action.DELETE: "Delete"}.get(entry.action, "Update")
        description = f"Received {self._who(entry)} change of type ({action}) from {self.knobs.directory_name}"
        outcome = Outcome.SKIPPED if entry.code == "ImportSkipped" else Outcome.SUCCESS
        return Step(f"EntryImport{action}", "import", outcome, description, self.source_details(entry))

    def _retrieved(self, entry: Entry) -> Step:
        description = f"Retrieved {self._who(entry)} from {self.knobs.directory_name}"
        outcome = Outcome.SKIPPED if entry.code == "ImportSkipped" else Outcome.SUCCESS
        return Step("EntryImport", "import", outcome, description, self.source_details(entry))

    def _retried(self, entry: Entry) -> Step:
        assert entry.retry is not None, "only retries are told here"  # noqa: S101 - for the type checker
        description = (
            "We are retrying an operation that previously failed.\r\n"
            f"Identifier: {entry.source_id}\r\nObject type: {entry.kind}\r\nDirectory: {self.systems.source_name}"
        )
        details = {
            "CountProcessed": str(entry.retry.attempts + 1),
            "CreationTime": as_graph_writes(entry.retry.created),
            "Identifier": entry.source_id,
            "ModificationType": "Add",
            "NextAttempt": as_graph_writes(entry.retry.next_attempt),
            "Origin": "Source",
            "TypeName": "EscrowedEntryDefault",
        }
        return Step("EntryEscrowRetry", "import", Outcome.SUCCESS, description, details)

    def _matched(self, entry: Entry) -> Step:
        target = self.systems.target_name
        if entry.matched:
            description = f"Retrieved  '{entry.name}' from {target}"
            return Step("EntryImport", "matching", Outcome.SUCCESS, description, {})
        description = (
            f"{self._who(entry)} will be created in {target} ({entry.kind} is active and assigned in "
            f"{self.knobs.directory_name}, but no matching {entry.kind} was found in {target})"
        )
        return Step("EntrySynchronizationAdd", "matching", Outcome.SUCCESS, description, {})

    def _scoped(self, entry: Entry, verdict: Verdict) -> Step:
        description = f"Determine if {entry.kind} in scope by evaluating against each scoping filter"
        outcome = Outcome.SUCCESS if verdict.in_scope else Outcome.SKIPPED
        details = scoping_details(verdict, self.knobs)
        return Step("EntrySynchronizationScoping", "scoping", outcome, description, details)

    def _resolved(self, entry: Entry) -> Iterator[Step]:
        for attribute, source_id in entry.unresolved or ():
            description = f"We were unable to assign {source_id} as the {attribute} of {entry.name}."
            details = {"ErrorCode": "UnableToResolveReferenceAttributeValue"}
            yield Step("EntryReferenceResolution", "referenceResolution", Outcome.WARNING, description, details)

    def _ended(self, entry: Entry) -> Step:
        target, who = self.systems.target_name, self._who(entry)
        details = {"ReportableIdentifier": entry.name}
        if entry.action is Action.STAGED_DELETE:
            description = f"{who} was not deleted in {target}, because the deletion threshold was exceeded"
            return Step("EntryExportDelete", "export", Outcome.SKIPPED, description, details)
        if entry.outcome is Outcome.SKIPPED:
            return self._skipped(entry)
        if entry.failed_reference:
            told = {**details, "ErrorCode": entry.code or ""}
            return Step("EntryExportUpdate", "export", entry.outcome, f"Failed to update {who} in {target}", told)
        verb = _VERBS[entry.action]
        name = f"EntryExport{_EXPORTS[entry.action]}"
        if entry.outcome is Outcome.FAILURE:
            told = {**details, "ErrorCode": entry.code or ""}
            return Step(name, "export", entry.outcome, f"Failed to {verb} {who} in {target}", told)
        return self._done(entry)

    def _done(self, entry: Entry) -> Step:
        """Tell what was done well; it ended so, unless a reference failed afterwards."""
        outcome = Outcome.SUCCESS if entry.failed_reference else entry.outcome
        description = f"{self._who(entry)} was {_VERBS[entry.action]}d in {self.systems.target_name}"
        details = {"ReportableIdentifier": entry.name}
        return Step(f"EntryExport{_EXPORTS[entry.action]}", "export", outcome, description, details)

    def why_skipped(self, entry: Entry) -> str:
        """Say why nothing was done, in a sentence."""
        who = self._who(entry)
        if entry.skip != "RedundantExport":
            return f"{who} was skipped."
        return (
            f"The state of the {entry.kind.lower()} in both the source and target systems already match. "
            f"No change to the {who} currently needs to be made."
        )

    def _skipped(self, entry: Entry) -> Step:
        details = {"SkipReason": entry.skip or "", "ReportableIdentifier": entry.name}
        if entry.verdict is not None and entry.skip != "RedundantExport":
            details.update(scoping_details(entry.verdict, self.knobs))
        return Step("EntrySynchronizationSkip", "processing", Outcome.SKIPPED, self.why_skipped(entry), details)

    def error(self, entry: Entry) -> JsonObject | None:
        """Say what went wrong, or why nothing was done; ``None`` of a success."""
        code = entry.code or entry.skip
        if entry.outcome is Outcome.SUCCESS or code is None:
            return None
        # A conflict is not the service's own failure (graph: provisioningobjectsummary-list, the sample of a 409).
        is_failure = entry.outcome is Outcome.FAILURE and entry.code != self.knobs.conflict_code
        return {
            "errorCode": code,
            "reason": entry.reason,
            "additionalDetails": None,
            "errorCategory": "failure" if is_failure else "nonServiceFailure",
            "recommendedAction": _RECOMMENDED.get(code),
        }

    def _who(self, entry: Entry) -> str:
        return f"{entry.kind} '{entry.name}'"

    def source_details(self, entry: Entry) -> dict[str, str]:
        """Name the object in the directory."""
        details = {"id": entry.source_id, "odatatype": entry.kind, "DisplayName": entry.display_name}
        return {**details, "UserPrincipalName": entry.name} if entry.kind == "User" else details

    def target_details(self) -> dict[str, str]:
        """Name the application."""
        return {
            "ApplicationId": self.systems.application_id,
            "ServicePrincipalId": self.systems.service_principal_id,
            "ServicePrincipalDisplayName": self.systems.service_principal_name,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Summary(Mapping[str, Any]):
    """A ``provisioningObjectSummary``: each property is worked out when it is asked for, so that filters are quick."""

    journal: Journal
    entry: Entry

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - any JSON value
        return _PROPERTIES[name](self.journal, self.entry)

    def __iter__(self) -> Iterator[str]:
        return iter(_PROPERTIES)

    def __len__(self) -> int:
        return len(_PROPERTIES)

    def __contains__(self, name: object) -> bool:
        return name in _PROPERTIES


_PROPERTIES: Mapping[str, Callable[[Journal, Entry], Any]] = {
    "id": lambda _, entry: str(uuid5(UUID(entry.change_id), "summary")),
    "activityDateTime": lambda _, entry: as_graph_writes(entry.at),
    "tenantId": lambda journal, _: journal.systems.tenant_id,
    "jobId": lambda _, entry: entry.run.job_id,
    "cycleId": lambda _, entry: entry.run.cycle_id,
    "changeId": lambda _, entry: entry.change_id,
    "provisioningAction": lambda _, entry: entry.action.value,
    "durationInMilliseconds": lambda _, entry: entry.duration,
    "initiatedBy": lambda *_: {
        "id": "",
        "displayName": "Azure AD Provisioning Service",
        "initiatorType": "system",
    },
    "servicePrincipal": lambda journal, _: {
        "id": journal.systems.service_principal_id,
        "displayName": journal.systems.service_principal_name,
    },
    "sourceSystem": lambda journal, _: {
        "id": journal.systems.source_id,
        "displayName": journal.systems.source_name,
        "details": {},
    },
    "targetSystem": lambda journal, _: {
        "id": journal.systems.target_id,
        "displayName": journal.systems.target_name,
        "details": journal.target_details(),
    },
    "sourceIdentity": lambda journal, entry: {
        "id": entry.source_id,
        "displayName": entry.display_name,
        "identityType": entry.kind,
        "details": journal.source_details(entry),
    },
    "targetIdentity": lambda journal, entry: {
        "id": entry.target_id,
        "displayName": "",
        "identityType": journal.systems.type_of(entry.kind),
        "details": {},
    },
    "provisioningStatusInfo": lambda journal, entry: {
        "status": entry.outcome.value,
        "errorInformation": journal.error(entry),
    },
    "provisioningSteps": lambda journal, entry: [
        {
            "name": step.name,
            "provisioningStepType": step.type,
            "status": step.outcome.value,
            "description": step.description,
            "details": dict(step.details),
        }
        for step in journal.steps(entry)
    ],
    "modifiedProperties": lambda _, entry: modified(entry),
}


_VERBS = {
    Action.CREATE: "create",
    Action.UPDATE: "update",
    Action.DISABLE: "disable",
    Action.DELETE: "delete",
    Action.OTHER: "update",
}
_EXPORTS = {
    Action.CREATE: "Add",
    Action.UPDATE: "Update",
    Action.DISABLE: "Update",
    Action.DELETE: "Delete",
    Action.OTHER: "Update",
}


def scoping_details(verdict: Verdict, knobs: Knobs) -> dict[str, str]:
    """Word the verdict of the scope, in the newer sentences or the older names."""
    newer = ("Active in the source system", "Assigned to the application", "User has the required role")
    older = ("IsActive", "Assigned", "IsEffectivelyEntitledForProvisioning")
    passed = "Scoping filter evaluation passed"
    if knobs.scoping_details == "names":
        newer, passed = older, "IsInProvisioningScopeDisplayName"
    tests = dict(zip(newer, (verdict.active, verdict.assigned, verdict.has_role), strict=True))
    details = {name: str(value) for name, value in tests.items()}
    details[passed] = str(verdict.passes_filter)
    details["ScopeEvaluationResult"] = json.dumps(dict(verdict.evaluation), separators=(",", ":"))
    if verdict.sync_all:
        details["Scope sync all"] = "True"
    return details


def modified(entry: Entry) -> list[JsonObject]:
    """Show the changed attributes; what ``Redact`` gave is hidden (Learn: functions-for-customizing…#redact)."""
    before = entry.before or (None,) * len(entry.attributes)
    rows = zip(entry.attributes, before, entry.after, strict=True)
    values = [
        {"displayName": name, "oldValue": _shown(old, name, entry), "newValue": _shown(new, name, entry)}
        for name, old, new in rows
    ]
    references = [
        {"displayName": name, "oldValue": None, "newValue": target_id or None}
        for name, target_id in entry.referred or ()
    ]
    return values + references


def _shown(value: Value, name: str, entry: Entry) -> str | None:
    if value is None:
        return None
    if name in entry.redacted:
        return "[Redact]"
    return value if isinstance(value, str) else json.dumps(list(value), default=str)


def _values_of(step: Step, case: Case) -> dict[str, str]:
    """Tell what was read, as texts: of the source in the import, of the target in the matching."""
    if step.type == "import":
        return {name: _as_text(value) for name, value in sorted(case.attributes.items()) if value is not None}
    if step.type == "matching" and case.found is not None:
        values = ((flow.target.text, observed(flow, case.found)) for flow in case.plan.values)
        return {name: _as_text(value) for name, value in values if value is not None}
    return {}


def _as_text(value: Value) -> str:
    return value if isinstance(value, str) else json.dumps(list(value or ()), default=str)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
