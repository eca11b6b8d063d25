"""Rotating the app's token: what is looked at before, and what is going to be done, as it is shown."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from provisioning.errors import ConfigurationError
from provisioning.model.assignment import Assignment
from provisioning.model.base_address import shown_address
from provisioning.model.connection import Connection, Scope
from provisioning.model.credentials import Credentials
from provisioning.model.identifiers import JobAddress, ServicePrincipalId, TemplateId
from provisioning.model.job import Job, Quarantine
from provisioning.model.observed import Observed
from provisioning.model.on_demand import OnDemandAnswer, Subject
from provisioning.model.person import Person
from provisioning.model.schema import SynchronizationSchema
from provisioning.operations.explanation import NO_ROLE
from provisioning.operations.log_codes import is_of_credentials
from provisioning.operations.standing import Standing, standing_of
from provisioning.operations.status import status_and_others
from provisioning.operations.watching import StackJob, Switched
from provisioning.planning.configuration import Configuration, rules_of

UNREACHABLE_TARGET = "EncounteredQuarantineException"
"""Why a job is in quarantine when Entra cannot talk to the app (Learn: application-provisioning-quarantine-status)."""


class Rotates(Switched, Protocol):
    """What a rotation needs of Graph."""

    async def schema(self, address: JobAddress) -> SynchronizationSchema:
        """Read the schema of a job."""

    async def assignments(self, principal: ServicePrincipalId) -> tuple[Assignment, ...]:
        """List the groups and users that the app is assigned to."""

    def each_person(
        self, principals: Sequence[Assignment], *, attributes: Collection[str], everybody: bool
    ) -> AsyncIterator[Person]:
        """Give whom principals bring along, and everybody else where that is asked, each once."""

    async def person(self, named: str, *, attributes: Collection[str]) -> Person | None:
        """Read one user."""

    async def validate_credentials(
        self, principal: ServicePrincipalId, template: TemplateId, credentials: Credentials
    ) -> None:
        """Let Entra try address and token."""

    async def validate_saved(self, address: JobAddress, base_address: str) -> None:
        """Let Entra try the address and token that it holds."""

    async def save_secrets(self, principal: ServicePrincipalId, secrets: Mapping[str, str]) -> None:
        """Replace all synchronization secrets."""

    async def provision_on_demand(self, address: JobAddress, rule: str, subject: Subject) -> OnDemandAnswer:
        """Provision a person at once."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """What is going to be done."""

    meant: StackJob
    job: Job
    connection: Connection
    """All that is saved with the token, and is saved with the new one again."""
    rule: str
    person: Person | None
    """Who is provisioned as a probe; ``None`` when nobody is."""
    why_nobody: str = ""
    is_severe: bool = False

    @property
    def stack(self) -> str:
        """Of which stack."""
        return self.meant.stack

    @property
    def restarts(self) -> bool:
        """Whether the job is in quarantine for its credentials, which the new token mends."""
        return is_for_credentials(self.job.quarantine)

    @property
    def lines(self) -> tuple[str, ...]:
        """What comes of it, a sentence each."""
        probe = f"{self.person.name} is provisioned at once, as a probe." if self.person else self.why_nobody
        restart = ("The job is in quarantine for its credentials, and begins again where it was.",)
        return (
            f"Saves the new token for {shown_address(self.connection.address)}; what is saved beside it stays.",
            probe,
            *(restart if self.restarts else ()),
        )

    @property
    def checksum(self) -> str:
        """What this is accepted by. Nothing of a token is in it."""
        whom = self.person.id if self.person else ""
        parts = (str(self.meant.address), self.connection.address, whom, str(self.restarts))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:8]


async def rotation_of(graph: Rotates, meant: StackJob, person: str = "") -> Rotation:
    """Look what a rotation would do. *person* names who is provisioned as a probe; else it is the first in scope.

    :raises ConfigurationError: when something is saved beside the token that a save would lose, when there is no
        address, or nobody of that name.
    """
    address = meant.address
    status, _ = await status_and_others(graph, address)
    connection = Connection(await graph.secrets(address.service_principal))
    if not connection.address:
        raise ConfigurationError("The job has no address, so that no token can be tried.", hint="Run `pulumi up`.")
    connection.refuse_what_a_save_loses()
    schema = await graph.schema(address)
    observed = Observed(status.job, connection=connection, schema=schema)
    somebody, why_nobody = await _probed(graph, address, observed, person)
    return Rotation(meant, status.job, connection, schema.rule, somebody, why_nobody)


def is_for_credentials(held: Quarantine | None) -> bool:
    """Tell whether a quarantine is because the app refused the token, and not for anything else."""
    return held is not None and held.reason == UNREACHABLE_TARGET and is_of_credentials(held.code)


async def _probed(graph: Rotates, address: JobAddress, observed: Observed, named: str) -> tuple[Person | None, str]:
    """Find who is provisioned as a probe, or why nobody is."""
    if named:
        found = await graph.person(named, attributes=())
        if found is None:
            raise ConfigurationError(
                f"There is no user {named!r} in this tenant.", hint="Write a user principal name, or the object id."
            )
        return found, ""
    if observed.job is None or not observed.job.is_switched_on:
        return None, "The job is off, so nobody is provisioned as a probe; name somebody with --person."
    somebody = await _first_in_scope(graph, address, observed)
    return somebody, "" if somebody else "Nobody is found in scope, so nobody is provisioned as a probe."


async def _first_in_scope(graph: Rotates, address: JobAddress, observed: Observed) -> Person | None:
    """Find the first who is in scope; nobody where the filter cannot be read."""
    assignments = await graph.assignments(address.service_principal)
    rules = rules_of(Configuration.of(replace(observed, assignments=assignments)))
    if rules is None:
        return None
    wanted = rules.filter.attributes if rules.filter else frozenset()
    with_a_role = [one for one in assignments if one.role != NO_ROLE]
    everybody = observed.connection.scope is Scope.ALL
    async for person in graph.each_person(with_a_role, attributes=wanted, everybody=everybody):
        if standing_of(person, rules, None, is_whole=True).standing is Standing.WAITING:
            return person
    return None
