"""How jobs are written in a snapshot of the company, and what makes one that cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.company.refusal import Refusal
from emulator.company.snapshot_check import JobNotation, misfits
from emulator.engine import job as jobs
from emulator.engine import template
from emulator.engine.job import Job
from emulator.engine.plan import understand
from emulator.engine.secrets import MASKED
from emulator.engine.states import JobState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.company.store import Tenant


def _problems(tenant: Tenant, principal_id: str, job_id: str, job: object) -> Iterator[str]:
    yield from misfits(job, Job, f"jobs/{job_id}")
    if not isinstance(job, Job):
        return
    if (job.id, job.tenant_id, job.service_principal_id) != (job_id, tenant.id, principal_id):
        yield f"the job '{job_id}' is not where it says that it is."
    if not template.exists(job.template_id):
        yield f"the job '{job_id}' has a template that there is not: '{job.template_id}'."
    try:
        understand(job.schema, any_filter=True)
    except Refusal as refusal:
        yield f"the job '{job_id}': {refusal.message}"


JOBS = JobNotation(
    classes=(
        *(jobs.Escrow, jobs.Execution, Job, JobState, jobs.Link),
        *(jobs.Progress, jobs.Quarantine, jobs.SyncError),
    ),
    masked=MASKED,
    problems=_problems,
)
"""The jobs of the provisioning service."""
