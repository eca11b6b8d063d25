"""What Entra has: the apps of a template, who is assigned, the jobs. Only read, never written."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from provisioning.errors import NotFoundError
from provisioning.graph.connect import connect
from provisioning.model.identifiers import ServicePrincipalId

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from provisioning.graph.client import GraphClient
    from provisioning.model.assignment import Assignment


@dataclass(frozen=True, slots=True)
class App:
    """An app that was made from the gallery; both are object ids."""

    application: str
    """Empty when another tenant owns it, or it was deleted."""
    service_principal: str


@dataclass(frozen=True, slots=True)
class Directory:
    """What has to be known of Entra in order to find what a state lacks. A service principal may be gone."""

    graph: GraphClient

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


@asynccontextmanager
async def directory_of(environment: Mapping[str, str]) -> AsyncIterator[Directory]:
    """Open the directory of the cloud and identity that *environment* names, in azuread's words (``ARM_…``)."""
    graph = await connect(environment)
    try:
        yield Directory(graph)
    finally:
        await graph.close()
