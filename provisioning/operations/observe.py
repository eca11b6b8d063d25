"""See how provisioning is configured at the service: what every plan starts from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from typing import TypeAlias

from provisioning.errors import ConfigurationError, NotFoundError
from provisioning.model.assignment import Assignment
from provisioning.model.connection import Connection
from provisioning.model.identifiers import JobAddress, JobId, ServicePrincipalId, TemplateId
from provisioning.model.job import Job, SynchronizationTemplate
from provisioning.model.observed import Observed
from provisioning.operations.assigned import assigned
from provisioning.operations.port import Graph

TOKEN = "secrettoken"  # noqa: S105 - a name
"""How a template names the secret token (graph 5.1)."""

Say: TypeAlias = Callable[[str], Awaitable[None]]


async def observe(  # noqa: PLR0913 - which job is meant takes three
    graph: Graph,
    principal: ServicePrincipalId,
    *,
    template: TemplateId | None = None,
    job: JobId | None = None,
    gone: JobId | None = None,
    known: Collection[Assignment] = (),
    waits: Say | None = None,
) -> Observed:
    """Read everything that a plan looks at; of an app without a job, what a job would start with.

    With *job*, that one is meant; otherwise the one of the *template*, or of the default template, but not one that is
    *gone*, which lists may still have. *known* are the
    assignments of an earlier run, see :func:`assigned`. An app that may be new is waited for, and *waits* is told so
    before; it is left out where the app must be there.

    :raises ConfigurationError: when the service principal has no such template to make a job from, or it asks for other
        secrets than a token.
    :raises NotFoundError: when there is no such service principal.
    """
    jobs = [each for each in await _listed(graph, principal, waits) if each.id != gone]
    found, made_from = job_of_template(jobs, template), None
    if job is not None:
        found = await _meant(graph, JobAddress(principal, job), jobs)
    elif found is None:
        made_from = chosen_template(await graph.templates(principal), principal, template)
        refuse_other_credentials(made_from)
        found = job_of_template(jobs, made_from.id)
    assignments = await assigned(graph, principal, known)
    observed = Observed(found, made_from, tuple(each for each in jobs if each != found), assignments=assignments)
    if found is None:
        return replace(observed, schema=made_from.schema if made_from else None)
    return await _with_configuration(graph, observed, JobAddress(principal, found.id))


def app_is_gone(principal: ServicePrincipalId, error: NotFoundError) -> NotFoundError:
    """Say that a service principal is not there, in place of what Graph says of its jobs."""
    return NotFoundError(
        f"The service principal {principal} does not exist, so nothing can be provisioned with it.",
        status=error.status,
        code=error.code,
        request_id=error.request_id,
        asked=error.asked,
        hint="If it was deleted by hand, restore it in Entra, or run `pulumi refresh`, and then `pulumi up`; where the "
        "application itself is still there, docs/how-to/when-a-run-was-cut.md has the command that replaces it.",
    )


async def look_at_job(graph: Graph, address: JobAddress) -> tuple[Job | None, tuple[Job, ...]]:
    """Read the jobs of the service principal: the one that is meant, ``None`` when it is gone, and those beside it."""
    try:
        jobs = await graph.jobs(address.service_principal, may_be_new=False)
    except NotFoundError:
        jobs = []
    job = await _meant(graph, address, jobs)
    return job, tuple(each for each in jobs if each.id != address.job)


async def read_back(graph: Graph, address: JobAddress, *, with_schema: bool) -> Observed:
    """Read a job, its connection and, where something is declared about it, its schema; no job, when it is gone."""
    job, beside = await look_at_job(graph, address)
    if job is None:
        return Observed()
    connection = Connection(await graph.secrets(address.service_principal))
    schema = await graph.schema(address) if with_schema else None
    return Observed(job, beside=beside, connection=connection, schema=schema)


def chosen_template(
    templates: list[SynchronizationTemplate], principal: ServicePrincipalId, wanted: TemplateId | None
) -> SynchronizationTemplate:
    """Take the template that is wanted, or the one that the service itself would take (graph 5.1: ``default``).

    :raises ConfigurationError: when there is none.
    """
    if not templates:
        raise ConfigurationError(
            f"Service principal {principal} offers no synchronization template, so it cannot be provisioned.",
            hint="Add the app from the gallery; an app registered by hand has no connector.",
        )
    if wanted is None:
        return next((template for template in templates if template.is_default), templates[0])
    found = next((template for template in templates if template.id == wanted), None)
    if found is None:
        offered = ", ".join(sorted(template.id for template in templates))
        raise ConfigurationError(
            f"templateId: the app has no synchronization template {wanted!r}; it offers {offered}.",
            hint="Write one of these, or leave templateId out.",
        )
    return found


def refuse_other_credentials(template: SynchronizationTemplate) -> None:
    """Refuse an app that is not signed in to with a secret token alone.

    What else an app can be told, such as an address, is not asked here: it may have a default. A secret has none.

    :raises ConfigurationError: naming the secrets that the app asks for.
    """
    if template.secrets is None or template.secrets == {TOKEN}:
        return
    asked = ", ".join(sorted(template.secrets)) or "no secret"
    raise ConfigurationError(
        f"The synchronization template {template.id!r} asks for {asked}: the app is signed in to in another way than "
        "with a secret token, so it cannot be provisioned from here. Nobody was assigned.",
        hint="Provision it in the portal, or name an app whose tutorial has a tenant URL and a secret token.",
    )


async def _listed(graph: Graph, principal: ServicePrincipalId, waits: Say | None) -> list[Job]:
    """List the jobs of an app, and say so before an app that may be new is waited for."""
    try:
        return await graph.jobs(principal, may_be_new=False)
    except NotFoundError as error:
        if waits is None:
            raise app_is_gone(principal, error) from error
    await waits(f"Waiting up to two minutes for the service principal {principal} to appear.")
    try:
        return await graph.jobs(principal)
    except NotFoundError as error:
        raise app_is_gone(principal, error) from error


async def _meant(graph: Graph, address: JobAddress, jobs: list[Job]) -> Job | None:
    """Find the job that is meant; one that the list lacks is asked for itself, because lists lag by a minute.

    Whoever takes it for gone makes a second one, or lets people leave whom nobody disables (reliability 3, rule 3).
    """
    listed = next((each for each in jobs if each.id == address.job), None)
    return listed or await graph.job(address)


def job_of_template(jobs: list[Job], template: TemplateId | None) -> Job | None:
    """Find the job of a template; of two, which only a run that was cut leaves, the one that provisions people."""
    of_it = [job for job in jobs if job.template == template]
    return next(iter(sorted(of_it, key=lambda job: (not job.has_run, not job.is_switched_on))), None)


async def _with_configuration(graph: Graph, observed: Observed, address: JobAddress) -> Observed:
    """Add what the job holds, and the template that it was made from, by its name alone."""
    connection = Connection(await graph.secrets(address.service_principal))
    schema = await graph.schema(address)
    job = observed.job
    made_from = observed.template or (SynchronizationTemplate(job.template) if job else None)
    return replace(observed, connection=connection, schema=schema, template=made_from)
