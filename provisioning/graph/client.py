"""The verbs that we use, over HTTP. Each is one request unless it says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from provisioning.errors import ConflictError, GraphError, NotFoundError, ThrottledError, UnavailableError
from provisioning.graph import wire
from provisioning.graph.patience import Patience, WallClock
from provisioning.graph.people import PeopleReader
from provisioning.graph.refusals import error_of, rejection_of
from provisioning.graph.transport import NetworkError
from provisioning.model.schema import SynchronizationSchema

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping

    import httpx2

    from provisioning.errors import ProvisioningError
    from provisioning.graph.patience import Clock
    from provisioning.model.credentials import Credentials
    from provisioning.model.identifiers import JobAddress, ServicePrincipalId, TemplateId
    from provisioning.model.job import Job, SynchronizationTemplate
    from provisioning.model.person import People

PASSING_TROUBLE = (ThrottledError, UnavailableError, ConflictError)
"""What may be different a moment later."""

WITHIN = timedelta(minutes=3)
"""How long passing trouble is sat out."""

APPEARS_WITHIN = timedelta(minutes=2)
"""How long a service principal may take to be known to the synchronization service after it was made (graph 1.2)."""

LISTS_LAG_BY = timedelta(seconds=60)
"""How long a list may not show what was created (reliability 3, rule 3)."""

UNAUTHENTICATED = "InvalidAuthenticationToken"

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """One request, and what its refusal means."""

    method: str
    path: str
    """Below the version, such as ``/servicePrincipals/…``; or the whole address of a next page."""
    body: Mapping[str, Any] | None = None
    refusal: Callable[[httpx2.Response], ProvisioningError] = error_of


class TokenSource(Protocol):
    """What gives bearer tokens for Graph: a sign-in of ours, or one that a caller brings."""

    async def token(self) -> str:
        """Give a token. :raises SignInError: when there is none to be had."""

    def forget(self) -> None:
        """Drop the token, because Graph did not take it."""


class GraphClient:
    """Microsoft Graph, as far as provisioning needs it.

    Every verb raises :class:`~provisioning.errors.GraphError` or one of its kinds when Graph says no,
    :class:`~provisioning.errors.MissingPermissionError` when the identity may not, and
    :class:`~provisioning.errors.SignInError` when there is none.
    """

    def __init__(self, http: httpx2.AsyncClient, sign_in: TokenSource, root: str, clock: Clock | None = None) -> None:
        self._http = http
        self._sign_in = sign_in
        self._origin = root
        self._root = f"{root}/v1.0"
        self._clock = clock or WallClock()

    # Templates and jobs

    async def templates(self, principal: ServicePrincipalId) -> list[SynchronizationTemplate]:
        """List what a job can be made from. Waits for a service principal that was made a moment ago."""
        node = await self._first_look(principal, "templates")
        return [wire.template_of(item) for item in node["value"]]

    async def jobs(self, principal: ServicePrincipalId) -> list[Job]:
        """List the jobs. Waits for a service principal that was made a moment ago."""
        node = await self._first_look(principal, "jobs")
        return [wire.job_of(item) for item in node["value"]]

    async def job(self, address: JobAddress) -> Job | None:
        """Read a job; ``None`` when it is gone."""
        try:
            return wire.job_of(await self._read(_job(address)))
        except NotFoundError:
            return None

    async def create_job(self, principal: ServicePrincipalId, template: TemplateId) -> Job:
        """Create a job, switched off.

        A second job is never made. When the answer is lost, the job may be there; so it is looked for, as long as a
        list may lag behind, before it is asked for again (reliability 3, rules 1 to 3).
        """
        path = f"{_synchronization(principal)}/jobs"
        patience = Patience(self._clock, within=WITHIN)
        lost: datetime | None = None

        async def attempt() -> Job:
            nonlocal lost
            if lost is not None:
                for job in map(wire.job_of, (await self._send(Request("GET", path)))["value"]):
                    if job.template == template:
                        return job
                if self._clock.now() < lost + LISTS_LAG_BY:
                    raise UnavailableError("The answer to the creation of the job was lost.", status=0)
            try:
                return wire.job_of(await self._send(Request("POST", path, {"templateId": template})))
            except UnavailableError:
                lost = self._clock.now()
                raise

        return await patience.until_it_works(attempt, unless=PASSING_TROUBLE)

    async def delete_job(self, address: JobAddress) -> None:
        """Delete a job. Accounts at Elium stay as they are. A job that is gone already is deleted."""
        await self._unless_gone("DELETE", _job(address))

    async def start(self, address: JobAddress) -> None:
        """Switch a job on; it goes on where it was paused."""
        await self._act("POST", f"{_job(address)}/start")

    async def pause(self, address: JobAddress) -> None:
        """Switch a job off; a running cycle finishes first. A job that is gone already is off."""
        await self._unless_gone("POST", f"{_job(address)}/pause")

    async def restart(self, address: JobAddress, forgetting: Iterable[str]) -> None:
        """Start over. *forgetting* are Graph's ``resetScope`` words, such as ``Watermark``."""
        criteria = {"criteria": {"resetScope": ", ".join(forgetting)}}
        await self._act("POST", f"{_job(address)}/restart", criteria)

    # Credentials

    async def validate_credentials(
        self, principal: ServicePrincipalId, template: TemplateId, credentials: Credentials
    ) -> None:
        """Let Entra try address and token, as *Test connection* does.

        :raises CredentialsRejectedError: when Elium does not accept them; nothing is saved by this.
        """
        path = f"{_synchronization(principal)}/jobs/validateCredentials"
        body = wire.credentials_node(template, credentials)
        await self._patiently(
            Request("POST", path, body, lambda answer: rejection_of(answer, credentials.base_address))
        )

    async def secrets(self, principal: ServicePrincipalId) -> dict[str, str]:
        """Read the synchronization secrets; sensitive values are masked."""
        return wire.secrets_of(await self._read(f"{_synchronization(principal)}/secrets"))

    async def save_secrets(self, principal: ServicePrincipalId, secrets: Mapping[str, str]) -> None:
        """Replace all synchronization secrets."""
        await self._act("PUT", f"{_synchronization(principal)}/secrets", wire.secrets_node(secrets))

    # Schema

    async def schema(self, address: JobAddress) -> SynchronizationSchema:
        """Read the schema of a job."""
        return SynchronizationSchema(await self._read(f"{_job(address)}/schema"))

    async def save_schema(self, address: JobAddress, schema: SynchronizationSchema) -> None:
        """Replace the schema of a job, which starts its initial cycle anew.

        It must be PUT: the service answers 404 to PATCH, whatever a generated client sends
        (graph: synchronization-synchronizationschema-update).
        """
        await self._act("PUT", f"{_job(address)}/schema", schema.document)

    async def reset_schema(self, address: JobAddress) -> None:
        """Put the schema of a job back to its template's, filters included, which starts its initial cycle anew.

        Graph answers 204, whatever the page's text says (graph: synchronization-synchronizationschema-delete).
        """
        await self._act("DELETE", f"{_job(address)}/schema")

    # People

    async def people(
        self,
        principal: ServicePrincipalId,
        *,
        attributes: Collection[str],
        assigned: bool,
        everybody: bool,
        at_most: int,
    ) -> People:
        """Read those who are *assigned*, or *everybody*, with the source *attributes* named; one request a page."""
        reader = PeopleReader(self._items, principal, attributes, at_most)
        return await reader.read(assigned=assigned, everybody=everybody)

    async def _items(self, path: str) -> AsyncIterator[JsonObject]:
        """Give what a collection holds. The next page is asked for exactly as Graph says (Learn: graph/paging)."""
        page = path
        while page:
            node = await self._read(page)
            for item in node.get("value") or ():
                yield item
            page = node.get("@odata.nextLink") or ""

    # The journey of a request

    async def _first_look(self, principal: ServicePrincipalId, what: str) -> JsonObject:
        """Read something that may not be there yet, because the service principal was made a moment ago."""
        request = Request("GET", f"{_synchronization(principal)}/{what}")
        return await self._patiently(request, APPEARS_WITHIN, unless=(*PASSING_TROUBLE, NotFoundError))

    async def _read(self, path: str) -> JsonObject:
        return await self._patiently(Request("GET", path))

    async def _act(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> None:
        await self._patiently(Request(method, path, body))

    async def _unless_gone(self, method: str, path: str) -> None:
        try:
            await self._act(method, path)
        except NotFoundError:
            return

    async def _patiently(
        self, request: Request, within: timedelta = WITHIN, unless: tuple[type[GraphError], ...] = PASSING_TROUBLE
    ) -> JsonObject:
        """Send a request that may be sent twice, and sit out passing trouble."""
        patience = Patience(self._clock, within=within)
        return await patience.until_it_works(lambda: self._send(request), unless=unless)

    async def _send(self, request: Request) -> JsonObject:
        """Send one request and read its answer, ``{}`` when it is empty. An expired token is renewed once."""
        answer = await self._exchange(request)
        if answer.status_code == 401 and UNAUTHENTICATED in answer.text:  # noqa: PLR2004 - the status of the code
            self._sign_in.forget()
            answer = await self._exchange(request)
        if not answer.is_success:
            raise request.refusal(answer)
        content: JsonObject = answer.json() if answer.content else {}
        return content

    async def _exchange(self, request: Request) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {await self._sign_in.token()}"}
        url = self._address_of(request.path)
        try:
            return await self._http.request(request.method, url, json=request.body, headers=headers)
        except NetworkError as error:
            raise UnavailableError(
                f"Graph gave no answer to {request.method} {request.path}: {type(error).__name__}.",
                status=0,
                asked=f"{request.method} {request.path}",
                hint="Look at the network and the proxy, then try again.",
            ) from error

    def _address_of(self, path: str) -> str:
        """Complete a path. A whole address must be Graph's own: the token is sent nowhere else."""
        if path.startswith("/"):
            return f"{self._root}{path}"
        if not path.startswith(f"{self._origin}/"):
            host = path.partition("://")[2].partition("/")[0]
            raise GraphError(f"Graph points to {host} for the next page, which is not asked.", status=0, asked=path)
        return path


def _synchronization(principal: ServicePrincipalId) -> str:
    return f"/servicePrincipals/{principal}/synchronization"


def _job(address: JobAddress) -> str:
    return f"{_synchronization(address.service_principal)}/jobs/{address.job}"
