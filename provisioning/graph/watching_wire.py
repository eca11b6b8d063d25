"""Graph's JSON about how a job is doing, as our values: its status, and the provisioning log."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from provisioning.graph.people import path_of, quoted
from provisioning.graph.wire import job_of, moment_of, page_of
from provisioning.model.provisioning_log import LogEntry, LogPage, LogQuestion
from provisioning.model.synchronization_status import Cycle, Progress, SynchronizationStatus

LOG = "/auditLogs/provisioning"

SAVED = "Update provisioning setting or credentials"
"""What the audit log calls a save of the synchronization secrets (Learn: when-will-provisioning-finish)."""

LONGEST_INTERVAL = timedelta(days=366)
"""What is longer is .NET's way to say that a job does not run (graph 5.2)."""

MOMENT = timedelta(milliseconds=1)
"""The shortest span between two entries of the log that are told apart."""

_SPAN = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?")

SCOPING = "scoping"
"""The step of an entry whose details tell why somebody is or is not in scope."""


def status_of(node: Mapping[str, Any]) -> SynchronizationStatus:
    """Read a synchronizationJob with its status."""
    status, schedule = node.get("status") or {}, node.get("schedule") or {}
    return SynchronizationStatus(
        job=job_of(node),
        schedule=str(schedule.get("state") or ""),
        interval=_interval_of(schedule.get("interval")),
        last=_cycle_of(status.get("lastExecution")),
        last_successful=_cycle_of(status.get("lastSuccessfulExecution")),
        steady_since=moment_of(status.get("steadyStateFirstAchievedTime")),
        steady_last=moment_of(status.get("steadyStateLastAchievedTime")),
        lost_failures=bool(status.get("escrowsPruned")),
        counts={str(pair["key"]): int(pair["value"]) for pair in status.get("synchronizedEntryCountByType") or ()},
        progress=_progress_of(status.get("progress") or ()),
    )


def log_path_of(question: LogQuestion, *, at_most: int) -> str:
    """Write the path of the log's first page. The service sorts by time, newest first (graph: …summary-list).

    Of a moment it documents ``eq``, ``gt`` and ``lt`` (Microsoft: provisioningObjectSummary): what is since then is
    greater than a moment just before. The log's times are whole seconds, so the one that it lies in is asked for whole.
    """
    clauses = [f"jobId eq {quoted(question.job)}"]
    if question.since:
        before = (question.since.astimezone(UTC).replace(microsecond=0) - MOMENT).replace(tzinfo=None)
        clauses.append(f"activityDateTime gt {before.isoformat(timespec='milliseconds')}Z")
    named = {
        "sourceIdentity/id": question.source_id,
        "provisioningAction": question.action,
        "provisioningStatusInfo/status": question.result,
    }
    clauses += [f"{name} eq {quoted(value)}" for name, value in named.items() if value]
    return path_of(LOG, only=" and ".join(clauses), top=at_most)


def log_page_of(node: Mapping[str, Any]) -> LogPage:
    """Read a page of the provisioning log."""
    entries, following = page_of(node, _entry_of)
    return LogPage(tuple(entries), following)


def saves_path_of(principal: str) -> str:
    """Write the path of the newest save in the audit log."""
    about = f"targetResources/any(t:t/id eq {quoted(principal)})"
    return path_of("/auditLogs/directoryAudits", only=f"activityDisplayName eq {quoted(SAVED)} and {about}", top=1)


def audited_at(node: Mapping[str, Any]) -> datetime:
    """Read when something happened that the audit log tells (graph: directoryaudit)."""
    return moment_of(node["activityDateTime"]) or datetime.fromtimestamp(0, UTC)


def _entry_of(node: Mapping[str, Any]) -> LogEntry:
    source, target = node.get("sourceIdentity") or {}, node.get("targetIdentity") or {}
    told = node.get("provisioningStatusInfo") or {}
    error, details = told.get("errorInformation") or {}, source.get("details") or {}
    return LogEntry(
        id=str(node["id"]),
        at=moment_of(node["activityDateTime"]) or datetime.fromtimestamp(0, UTC),
        action=str(node.get("provisioningAction") or ""),
        result=str(told.get("status") or ""),
        source_id=str(source.get("id") or ""),
        name=str(details.get("UserPrincipalName") or source.get("displayName") or source.get("id") or ""),
        kind=str(source.get("identityType") or ""),
        target_id=str(target.get("id") or ""),
        code=str(error.get("errorCode") or ""),
        reason=str(error.get("reason") or ""),
        changed={
            str(each["displayName"]): str(each["newValue"])
            for each in node.get("modifiedProperties") or ()
            if each.get("newValue") is not None
        },
        scoping=_scoping_of(node.get("provisioningSteps") or ()),
        cycle=str(node.get("cycleId") or ""),
    )


def _scoping_of(steps: Any) -> dict[str, str]:  # noqa: ANN401 - a JSON value
    found = (step.get("details") or {} for step in steps if step.get("provisioningStepType") == SCOPING)
    return {str(name): str(value) for details in found for name, value in details.items()}


def _cycle_of(node: Mapping[str, Any] | None) -> Cycle | None:
    """Read a cycle. One that began in year 1 is a placeholder, and its ``Failed`` means nothing (graph 5.2)."""
    began = moment_of((node or {}).get("timeBegan"))
    if node is None or began is None:
        return None
    return Cycle(
        began,
        ended=moment_of(node.get("timeEnded")),
        state=str(node.get("state") or ""),
        exported=int(node.get("countExported") or 0),
        failed=int(node.get("countEscrowed") or 0),
    )


def _progress_of(nodes: Any) -> Progress | None:  # noqa: ANN401 - a JSON value
    """Read how far a cycle is, where the service says so: of several lines, the last one that has a total."""
    told = [node for node in nodes if node.get("totalUnits")]
    if not told:
        return None
    return Progress(int(told[-1].get("completedUnits") or 0), int(told[-1]["totalUnits"]), str(told[-1].get("units")))


def _interval_of(text: str | None) -> timedelta | None:
    """Read an ISO 8601 duration (graph: synchronization-synchronizationschedule)."""
    match = _SPAN.fullmatch(text or "")
    if not match:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    interval = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return interval if timedelta() < interval < LONGEST_INTERVAL else None
