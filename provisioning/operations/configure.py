"""Configure provisioning for the first time, in the order of Microsoft's tutorial: test, save, map, switch on.

Two halves, because they fail differently. :func:`find_or_create_job` leaves nothing behind when it fails before the
job exists. After that, :func:`bring_about` may stop half-way: the job is there, and running it again finishes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from provisioning.errors import ConfigurationError
from provisioning.model.identifiers import JobAddress
from provisioning.model.job import SynchronizationTemplate
from provisioning.model.person import People
from provisioning.model.schema import SynchronizationSchema
from provisioning.model.secrets import scope_of
from provisioning.operations.save_schema import Precautions
from provisioning.operations.weigh import Weighed, weigh
from provisioning.planning.configuration import Configuration, Desired
from provisioning.planning.plan import plan_of
from provisioning.planning.secrets import merged_secrets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provisioning.model.declaration import Declaration
    from provisioning.model.identifiers import ServicePrincipalId
    from provisioning.model.job import Job
    from provisioning.operations.port import Synchronization
    from provisioning.planning.plan import Plan


@dataclass(frozen=True, slots=True)
class FoundJob:
    """The job to configure, and whether it was there before."""

    job: Job
    address: JobAddress
    was_there: bool
    is_unfinished: bool = False
    """Whether it was made by a configuration that stopped half-way, so that nobody was provisioned by it."""

    @property
    def has_run(self) -> bool:
        """Tell whether people may be provisioned by it already (graph: synchronization-synchronizationstatus)."""
        return self.was_there and not self.is_unfinished and self.job.status not in NEVER_RAN


@dataclass(frozen=True, slots=True)
class Configured:
    """What a first configuration leaves behind."""

    plan: Plan | None = None
    """What was done about the schema; ``None`` when it was not looked at."""
    replaced_version: str = ""
    """The version of the schema that was replaced; empty when none was."""


NEVER_RAN = frozenset({"NotConfigured", "NotRun"})
"""Status codes of a job that has provisioned nobody yet."""


async def find_or_create_job(
    graph: Synchronization,
    principal: ServicePrincipalId,
    declaration: Declaration,
    precautions: Precautions | None = None,
) -> FoundJob:
    """Find the job of the declared template, or create it once the credentials were tested.

    An existing job is adopted, never doubled (reliability 3, rule 2). What a template's schema shows to be impossible
    is refused before anything is made.

    :raises CredentialsRejectedError: when Elium does not accept address or token; then nothing was changed.
    :raises ConfigurationError: when the service principal has no template to make a job from, or when something is
        declared that the app does not have.
    :raises UnsafeChangeError: when what is declared would disable nobody who leaves, or find nobody at Elium.
    """
    template = await _template(graph, principal, declaration)
    jobs = await graph.jobs(principal)
    found = next((job for job in jobs if job.template == template.id), None)
    if found is None and template.schema is not None:
        _first_plan(template.schema, declaration, precautions or Precautions())
    await graph.validate_credentials(principal, template.id, declaration.credentials)
    job = found or await graph.create_job(principal, template.id)
    return FoundJob(job, JobAddress(principal, job.id), was_there=found is not None)


async def bring_about(
    graph: Synchronization, found: FoundJob, declaration: Declaration, precautions: Precautions | None = None
) -> Configured:
    """Save the secrets, write what is declared into the schema, and switch the job on or off.

    A service principal without a job is taken to hold no secrets yet, which saves a read; where a job was, what the
    service holds and nobody declares is sent back, and the guard looks at the change before anything is saved.

    :raises UnsafeChangeError: when too many people would leave a job that was there.
    """
    precautions = precautions or Precautions()
    principal = found.address.service_principal
    held = await graph.secrets(principal) if found.was_there else {}
    secrets = merged_secrets(held, declaration)
    weighed = await _weighed(graph, found, declaration, precautions, held) if found.has_run else None
    await graph.save_secrets(principal, secrets)
    if weighed is None and declaration.schema:
        weighed = Weighed(_first_plan(await graph.schema(found.address), declaration, precautions))
    replaced = await weighed.save(graph, found.address, precautions) if weighed else ""
    if declaration.on and not found.job.is_on:
        await graph.start(found.address)
    elif found.job.is_on and not declaration.on:
        await graph.pause(found.address)
    return Configured(weighed.plan if weighed else None, replaced)


def _first_plan(schema: SynchronizationSchema, declaration: Declaration, precautions: Precautions) -> Plan:
    """Plan for a job that provisions nobody yet: nobody leaves by it, but what breaks it for those to come is refused.

    :raises UnsafeChangeError: when that is not accepted by name.
    """
    desired = replace(Desired.of(declaration), accepted_leavers=precautions.accepted_leavers)
    plan = plan_of(Configuration(schema, declaration.scope), desired)
    plan.judged(People(), now=precautions.now()).refuse_unless_accepted()
    return plan


async def _weighed(
    graph: Synchronization,
    found: FoundJob,
    declaration: Declaration,
    precautions: Precautions,
    held: Mapping[str, str],
) -> Weighed | None:
    """Let the guard look at what changes of a job that people are provisioned by."""
    if not declaration.schema and scope_of(held) is declaration.scope:
        return None
    desired = replace(Desired.of(declaration), accepted_leavers=precautions.accepted_leavers)
    assumed = Configuration(SynchronizationSchema({}))
    return await weigh(graph, found.address, desired, precautions, held=held, assumed=assumed)


async def _template(
    graph: Synchronization, principal: ServicePrincipalId, declaration: Declaration
) -> SynchronizationTemplate:
    """Take the declared template, or find the one that the service itself would take (graph 5.1: ``default``)."""
    if declaration.template:
        return SynchronizationTemplate(declaration.template)
    templates = await graph.templates(principal)
    if not templates:
        raise ConfigurationError(
            f"Service principal {principal} offers no synchronization template, so it cannot be provisioned.",
            hint="Add the app from the gallery; an app registered by hand has no connector.",
        )
    return next((template for template in templates if template.is_default), templates[0])
