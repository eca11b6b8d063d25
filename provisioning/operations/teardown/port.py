"""What a teardown needs of Graph, in our words. :class:`provisioning.graph.client.GraphClient` has it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from provisioning.model.assignment import Assignment
from provisioning.model.identifiers import JobAddress, ServicePrincipalId
from provisioning.model.on_demand import OnDemandAnswer, Subject
from provisioning.model.person import People, Person
from provisioning.model.schema import SynchronizationSchema
from provisioning.operations.watching import Switched


class TornDown(Switched, Protocol):
    """Microsoft Graph, as far as a teardown needs it."""

    async def schema(self, address: JobAddress) -> SynchronizationSchema:
        """Read the schema of a job."""

    async def assignments(self, principal: ServicePrincipalId) -> tuple[Assignment, ...]:
        """List the groups and users that the app is assigned to."""

    async def people(
        self, principals: Collection[Assignment], *, attributes: Collection[str], everybody: bool, at_most: int
    ) -> People:
        """Read whom groups and users bring along, and everybody where that is asked."""

    async def person(self, named: str, *, attributes: Collection[str]) -> Person | None:
        """Read one user; ``None`` when there is none."""

    async def app_id(self, principal: ServicePrincipalId) -> str:
        """Find the app id of a service principal."""

    async def application(self, app_id: str) -> str:
        """Find the object id of an application; empty when there is none in this tenant."""

    async def save_secrets(self, principal: ServicePrincipalId, secrets: Mapping[str, str]) -> None:
        """Replace all synchronization secrets."""

    async def unassign(self, principal: ServicePrincipalId, assignment: str) -> None:
        """Take an assignment away."""

    async def provision_on_demand(self, address: JobAddress, rule: str, subject: Subject) -> OnDemandAnswer:
        """Provision a person or a group at once."""

    async def delete_job(self, address: JobAddress) -> None:
        """Delete a job."""

    async def purge(self, deleted: str, *, may_be_new: bool = True) -> bool:
        """Delete for good what lies in the recycle bin; what may have been deleted a moment ago is waited for."""
