"""What the state of a job tells besides its inputs: what the service said of it, and what a run left behind."""

from __future__ import annotations

from dataclasses import replace

from provisioning.errors import ProvisioningError
from provisioning.model.identifiers import JobAddress
from provisioning.model.job import Job
from provisioning.operations.apply import Applying
from provisioning.operations.jobs import cycle_of
from provisioning.planning.plan import Plan
from provisioning.planning.steps import Pause, Restart, Start
from provisioning.provider.notes import Notes
from provisioning.provider.properties import Plain
from provisioning.provider.turn import Turn
from provisioning.provider.unfinished import UnfinishedError

PORTAL_URL = "https://portal.azure.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Provisioning/objectId/{principal}"
"""The page of the tutorial, for this app."""

OUTPUTS = ("jobId", "templateId", "schemaVersion", "jobStatus")
"""What a creation only knows once it is done."""


def outputs_of(address: JobAddress, job: Job) -> Plain:
    """Write what is known of a job."""
    quarantine = {"quarantineReason": job.quarantine.reason} if job.quarantine else {}
    return {
        "jobId": job.id,
        "templateId": job.template,
        "jobStatus": {"code": job.status} | quarantine,
        "portalUrl": PORTAL_URL.format(principal=address.service_principal),
    }


def outputs_after(turn: Turn, applying: Applying) -> Plain:
    """Write what a plan that was carried out leaves behind."""
    plan, job, notes = applying.plan, applying.job, Notes.of(turn.state)
    if job is None:
        raise LookupError("A plan that was carried out has a job.")
    held = applying.saved or plan.observed.schema
    seen = held.meaning if held else notes.schema_seen
    left_in, app = _left_in(plan) or notes.left_in, plan.circumstances.app
    notes = Notes(restart_is_due=_waits(plan), schema_seen=seen, left_in=left_in, app=app)
    replaced = {"replacedSchemaVersion": applying.replaced.version} if applying.replaced else {}
    version = {"schemaVersion": (applying.replaced or plan.before.schema).version}
    return (
        turn.after
        | outputs_of(applying.address, _as_left(job, applying))
        | version
        | kept(turn)
        | replaced
        | notes.outputs()
    )


def error_after(turn: Turn, applying: Applying, error: ProvisioningError) -> ProvisioningError:
    """Say what a plan that stopped leaves behind: nothing at all, or a job whose rest is due."""
    if applying.job is None or not applying.done:
        return error
    # Whether the scope was saved or not: the answer of a save that failed may only have been lost.
    is_due = any(isinstance(step, Restart) for step in applying.due) or _waits(applying.plan)
    earlier = Notes.of(turn.state)
    left_in, app = _left_in(applying.plan) or earlier.left_in, applying.plan.circumstances.app
    notes = replace(earlier, is_unfinished=True, restart_is_due=is_due, left_in=left_in, app=app)
    notes = notes.seeing(applying.saved.meaning) if applying.saved else notes
    version = {"schemaVersion": applying.plan.before.schema.version}
    known = outputs_of(applying.address, _as_left(applying.job, applying))
    properties = turn.after | known | version | kept(turn) | notes.outputs()
    return UnfinishedError(str(applying.address), properties, error)


def _as_left(job: Job, applying: Applying) -> Job:
    """Give the job with the status that it has since it was switched; a restart of ours lifts no quarantine.

    A job that was started and has had no cycle is not active yet (graph: synchronizationstatus).
    """
    switched = [step for step in applying.done if isinstance(step, Pause | Start | Restart)]
    match switched[-1:]:
        case [Pause()]:
            return replace(job, status="Paused", quarantine=None)
        case [Restart()] if job.quarantine:
            return job
        case [Start() | Restart()]:
            return replace(job, status="Active" if applying.plan.has_run else "NotRun", quarantine=None)
        case _:
            return job


def _left_in(plan: Plan) -> str:
    """Name the job's last cycle, when a plan takes people out or closes what they left behind; empty otherwise."""
    return cycle_of(plan.observed.job) if plan.takes_out or plan.closes_what_was_kept else ""


def _waits(plan: Plan) -> bool:
    """Tell whether a restart that the scope needs waits for the job to be switched on."""
    return not plan.after.is_on and plan.restart_is_due


def kept(turn: Turn) -> Plain:
    """Give the outputs that outlive a run which does not renew them."""
    return {name: turn.state[name] for name in ("replacedSchemaVersion",) if name in turn.state}
