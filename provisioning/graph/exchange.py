"""The journey of a request: it is signed, sent, answered and read, and sent again where that can do no harm.

An answer that looks good counts only when it is what Graph documents for the request: the status, and a body of the
shape that is read from it. Everything else is trouble on the way, such as a proxy's page (graph 5, 9.1).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from provisioning.errors import ConflictError, GraphError, ProvisioningError, ThrottledError, UnavailableError
from provisioning.graph import wire
from provisioning.graph.pace import Pace
from provisioning.graph.patience import Clock, Patience
from provisioning.graph.refusals import (
    LATER,
    UNAUTHENTICATED,
    UNAUTHORIZED,
    Refusal,
    error_of,
    moment_in,
    not_graphs,
)
from provisioning.graph.transport import UNREADABLE, NetworkError, cause_of

if TYPE_CHECKING:
    import httpx2

_Read = TypeVar("_Read")

JsonObject = dict[str, Any]

PASSING_TROUBLE = (ThrottledError, UnavailableError, ConflictError)
"""What may be different a moment later."""

WITHIN = timedelta(minutes=3)
"""How long passing trouble is sat out."""

OK = frozenset({200})
CREATED = frozenset({200, 201})
"""The reference says 201, and some of its samples 200 (graph 5.2)."""
NO_CONTENT = frozenset({204})
RESET = frozenset({201, 204})
"""The page's text says 201, and the service answers 204 (graph: synchronization-synchronizationschema-delete)."""

MOST_VISITS = 5
"""How often a page is asked for before its collection is given up."""

EVENTUALLY = {"ConsistencyLevel": "eventual"}
"""What a request must say that counts (Learn: graph/aad-advanced-queries)."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request, what a good answer to it is, and what its refusal means."""

    method: str
    path: str
    """Below the version, such as ``/servicePrincipals/…``; or the whole address of a next page."""
    body: Mapping[str, Any] | None = None
    answered_by: frozenset[int] = OK
    """The statuses that Graph documents for success."""
    refusal: Callable[[Refusal], ProvisioningError] = error_of
    secrets: tuple[str, ...] = ()
    """What is in the body and must not come back in a sentence."""
    headers: Mapping[str, str] = field(default_factory=dict)
    pace: Pace | None = None
    """What holds it back, each time that it is sent."""

    @property
    def name(self) -> str:
        """Method and path, without the query."""
        return f"{self.method} {self.path.partition('?')[0]}"

    @property
    def has_content(self) -> bool:
        """Whether a good answer has a body."""
        return bool(self.answered_by & OK)

    @property
    def expected(self) -> str:
        """A good answer, in words."""
        statuses = " or ".join(map(str, sorted(self.answered_by)))
        return f"{statuses} with the JSON that it documents" if self.has_content else statuses


class TokenSource(Protocol):
    """What gives bearer tokens for Graph: a sign-in of ours, or one that a caller brings."""

    async def token(self) -> str:
        """Give a token. :raises SignInError: when there is none to be had."""

    def forget(self) -> None:
        """Drop the token, because Graph did not take it."""


@dataclass(slots=True)
class Exchange:
    """Sends requests to one Graph, as one identity."""

    http: httpx2.AsyncClient
    sign_in: TokenSource
    origin: str
    """Such as ``https://graph.microsoft.com``."""
    clock: Clock
    date: datetime | None = None
    """What the last answer said the time is; ``None`` when it did not say."""
    within: timedelta = WITHIN
    """How long passing trouble is sat out where nothing else is said."""
    answers_within: float | None = None
    """Seconds that an answer may take; ``None`` for as long as Graph itself takes at most."""

    async def ask(
        self,
        request: Request,
        read: Callable[[JsonObject], _Read],
        *,
        within: timedelta | None = None,
        unless: tuple[type[GraphError], ...] = PASSING_TROUBLE,
    ) -> _Read:
        """Send a request that may be sent twice, sit out passing trouble, and *read* its answer."""
        patience = Patience(self.clock, within=self.within if within is None else within)
        return await patience.until_it_works(lambda: self.once(request, read), unless=unless)

    async def get(self, path: str, read: Callable[[JsonObject], _Read]) -> _Read:
        """Read one thing."""
        return await self.ask(Request("GET", path), read)

    async def act(self, request: Request) -> None:
        """Send a request that may be sent twice, and whose answer says nothing but that it was done."""
        await self.ask(request, lambda _: None)

    async def items(self, path: str) -> AsyncIterator[JsonObject]:
        """Give the objects that a collection holds, as far as they are wanted."""
        async for page in self._pages(path, wire.object_of):
            for item in page:
                yield item

    async def listed(
        self,
        path: str,
        read: Callable[[JsonObject], _Read],
        *,
        within: timedelta | None = None,
        unless: tuple[type[GraphError], ...] = PASSING_TROUBLE,
    ) -> list[_Read]:
        """Read all that a collection holds."""
        pages = self._pages(path, read, within=within, unless=unless)
        return [item async for page in pages for item in page]

    async def count(self, path: str) -> int:
        """Count a collection, without reading it (Learn: graph/aad-advanced-queries)."""
        request = Request("GET", f"{path}?$select=id&$top=1&$count=true", headers=EVENTUALLY)
        return await self.ask(request, wire.count_of)

    async def once(self, request: Request, read: Callable[[JsonObject], _Read]) -> _Read:
        """Send a request once and *read* its answer. An expired token is renewed, and the request sent again.

        :raises UnavailableError: when the answer is good and cannot be read; whether it was carried out is not known.
        """
        if request.pace:
            await request.pace.turn()
        token = await self.sign_in.token()
        answer = await self._send(request, token)
        if answer.status_code == UNAUTHORIZED and UNAUTHENTICATED in answer.text:
            self.sign_in.forget()
            token = await self.sign_in.token()
            answer = await self._send(request, token)
        if not answer.is_success:
            refusal = Refusal.of(answer, now=self.clock.now(), secrets=(token, *request.secrets))
            raise request.refusal(refusal)
        if answer.status_code not in request.answered_by:
            raise not_graphs(answer, request.expected)
        try:
            return read(answer.json() if request.has_content else {})
        except UNREADABLE as error:
            raise not_graphs(answer, request.expected) from error

    async def _pages(
        self,
        path: str,
        read: Callable[[JsonObject], _Read],
        *,
        within: timedelta | None = None,
        unless: tuple[type[GraphError], ...] = PASSING_TROUBLE,
    ) -> AsyncIterator[list[_Read]]:
        """Give page after page. The next one is asked for exactly as Graph says (Learn: graph/paging).

        A page may be empty and lead on, and it may lead to itself for a moment; what leads there again and again never
        ends.
        """
        visits: Counter[str] = Counter()
        page = path
        while page:
            visits[page] += 1
            if visits[page] > MOST_VISITS:
                raise GraphError(
                    f"The pages of {path.partition('?')[0]} lead in a circle.",
                    status=0,
                    asked=f"GET {path}",
                    hint=LATER,
                )
            items, page = await self.ask(
                Request("GET", page), lambda node: wire.page_of(node, read), within=within, unless=unless
            )
            yield items

    async def _send(self, request: Request, token: str) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {token}", **request.headers}
        url = self._address_of(request.path)
        try:
            timeout = self.http.timeout if self.answers_within is None else self.answers_within
            answer = await self.http.request(request.method, url, json=request.body, headers=headers, timeout=timeout)
        except NetworkError as error:
            cause = cause_of(error)
            raise UnavailableError(
                f"Graph gave no answer to {request.name}: {cause.sentence}.",
                status=0,
                asked=request.name,
                hint=cause.hint,
            ) from error
        self.date = moment_in(answer.headers.get("Date", ""))
        return answer

    def _address_of(self, path: str) -> str:
        """Complete a path. A whole address must be Graph's own: the token is sent nowhere else."""
        if path.startswith("/"):
            return f"{self.origin}/v1.0{path}"
        if not path.startswith(f"{self.origin}/"):
            host = path.partition("://")[2].partition("/")[0]
            raise GraphError(f"Graph points to {host} for the next page, which is not asked.", status=0, asked=path)
        return path
