"""A job as Graph shows it, in every shape of its life that was captured (graph: synchronizationjob)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.company.clock import as_graph_writes
from emulator.engine.states import JobState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from emulator.company.store import JsonObject
    from emulator.engine.job import Execution, Job, Progress, Quarantine, SyncError
    from emulator.moods.knobs import Knobs

LONGEST_SPAN = "P10675199DT2H48M5.4775807S"
"""How .NET writes its longest time span: the interval of a job that does not run (Learn: configuration API)."""

_CODES: Mapping[JobState, str] = {
    JobState.NOT_RUN: "NotRun",
    JobState.ACTIVE: "Active",
    JobState.PAUSED: "Paused",
    JobState.QUARANTINE: "Quarantine",
    JobState.DISABLED: "Paused",
}


def as_graph(job: Job, knobs: Knobs) -> JsonObject:
    """Show a job: schedule and status are always there, the schema never."""
    return {
        "id": job.id,
        "templateId": job.template_id,
        "schedule": _schedule(job, knobs),
        "status": _status(job, knobs),
        "synchronizationJobSettings": [{"name": name, "value": value} for name, value in job.settings.items()],
    }


def _schedule(job: Job, knobs: Knobs) -> JsonObject:
    halted = knobs.paused_schedule_state if job.state is JobState.PAUSED else "Disabled"
    never_started = job.state is JobState.NEW and knobs.new_job_code == "NotConfigured"
    return {
        "expiration": None,
        "interval": LONGEST_SPAN if never_started or job.state is JobState.DISABLED else _duration(knobs.interval),
        "state": "Active" if job.is_running else halted,
    }


def _status(job: Job, knobs: Knobs) -> JsonObject:
    last = _execution(job.last) if job.last else None
    if last is None and job.state is JobState.NOT_RUN:
        last = _placeholder()
    return {
        "countSuccessiveCompleteFailures": job.successive_failures,
        "escrowsPruned": job.escrows_pruned,
        "code": _CODES.get(job.state, knobs.new_job_code),
        "lastExecution": last,
        "lastSuccessfulExecution": _execution(job.last_successful) if job.last_successful else None,
        "lastSuccessfulExecutionWithExports": (
            _execution(job.last_successful_with_exports) if job.last_successful_with_exports else None
        ),
        "quarantine": _quarantine(job.quarantine) if job.quarantine and job.state is JobState.QUARANTINE else None,
        "steadyStateFirstAchievedTime": as_graph_writes(job.steady_first),
        "steadyStateLastAchievedTime": as_graph_writes(job.steady_last),
        "troubleshootingUrl": None if job.state is JobState.NEW else "",
        "progress": [_progress(job.progress)] if job.progress else [],
        "synchronizedEntryCountByType": [
            {"key": f"{kind.lower()} to {kind}", "value": count} for kind, count in sorted(job.counts.items())
        ],
    }


def _progress(progress: Progress) -> JsonObject:
    return {
        "completedUnits": progress.completed,
        "totalUnits": progress.total,
        "units": "Entries",
        "progressObservationDateTime": as_graph_writes(progress.observed),
    }


def _execution(execution: Execution) -> JsonObject:
    return {
        "activityIdentifier": execution.activity_id,
        "countEntitled": execution.entitled,
        "countEntitledForProvisioning": execution.entitled_for_provisioning,
        "countEscrowed": execution.escrowed,
        "countEscrowedRaw": execution.escrowed + execution.escrowed_references,
        "countExported": execution.exported,
        "countExports": execution.exported,
        "countImported": execution.imported,
        "countImportedDeltas": execution.imported_deltas,
        "countImportedReferenceDeltas": execution.imported_reference_deltas,
        "state": execution.state,
        "timeBegan": as_graph_writes(execution.began),
        "timeEnded": as_graph_writes(execution.ended),
        "error": _error(execution.error) if execution.error else None,
    }


def _placeholder() -> JsonObject:
    """Show the execution of a job before its first cycle has ended: ``Failed``, which means nothing (captured)."""
    counts = (
        "countEntitled",
        "countEntitledForProvisioning",
        "countEscrowed",
        "countEscrowedRaw",
        "countExported",
        "countExports",
        "countImported",
        "countImportedDeltas",
        "countImportedReferenceDeltas",
    )
    return {
        "activityIdentifier": None,
        **dict.fromkeys(counts, 0),
        "state": "Failed",
        "timeBegan": as_graph_writes(None),
        "timeEnded": as_graph_writes(None),
        "error": {"code": "None", "message": "", "tenantActionable": False},
    }


def _quarantine(quarantine: Quarantine) -> JsonObject:
    return {
        "currentBegan": as_graph_writes(quarantine.current_began),
        "nextAttempt": as_graph_writes(quarantine.next_attempt),
        "reason": quarantine.reason,
        "seriesBegan": as_graph_writes(quarantine.series_began),
        "seriesCount": quarantine.series_count,
        "error": _error(quarantine.error),
    }


def _error(error: SyncError) -> JsonObject:
    return {"code": error.code, "message": error.message, "tenantActionable": error.tenant_actionable}


def _duration(span: timedelta) -> str:
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours and not minutes and not seconds:
        return f"PT{hours}H"
    parts = [(hours, "H"), (minutes, "M"), (seconds, "S")]
    return "PT" + ("".join(f"{number}{unit}" for number, unit in parts if number) or "0S")
