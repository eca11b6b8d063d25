"""What is known of a stack while it is looked at: what its file and state say, and what Graph answered, each once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from provisioning.errors import ConfigurationError, ProvisioningError
from provisioning.graph.apps import AppFacts, AppFound, GalleryApp, Licence
from provisioning.graph.claims import SignedIn
from provisioning.model.assignment import Assignment
from provisioning.model.credentials import Credentials, SecretToken
from provisioning.model.identifiers import JobAddress, ServicePrincipalId, TemplateId
from provisioning.model.job import SynchronizationTemplate
from provisioning.model.observed import Observed
from provisioning.model.person import People
from provisioning.model.provisioning_log import LogPage, LogQuestion
from provisioning.model.schema import SynchronizationSchema
from provisioning.model.synchronization_status import SynchronizationStatus
from provisioning.operations.deployed import Deployed, NoJobError, NoStackError, Run, is_whole
from provisioning.operations.doctor.checkup import CannotBeMadeError
from provisioning.operations.stack_configuration import StackFile
from provisioning.settings.stack import Settings

_Read = TypeVar("_Read")

Drift = Callable[[JobAddress, Observed, Mapping[str, Any]], Sequence[str]]
"""Tells how the service differs from the inputs that an ``up`` declared, in sentences."""

Probe = Callable[[Credentials, Mapping[str, str]], Awaitable[None]]
"""Asks the target from here, see :func:`provisioning.target.probe.probe`."""


class Examined(Protocol):
    """Microsoft Graph, as far as a checkup needs it. :class:`provisioning.graph.client.GraphClient` has it."""

    @property
    def graphs_time(self) -> datetime | None:
        """What Graph said the time is when it answered last."""

    async def signed_in(self) -> SignedIn | None:
        """Sign in, and tell as whom."""

    async def peek(self, collection: str) -> None:
        """Read one of ``users`` or ``groups``."""

    async def licences(self) -> tuple[Licence, ...]:
        """List what the tenant subscribed to."""

    async def gallery_apps(self, name: str) -> tuple[GalleryApp, ...]:
        """Find the apps of the gallery by their display name."""

    async def app_facts(self, principal: ServicePrincipalId) -> AppFacts:
        """Read what an app is called, what it was made from, and its roles."""

    async def apps_from(self, template: str) -> tuple[AppFound, ...]:
        """Find the apps that were made from a gallery template."""

    async def templates(self, principal: ServicePrincipalId) -> list[SynchronizationTemplate]:
        """List what a job can be made from."""

    async def statuses(self, principal: ServicePrincipalId) -> list[SynchronizationStatus]:
        """List the jobs with their status."""

    async def secrets(self, principal: ServicePrincipalId) -> dict[str, str]:
        """Read the synchronization secrets; sensitive values are masked."""

    async def schema(self, address: JobAddress) -> SynchronizationSchema:
        """Read the schema of a job."""

    async def assignments(self, principal: ServicePrincipalId) -> tuple[Assignment, ...]:
        """List the groups and users that the app is assigned to."""

    async def people(
        self, principals: Collection[Assignment], *, attributes: Collection[str], everybody: bool, at_most: int
    ) -> People:
        """Read whom groups and users bring along."""

    async def log_page(self, question: LogQuestion, page: str = "", *, at_most: int = ...) -> LogPage:
        """Read a page of the provisioning log."""

    async def last_saved(self, principal: ServicePrincipalId) -> datetime | None:
        """Tell when address, token or scope were saved last."""

    async def validate_credentials(
        self, principal: ServicePrincipalId, template: TemplateId, credentials: Credentials
    ) -> None:
        """Let Entra try address and token."""

    async def validate_saved(self, address: JobAddress, base_address: str) -> None:
        """Let Entra try the address and token that it holds."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a stack before anybody is asked."""

    stack: str
    folder: Path
    environment: Mapping[str, str]
    """As whom Graph is asked, and where a token may lie."""
    run: Run
    file: StackFile | None
    deployed: Deployed | None
    why_not_deployed: ProvisioningError | None

    @property
    def is_new(self) -> bool:
        """Tell whether it is certain that nothing was deployed; an engine that cannot be asked does not say so."""
        return isinstance(self.why_not_deployed, NoJobError | NoStackError)


@dataclass(slots=True)
class Chart:
    """What is known by now."""

    known: Known
    graph: Examined | ProvisioningError
    """Or why nobody can be asked."""
    now: Callable[[], datetime]
    """The service's time."""
    wall: Callable[[], datetime]
    """This machine's time. The two differ where a rehearsal lets time pass."""
    drift: Drift
    probe: Probe
    _answers: dict[str, object] = field(default_factory=dict)

    @property
    def stack(self) -> str:
        """The stack's name."""
        return self.known.stack

    @property
    def environment(self) -> Mapping[str, str]:
        """As whom Graph is asked, and where a token may lie."""
        return self.known.environment

    @property
    def file(self) -> StackFile | None:
        """The stack's file."""
        return self.known.file

    @property
    def deployed(self) -> Deployed | None:
        """What an ``up`` made."""
        return self.known.deployed

    @property
    def address(self) -> JobAddress:
        """The job. :raises CannotBeMadeError: when there is none."""
        if self.known.is_new:
            raise CannotBeMadeError("The stack is not deployed.", "Run `pulumi up` first.")
        if self.deployed is None:
            raise CannotBeMadeError("What the stack has deployed is not known, see stack.")
        return self.deployed.meant.address

    @property
    def principal(self) -> ServicePrincipalId:
        """The app's service principal. :raises CannotBeMadeError: when there is no job, and so no app that is known."""
        return self.address.service_principal

    def the_file(self) -> StackFile:
        """Give the stack's file. :raises CannotBeMadeError: when there is none, or another program declares the job."""
        if not is_whole(self.stack):
            raise CannotBeMadeError(
                f"{self.stack} is declared by a program in its own words.", "Run `pulumi preview --diff`."
            )
        if self.file is None:
            raise CannotBeMadeError("There is no file of the stack in this folder.", "Name its folder with --cwd.")
        return self.file

    def settings(self) -> Settings:
        """Read what the stack's file declares. :raises CannotBeMadeError: when it has mistakes, or is not there."""
        try:
            return self.the_file().settings(self.environment)
        except ConfigurationError:
            raise CannotBeMadeError("The configuration has mistakes.", "Correct them first.") from None

    def token(self) -> SecretToken:
        """Give the token that the next ``up`` would take. :raises CannotBeMadeError: when it cannot be had."""
        try:
            return self.the_file().token(self.environment, self.known.run)
        except ConfigurationError as error:
            raise CannotBeMadeError(f"The token is not known here: {error.message}", error.hint) from None

    def credentials(self) -> Credentials:
        """Give address and token that the next ``up`` would save."""
        return Credentials(self.settings().tenant_url, self.token())

    async def asked(self) -> Examined:
        """Give Graph, once somebody has signed in. :raises CannotBeMadeError: when nobody can."""
        if isinstance(self.graph, ProvisioningError):
            raise CannotBeMadeError("Nobody is signed in.")
        try:
            await self.signed_in()
        except ProvisioningError:
            raise CannotBeMadeError("Nobody is signed in.") from None
        return self.graph

    async def signed_in(self) -> SignedIn | None:
        """Sign in. :raises ProvisioningError: when that fails."""
        if isinstance(self.graph, ProvisioningError):
            raise self.graph
        return await self._once("signed in", self.graph.signed_in)

    async def permissions(self) -> frozenset[str] | None:
        """Tell what is granted; ``None`` when the token does not tell."""
        await self.asked()
        somebody = await self.signed_in()
        return somebody.permissions if somebody else None

    async def app_facts(self, principal: ServicePrincipalId) -> AppFacts:
        """Read the app."""
        graph = await self.asked()
        return await self._once(f"app {principal}", lambda: graph.app_facts(principal))

    async def statuses(self, principal: ServicePrincipalId) -> list[SynchronizationStatus]:
        """Read the jobs of an app."""
        graph = await self.asked()
        return await self._once(f"jobs {principal}", lambda: graph.statuses(principal))

    async def secrets(self, principal: ServicePrincipalId) -> dict[str, str]:
        """Read how an app is connected."""
        graph = await self.asked()
        return await self._once(f"secrets {principal}", lambda: graph.secrets(principal))

    async def assignments(self) -> tuple[Assignment, ...]:
        """Read who is assigned."""
        graph = await self.asked()
        return await self._once("assignments", lambda: graph.assignments(self.principal))

    async def gallery_apps(self) -> tuple[GalleryApp, ...]:
        """Look the app up in the gallery."""
        graph, name = await self.asked(), self.settings().gallery_app
        return await self._once("gallery", lambda: graph.gallery_apps(name))

    async def _once(self, question: str, ask: Callable[[], Awaitable[_Read]]) -> _Read:
        """Ask, unless that was asked before; a refusal is an answer as well."""
        if question not in self._answers:
            try:
                self._answers[question] = await ask()
            except ProvisioningError as error:
                self._answers[question] = error
        answer = self._answers[question]
        if isinstance(answer, ProvisioningError):
            raise answer
        return cast("_Read", answer)
