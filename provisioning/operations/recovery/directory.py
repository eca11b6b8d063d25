"""What Entra has: the apps of a template, who is assigned, the jobs. Only read, never written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from provisioning.errors import NotFoundError
from provisioning.graph.apps import AppFound
from provisioning.model.assignment import Assignment
from provisioning.model.identifiers import ServicePrincipalId
from provisioning.model.job import Job


class Apps(Protocol):
    """Microsoft Graph, as far as it is needed here. :class:`provisioning.graph.client.GraphClient` has it."""

    async def apps_of(self, template: str, display_name: str) -> Sequence[AppFound]:
        """Find the apps of a template by their name."""

    async def application(self, app_id: str) -> str:
        """Find the object id of an application by its client id."""

    async def assignments(self, principal: ServicePrincipalId) -> Sequence[Assignment]:
        """List who is assigned."""

    async def jobs(self, principal: ServicePrincipalId, *, may_be_new: bool = ...) -> Sequence[Job]:
        """List the jobs."""


@dataclass(frozen=True, slots=True)
class App:
    """An app that was made from the gallery; both are object ids."""

    application: str
    """Empty when another tenant owns it, or it was deleted."""
    service_principal: str


@dataclass(frozen=True, slots=True)
class Directory:
    """What has to be known of Entra in order to find what a state lacks. A service principal may be gone."""

    graph: Apps

    async def apps_of(self, template: str, display_name: str) -> Sequence[App]:
        """Find the apps of a gallery *template* that have exactly this display name."""
        found = await self.graph.apps_of(template, display_name)
        return [App(await self.graph.application(app.app_id), app.service_principal) for app in found]

    async def assignments(self, service_principal: str) -> Sequence[Assignment]:
        """List who is assigned; nobody where the service principal does not exist."""
        try:
            return await self.graph.assignments(ServicePrincipalId(service_principal))
        except NotFoundError:
            return ()

    async def jobs(self, service_principal: str) -> Sequence[str]:
        """List the ids of the jobs; none where the service principal does not exist."""
        try:
            return [job.id for job in await self.graph.jobs(ServicePrincipalId(service_principal), may_be_new=False)]
        except NotFoundError:
            return ()
