"""What operations need from Graph, in our words. :class:`provisioning.graph.client.GraphClient` has it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from provisioning.graph.apps import AppFound
from provisioning.model.assignment import AppRole, Assignment
from provisioning.model.credentials import Credentials
from provisioning.model.identifiers import JobAddress, ServicePrincipalId, TemplateId
from provisioning.model.job import Job, SynchronizationTemplate
from provisioning.model.person import People
from provisioning.model.schema import SynchronizationSchema


class Graph(Protocol):
    """Microsoft Graph, as far as provisioning needs it."""

    async def apps_of(self, template: str, display_name: str) -> tuple[AppFound, ...]:
        """List the apps of a gallery template and name."""

    async def app_roles(self, principal: ServicePrincipalId, *, may_be_new: bool = True) -> tuple[AppRole, ...]:
        """List the roles that an app declares. Waits for a service principal that may have been made a moment ago."""

    async def assignments(self, principal: ServicePrincipalId) -> tuple[Assignment, ...]:
        """List the groups and users who are assigned."""

    async def assignments_held_by(self, known: Assignment, principal: ServicePrincipalId) -> tuple[Assignment, ...]:
        """Ask a group or user how it is assigned to the app; empty when it is not, or is gone."""

    async def templates(self, principal: ServicePrincipalId) -> list[SynchronizationTemplate]:
        """List what a job can be made from."""

    async def jobs(self, principal: ServicePrincipalId, *, may_be_new: bool = True) -> list[Job]:
        """List the jobs. Waits for a service principal that may have been made a moment ago."""

    async def job(self, address: JobAddress) -> Job | None:
        """Read a job; ``None`` when it is gone."""

    async def create_job(
        self, principal: ServicePrincipalId, template: TemplateId, *, made_before: bool = False
    ) -> Job:
        """Create a job, switched off. *made_before* says that an earlier run may have made it."""

    async def delete_job(self, address: JobAddress) -> None:
        """Delete a job."""

    async def start(self, address: JobAddress) -> None:
        """Switch a job on."""

    async def pause(self, address: JobAddress) -> None:
        """Switch a job off."""

    async def restart(self, address: JobAddress, forgetting: Iterable[str]) -> None:
        """Start over."""

    async def validate_credentials(
        self, principal: ServicePrincipalId, template: TemplateId, credentials: Credentials
    ) -> None:
        """Let Entra try address and token."""

    async def secrets(self, principal: ServicePrincipalId) -> dict[str, str]:
        """Read the synchronization secrets."""

    async def save_secrets(self, principal: ServicePrincipalId, secrets: Mapping[str, str]) -> None:
        """Replace all synchronization secrets."""

    async def schema(self, address: JobAddress) -> SynchronizationSchema:
        """Read the schema."""

    async def save_schema(self, address: JobAddress, schema: SynchronizationSchema) -> None:
        """Replace the schema."""

    async def people(
        self, principals: Collection[Assignment], *, attributes: Collection[str], everybody: bool, at_most: int
    ) -> People:
        """Read whom groups and users bring along, and *everybody* where that is asked, with some attributes."""
