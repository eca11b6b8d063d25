"""What the engine keeps of the two resources once a job was adopted: the same as after an ``up`` that changed nothing.

The resources say it themselves, by the callbacks that the engine asks, of the inputs that the program hands over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from provisioning.errors import ConfigurationError
from provisioning.model.credentials import SecretToken
from provisioning.model.declaration import Declaration
from provisioning.model.token_source import SourceKind
from provisioning.operations.adopting.declaring import Declared
from provisioning.operations.adopting.finding import Found
from provisioning.operations.port import Graph
from provisioning.operations.resource_names import JOB_TYPE
from provisioning.operations.stack_state import Kept
from provisioning.planning.plan import plan_of
from provisioning.provider.notes import Notes
from provisioning.provider.outputs import outputs_of
from provisioning.provider.plan_resource import PlanCallbacks
from provisioning.provider.process import Process
from provisioning.provider.synchronization_job import SynchronizationJobCallbacks
from provisioning.settings.inputs import inputs_of_job, inputs_of_plan, job_inputs


def adopted_state(found: Found, declared: Declared, token: SecretToken | None, *, salt: bytes) -> tuple[Kept, Kept]:
    """Give plan and job as the state is to hold them; of the *token* a fingerprint, or that it is kept."""
    process = Process(_nobody)
    settings, app = declared.settings, found.app
    written = job_inputs(settings, app.service_principal)
    written["secretToken"] = token.reveal() if token else SourceKind.KEPT.value
    assigned = [each.inputs for each in declared.assigned]
    of_plan = inputs_of_plan(settings, written, template_id=app.gallery_template, assigned=assigned)
    of_job = inputs_of_job(written, assigned=assigned, role=declared.role)
    plan_inputs = PlanCallbacks(process).check({}, of_plan, salt=salt)
    job_inputs_kept = SynchronizationJobCallbacks(process).check({}, of_job, salt=salt)
    schema = found.observed.schema
    notes = Notes(schema_seen=schema.meaning if schema else "", app=settings.display_name)
    nothing_to_do = plan_of(found.observed, Declaration())
    plan_outputs = {"plan": nothing_to_do.digest, "templateId": found.job.template}
    plan_outputs |= {"roleId": declared.role} if declared.role else {}
    job_outputs = outputs_of(found.address, found.job) | {"schemaVersion": schema.version if schema else ""}
    return (
        Kept("plan", plan_inputs | plan_outputs, plan_inputs),
        Kept(str(found.address), job_inputs_kept | job_outputs | notes.outputs(), job_inputs_kept),
    )


def refuse_what_is_due(resources: Iterable[Mapping[str, Any]]) -> None:
    """Refuse to complete a state in which an earlier run left something to be done: that would be forgotten.

    :raises ConfigurationError: naming the job.
    """
    for one in resources:
        notes = Notes.of(one.get("outputs") or {}) if one.get("type") == JOB_TYPE else Notes()
        if notes.is_unfinished or notes.restart_is_due or notes.left_in:
            raise ConfigurationError(
                f"An earlier run left something to be done of the job {one.get('id')}, which an adoption would forget.",
                hint="Run `pulumi up`, which does it, and takes the job over.",
            )


async def _nobody() -> Graph:
    raise LookupError("A check asks nobody.")
