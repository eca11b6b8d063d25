"""Configure provisioning for the first time, in the order of Microsoft's tutorial: test, save, map, switch on.

Two halves, because they fail differently. :func:`find_or_create_job` leaves nothing behind when it fails before the
job exists. After that, :func:`bring_about` may stop half-way: the job is there, and running it again finishes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from provisioning.errors import ConfigurationError
from provisioning.model.identifiers import JobAddress
from provisioning.operations.update import change_schema
from provisioning.planning.secrets import merged_secrets

if TYPE_CHECKING:
    from provisioning.model.declaration import Declaration
    from provisioning.model.identifiers import ServicePrincipalId, TemplateId
    from provisioning.model.job import Job
    from provisioning.operations.port import Synchronization


@dataclass(frozen=True, slots=True)
class FoundJob:
    """The job to configure, and whether it was there before."""

    job: Job
    address: JobAddress
    was_there: bool


async def find_or_create_job(
    graph: Synchronization, principal: ServicePrincipalId, declaration: Declaration
) -> FoundJob:
    """Find the job of the declared template, or create it once the credentials were tested.

    An existing job is adopted, never doubled (reliability 3, rule 2).

    :raises CredentialsRejectedError: when Elium does not accept address or token; then nothing was changed.
    :raises ConfigurationError: when the service principal has no template to make a job from.
    """
    template = declaration.template or await _default_template(graph, principal)
    jobs = await graph.jobs(principal)
    await graph.validate_credentials(principal, template, declaration.credentials)
    for job in jobs:
        if job.template == template:
            return FoundJob(job, JobAddress(principal, job.id), was_there=True)
    job = await graph.create_job(principal, template)
    return FoundJob(job, JobAddress(principal, job.id), was_there=False)


async def bring_about(graph: Synchronization, found: FoundJob, declaration: Declaration) -> str:
    """Save the secrets, write what is declared into the schema, and switch the job on or off.

    A service principal without a job is taken to hold no secrets yet, which saves a read; where a job was, what the
    service holds and nobody declares is sent back. Gives the schema's version as read, empty when it was not.
    """
    principal = found.address.service_principal
    observed = await graph.secrets(principal) if found.was_there else {}
    await graph.save_secrets(principal, merged_secrets(observed, declaration))
    version = await change_schema(graph, found.address, declaration.schema) if declaration.schema else ""
    if declaration.on and not found.job.is_on:
        await graph.start(found.address)
    elif found.job.is_on and not declaration.on:
        await graph.pause(found.address)
    return version


async def _default_template(graph: Synchronization, principal: ServicePrincipalId) -> TemplateId:
    """Find the template that the service itself would take (graph 5.1: the one with ``default``)."""
    templates = await graph.templates(principal)
    if not templates:
        raise ConfigurationError(
            f"Service principal {principal} offers no synchronization template, so it cannot be provisioned.",
            hint="Add the app from the gallery; an app registered by hand has no connector.",
        )
    return next((template for template in templates if template.is_default), templates[0]).id
