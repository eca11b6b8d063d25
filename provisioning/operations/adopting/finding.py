"""What was made in the portal: the app, its job and how that is configured. Only read, never written.

Eight reads: the gallery's app, the apps of it, the application, jobs, assignments, settings, schema and templates; and
one for fifteen names.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from provisioning.errors import ConfigurationError, NotFoundError
from provisioning.graph.apps import AppFacts, AppFound, PrincipalFound
from provisioning.model.assignment import PrincipalKind
from provisioning.model.connection import Connection
from provisioning.model.identifiers import JobAddress, ServicePrincipalId
from provisioning.model.job import Job, SynchronizationTemplate
from provisioning.model.observed import Observed
from provisioning.operations.adopting.naming import Names, names_of
from provisioning.operations.directory import Directory, gallery_template_id
from provisioning.operations.lookups import GALLERY_APP, OBJECT_ID
from provisioning.operations.observe import chosen_template, job_of_template
from provisioning.operations.port import Graph
from provisioning.settings.stack import PLACE
from provisioning.words import counted

BY_HAND = (
    "Let the program make a new app from the gallery (`pulumi up`), assign the people to it, and remove the old one "
    "once the first cycle has run."
)


class Entra(Graph, Directory, Protocol):
    """Microsoft Graph, as far as something is found in it."""

    async def apps_where(self, name: str, value: str) -> tuple[AppFound, ...]:
        """Find apps by a property of Graph's, with their roles and their template."""

    async def app_facts(self, principal: ServicePrincipalId) -> AppFacts:
        """Read what an app is called, and what it was made from."""

    async def application(self, app_id: str) -> str:
        """Find the object id of an application; empty when another tenant owns it."""

    async def principals_among(
        self, kind: PrincipalKind, name: str, values: Collection[str]
    ) -> tuple[PrincipalFound, ...]:
        """Find groups or users whose property is one of these."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What an operator said of what is to be adopted."""

    gallery_app: str
    """The name of the app in the gallery."""
    app: str = ""
    """Which app of these: a name or an id; empty where there is one."""
    job: str = ""
    """Which job of the app; empty where there is one."""


@dataclass(frozen=True, slots=True)
class Found:
    """An app that was made from the gallery, with its job."""

    app: AppFound
    application: str
    """The object id of the application."""
    observed: Observed
    """The job, and how it is configured; the roles too."""
    names: Names
    template: SynchronizationTemplate
    """What the job was made from, with its schema where Graph shows it."""
    is_default_template: bool

    @property
    def job(self) -> Job:
        """The job.

        :raises LookupError: never, of what :func:`find` gives.
        """
        if self.observed.job is None:
            raise LookupError("What was found has a job.")
        return self.observed.job

    @property
    def address(self) -> JobAddress:
        """Where the job lives."""
        return JobAddress(self.app.service_principal, self.job.id)


async def find(graph: Entra, meant: Meant) -> Found:
    """Find what is meant.

    :raises ConfigurationError: when it is not there, is there several times, or cannot be adopted; saying the way on.
    """
    app = await _app(graph, meant, await gallery_template_id(graph, meant.gallery_app, before=PLACE))
    application = await graph.application(app.app_id)
    if not application:
        raise ConfigurationError(
            f"The application of {app.name!r} is not in this tenant, so that Pulumi could not import it.",
            hint="Sign in to the tenant that owns it.",
        )
    jobs = await graph.jobs(app.service_principal, may_be_new=False)
    job = _job(app, jobs, meant.job)
    assignments = await graph.assignments(app.service_principal)
    connection = Connection(await graph.secrets(app.service_principal))
    schema = await graph.schema(JobAddress(app.service_principal, job.id))
    templates = await graph.templates(app.service_principal)
    default = chosen_template(templates, app.service_principal, None)
    template = next((one for one in templates if one.id == job.template), SynchronizationTemplate(job.template))
    beside = tuple(each for each in jobs if each != job)
    observed = Observed(job, template, beside, connection, schema, assignments, app.roles)
    names = await names_of(graph, assignments)
    return Found(app, application, observed, names, template, is_default_template=default.id == job.template)


async def _app(graph: Entra, meant: Meant, template: str) -> AppFound:
    apps = await graph.apps_where("applicationTemplateId", template)
    found = [app for app in apps if not meant.app or _is_called(app, meant.app)]
    if len(found) == 1:
        return found[0]
    if found:
        raise ConfigurationError(
            f"{counted(len(found), 'app was', 'apps were')} made from {meant.gallery_app!r}: {_listed(found)}.",
            hint="Say which one is meant: --app, and its service principal.",
        )
    raise await _no_app(graph, meant, apps)


def _is_called(app: AppFound, written: str) -> bool:
    return app.name == written or written.lower() in {app.service_principal.lower(), app.app_id.lower()}


def _listed(apps: Sequence[AppFound]) -> str:
    return "; ".join(f"{app.name!r} (service principal {app.service_principal})" for app in apps)


async def _no_app(graph: Entra, meant: Meant, apps: Sequence[AppFound]) -> ConfigurationError:
    """Say why there is none: it may be there, and be made from something else."""
    wanted = meant.app or meant.gallery_app
    for name, template in await _called(graph, wanted):
        if not template:
            return ConfigurationError(
                f"{name!r} was registered by hand, and not made from the gallery: it has no connector, so that there "
                "is nothing to adopt.",
                hint=BY_HAND,
            )
        return ConfigurationError(
            f"{name!r} was not made from {meant.gallery_app!r}, but from another app of the gallery.",
            hint=f"Set {PLACE}{GALLERY_APP} to the name that the gallery has for it.",
        )
    if apps:
        return ConfigurationError(
            f"No app that was made from {meant.gallery_app!r} is called {wanted!r}. There is {_listed(apps)}.",
            hint="Say which one is meant: --app, and its name or its service principal.",
        )
    also = "" if wanted == meant.gallery_app else f", and none is called {wanted!r}"
    return ConfigurationError(
        f"This tenant has no app that was made from {meant.gallery_app!r}{also}.",
        hint="Look whether it is the right tenant. Where there is nothing yet, `pulumi up` makes it.",
    )


async def _called(graph: Entra, wanted: str) -> list[tuple[str, str]]:
    """Find the apps of a name or id, whatever they were made from: their names and gallery templates."""
    if not OBJECT_ID.fullmatch(wanted):
        return [(app.name, app.gallery_template) for app in await graph.apps_where("displayName", wanted)]
    try:
        facts = await graph.app_facts(ServicePrincipalId(wanted))
    except NotFoundError:
        return []
    return [(facts.name, facts.gallery_template)]


def _job(app: AppFound, jobs: Sequence[Job], wanted: str) -> Job:
    """Choose the job, and hold that the program would take the same one."""
    found = [job for job in jobs if wanted in ("", job.id)]
    shown = "; ".join(f"{job.id} ({job.template}, {job.status})" for job in jobs) or "none"
    if len(found) > 1:
        raise ConfigurationError(
            f"{app.name!r} has {counted(len(jobs), 'job')}: {shown}.", hint="Say which one is meant: --job, and its id."
        )
    if not found and wanted:
        raise ConfigurationError(f"{app.name!r} has no job {wanted}; it has {shown}.", hint="Correct --job.")
    if not found:
        raise ConfigurationError(
            f"{app.name!r} has no provisioning job, so that there is nothing to adopt but the app.",
            hint="In the portal: Provisioning > Get started. Or delete the app, and let `pulumi up` make all of it.",
        )
    job = found[0]
    taken = job_of_template(list(jobs), job.template)
    if taken is not None and taken != job:
        raise ConfigurationError(
            f"Of two jobs that were made from {job.template}, the program takes {taken.id}, which provisions people; "
            f"{job.id} is not that.",
            hint="Delete the one that is not meant in the portal, and repeat the command.",
        )
    return job
