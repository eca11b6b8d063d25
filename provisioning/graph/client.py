"""The verbs that we use, over HTTP. Each is one request unless it says otherwise."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from provisioning.errors import (
    ConfigurationError,
    ConflictError,
    GraphError,
    NotFoundError,
    ProvisioningError,
    ThrottledError,
    UnavailableError,
)
from provisioning.graph import wire
from provisioning.graph.exchange import CREATED, NO_CONTENT, PASSING_TROUBLE, RESET, WITHIN, Exchange, Request
from provisioning.graph.patience import Patience, WallClock
from provisioning.graph.people import PeopleReader, path_of, quoted
from provisioning.graph.refusals import rejection_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    import httpx2

    from provisioning.graph.apps import AppFound
    from provisioning.graph.exchange import JsonObject, TokenSource
    from provisioning.graph.patience import Clock
    from provisioning.model.assignment import AppRole, Assignment
    from provisioning.model.credentials import Credentials
    from provisioning.model.identifiers import JobAddress, ServicePrincipalId, TemplateId
    from provisioning.model.job import Job, SynchronizationTemplate
    from provisioning.model.person import People
    from provisioning.model.schema import SynchronizationSchema

_Read = TypeVar("_Read")

APPEARS_WITHIN = timedelta(minutes=2)
"""How long a service principal may take to be known after it was made (graph 1.2)."""

LISTS_LAG_BY = timedelta(seconds=60)
"""How long a list may not show what was created (reliability 3, rule 3)."""


class GraphClient:
    """Microsoft Graph, as far as provisioning needs it.

    Every verb raises :class:`~provisioning.errors.GraphError` or one of its kinds when Graph says no or answers with
    something else than it documents, :class:`~provisioning.errors.MissingPermissionError` when the identity may not,
    and :class:`~provisioning.errors.SignInError` when there is none.
    """

    def __init__(self, http: httpx2.AsyncClient, sign_in: TokenSource, root: str, clock: Clock | None = None) -> None:
        self._clock = clock or WallClock()
        self._graph = Exchange(http, sign_in, root, self._clock)

    # The app

    async def apps_of(self, template: str, display_name: str) -> tuple[AppFound, ...]:
        """Find the apps that were made from a gallery *template* and have exactly this display name.

        Graph compares names without regard to case, so the name is compared here.
        """
        only = f"applicationTemplateId eq {quoted(template)}"
        path = path_of("/servicePrincipals", select=("appId", "displayName", "id"), only=only)
        found = [wire.app_of(node) async for node in self._graph.items(path)]
        return tuple(sorted((app for app in found if app.name == display_name), key=lambda app: app.app_id))

    async def app_roles(self, principal: ServicePrincipalId) -> tuple[AppRole, ...]:
        """Read the roles that the app declares. Waits for a service principal that was made a moment ago."""
        return await self._first_look(f"/servicePrincipals/{principal}?$select=id,appRoles", wire.app_roles_of)

    async def assignments(self, principal: ServicePrincipalId) -> tuple[Assignment, ...]:
        """List the groups and users that the app is assigned to, by name; one request a page.

        The list may not show for a minute what was assigned or taken away (reliability 3, rule 3).
        """
        path = path_of(f"/servicePrincipals/{principal}/appRoleAssignedTo")
        found = [wire.assignment_of(node) async for node in self._graph.items(path)]
        return tuple(sorted((one for one in found if one), key=lambda one: (one.name, one.id)))

    # Templates and jobs

    async def templates(self, principal: ServicePrincipalId) -> list[SynchronizationTemplate]:
        """List what a job can be made from. Waits for a service principal that was made a moment ago."""
        return await self._first_look(f"{_synchronization(principal)}/templates", _each(wire.template_of))

    async def jobs(self, principal: ServicePrincipalId) -> list[Job]:
        """List the jobs. Waits for a service principal that was made a moment ago."""
        return await self._first_look(_jobs(principal), _each(wire.job_of))

    async def job(self, address: JobAddress) -> Job | None:
        """Read a job; ``None`` when it is gone."""
        try:
            return await self._graph.get(_job(address), wire.job_of)
        except NotFoundError:
            return None

    async def create_job(
        self, principal: ServicePrincipalId, template: TemplateId, *, made_before: bool = False
    ) -> Job:
        """Create a job, switched off, or adopt the one that an earlier attempt made.

        A second job is never made, as far as Graph allows: it has no key by which a creation could be repeated, and
        its lists lag behind (reliability 3, rules 1 to 3).

        - Whoever calls this has looked at the list, so it is not read again before the first attempt.
        - When the answer is lost, cannot be read, or says that there is one already, the job may be there: the list is
          watched for as long as it may lag, and the creation is asked for again only after that.
        - *made_before* says that an earlier run may have asked for the job and not lived to see the answer. Only its
          caller can know that. Then the list is watched in the same way before anything is asked for.
        - After an answer the list is not read: the answer is the proof, and a list that lags would prove nothing.

        :raises ConfigurationError: when the app does not offer the template; the sentence says what it offers.
        """
        patience = Patience(self._clock, within=WITHIN)
        unsure_since = self._clock.now() if made_before else None
        request = Request("POST", _jobs(principal), {"templateId": template}, answered_by=CREATED)

        async def attempt() -> Job:
            nonlocal unsure_since
            if unsure_since is not None:
                job = await self._made_already(principal, template, since=unsure_since)
                if job:
                    return job
            try:
                return await self._graph.once(request, wire.job_of)
            except (UnavailableError, ConflictError):
                unsure_since = self._clock.now()
                raise

        try:
            return await patience.until_it_works(attempt, unless=PASSING_TROUBLE)
        except GraphError as error:
            await self._refuse_unknown(template, principal, error)
            raise

    async def delete_job(self, address: JobAddress) -> None:
        """Delete a job. Accounts at the target stay as they are. A job that is gone already is deleted."""
        await self._unless_gone(Request("DELETE", _job(address), answered_by=NO_CONTENT))

    async def start(self, address: JobAddress) -> None:
        """Switch a job on; it goes on where it was paused."""
        await self._graph.act(_action(address, "start"))

    async def pause(self, address: JobAddress) -> None:
        """Switch a job off; a running cycle finishes first. A job that is gone already is off."""
        await self._unless_gone(_action(address, "pause"))

    async def restart(self, address: JobAddress, forgetting: Iterable[str]) -> None:
        """Start over. *forgetting* are Graph's ``resetScope`` words, such as ``Watermark``."""
        await self._graph.act(_action(address, "restart", {"criteria": {"resetScope": ", ".join(forgetting)}}))

    # Credentials

    async def validate_credentials(
        self, principal: ServicePrincipalId, template: TemplateId, credentials: Credentials
    ) -> None:
        """Let Entra try address and token, as *Test connection* does.

        :raises CredentialsRejectedError: when the target does not accept them; nothing is saved by this.
        :raises ConfigurationError: when the app does not offer the template; the sentence says what it offers.
        """
        request = Request(
            "POST",
            f"{_jobs(principal)}/validateCredentials",
            wire.credentials_node(template, credentials),
            answered_by=NO_CONTENT,
            refusal=lambda refusal: rejection_of(refusal, credentials.base_address),
            secrets=(credentials.token.reveal(),),
        )
        try:
            await self._graph.act(request)
        except GraphError as error:
            await self._refuse_unknown(template, principal, error)
            raise

    async def secrets(self, principal: ServicePrincipalId) -> dict[str, str]:
        """Read the synchronization secrets; sensitive values are masked."""
        return await self._graph.get(_secrets(principal), wire.secrets_of)

    async def save_secrets(self, principal: ServicePrincipalId, secrets: Mapping[str, str]) -> None:
        """Replace all synchronization secrets."""
        hidden = tuple(value for key, value in secrets.items() if key not in wire.SHOWN)
        body = wire.secrets_node(secrets)
        await self._graph.act(Request("PUT", _secrets(principal), body, answered_by=NO_CONTENT, secrets=hidden))

    # Schema

    async def schema(self, address: JobAddress) -> SynchronizationSchema:
        """Read the schema of a job."""
        return await self._graph.get(f"{_job(address)}/schema", wire.schema_of)

    async def save_schema(self, address: JobAddress, schema: SynchronizationSchema) -> None:
        """Replace the schema of a job, which starts its initial cycle anew.

        It must be PUT: the service answers 404 to PATCH, whatever a generated client sends
        (graph: synchronization-synchronizationschema-update).
        """
        await self._graph.act(Request("PUT", f"{_job(address)}/schema", schema.document, answered_by=NO_CONTENT))

    async def reset_schema(self, address: JobAddress) -> None:
        """Put the schema of a job back to its template's, filters included, which starts its initial cycle anew."""
        await self._graph.act(Request("DELETE", f"{_job(address)}/schema", answered_by=RESET))

    # People

    async def people(
        self, principals: Collection[Assignment], *, attributes: Collection[str], everybody: bool, at_most: int
    ) -> People:
        """Read whom *principals* bring along, and *everybody* when asked, with the source *attributes* named.

        Fifteen groups or users a request; then for each security group one request a page of members and one for the
        groups that it holds, and one more for its size once the limit is reached. Roles are the assignments' to tell.
        """
        return await PeopleReader(self._graph, attributes, at_most).read(principals, everybody=everybody)

    # What several of these need

    async def _first_look(self, path: str, read: Callable[[JsonObject], _Read]) -> _Read:
        """Read something that may not be there yet, because the service principal was made a moment ago."""
        unless = (*PASSING_TROUBLE, NotFoundError)
        return await self._graph.ask(Request("GET", path), read, within=APPEARS_WITHIN, unless=unless)

    async def _made_already(
        self, principal: ServicePrincipalId, template: TemplateId, *, since: datetime
    ) -> Job | None:
        """Find the job that may have been made; ``None`` when the list would show it by now.

        :raises UnavailableError: while the list may lag.
        """
        for job in await self._graph.once(Request("GET", _jobs(principal)), _each(wire.job_of)):
            if job.template == template:
                return job
        if self._clock.now() < since + LISTS_LAG_BY:
            raise UnavailableError(
                "Whether the job was made is not known yet: the answer was lost, and lists lag behind.",
                status=0,
                hint="Run it again in a minute: a job that was made is found and taken over.",
            )
        return None

    async def _refuse_unknown(self, template: TemplateId, principal: ServicePrincipalId, error: GraphError) -> None:
        """Say what the app offers when Graph's no may be about the template; it does not say so itself (graph 5.2).

        :raises ConfigurationError: when the template is not among those that the app offers.
        """
        if isinstance(error, ThrottledError | ConflictError) or not error.status:
            return
        look = Request("GET", f"{_synchronization(principal)}/templates")
        try:
            offered = sorted(one.id for one in await self._graph.once(look, _each(wire.template_of)))
        except ProvisioningError:
            return
        if template not in offered:
            raise ConfigurationError(
                f"{template!r} is not a synchronization template of this app; it offers {_listed(offered)}.",
                hint="Declare one of these, or none to take the one that the app itself would take."
                if offered
                else "Add the app from the gallery; an app registered by hand has no connector.",
            ) from error

    async def _unless_gone(self, request: Request) -> None:
        try:
            await self._graph.act(request)
        except NotFoundError:
            return


def _each(read: Callable[[JsonObject], _Read]) -> Callable[[JsonObject], list[_Read]]:
    return lambda node: [read(item) for item in wire.list_of(node)]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names)) or "none"


def _action(address: JobAddress, verb: str, body: JsonObject | None = None) -> Request:
    return Request("POST", f"{_job(address)}/{verb}", body, answered_by=NO_CONTENT)


def _synchronization(principal: ServicePrincipalId) -> str:
    return f"/servicePrincipals/{principal}/synchronization"


def _secrets(principal: ServicePrincipalId) -> str:
    return f"{_synchronization(principal)}/secrets"


def _jobs(principal: ServicePrincipalId) -> str:
    return f"{_synchronization(principal)}/jobs"


def _job(address: JobAddress) -> str:
    return f"{_jobs(address.service_principal)}/{address.job}"
