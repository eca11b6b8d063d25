"""The ASGI application in Elium's place: one tenant for each name in the URL, each with its token and its accounts."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Union, cast
from urllib.parse import parse_qsl

from scim2_models import (
    EnterpriseUser,
    Group,
    ListResponse,
    NotFoundException,
    PatchOp,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimPolicy,
    ScimProvider,
    SearchRequest,
    User,
)
from scim2_server.applications.asgi import ASGIApplication
from scim2_server.memory import AsyncInMemoryStorage
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.utils import load_default_service_provider_config

from emulator.company.json_bodies import read_json
from emulator.elium import dialect
from emulator.elium.behaviour import TOLERANT, Behaviour, Fault
from emulator.elium.tally import Tally
from emulator.elium.tokens import Tokens
from emulator.elium.traffic import Received, shown, told_in

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

    from starlette.types import Receive, Scope, Send

    from emulator.company.store import JsonObject

PREFIX = "/scim/v2"
"""What Elium's tutorial has administrators put behind their tenant URL (Learn: elium-provisioning-tutorial)."""

_ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error"
_LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
_KEPT = 100_000
"""How many requests are remembered."""


class Elium:
    """All SCIM targets of one Elium, below ``/<tenant>/scim/v2``."""

    def __init__(
        self,
        tenants: Mapping[str, str],
        *,
        now: Callable[[], datetime] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        new_token: Callable[[], str] = secrets.token_urlsafe,
    ) -> None:
        """Open tenants by name, each with its first bearer token; *now* tells the company's time."""
        self.tenants = {name: EliumTenant(name, Tokens(token, new_token)) for name, token in tenants.items()}
        self.received: deque[Received] = deque(maxlen=_KEPT)
        """What was asked, oldest first."""
        self.last = 0
        """How many requests there ever were."""
        self._now = now
        self._sleep = sleep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        raw = scope.get("raw_path") or scope["path"].encode()
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        name, _, rest = path[1:].partition("/")
        tenant, below = self.tenants.get(name), f"/{rest}".removeprefix(PREFIX)
        if tenant is None or not f"/{rest}/".startswith(f"{PREFIX}/"):
            await _send(send, _error(404, "There is no such tenant."))
            return
        query = scope["query_string"].decode("latin-1")
        target = raw.decode("latin-1").partition(PREFIX)[2] + (f"?{query}" if query else "")
        body = await _body(receive)
        # A client in this process waits for nothing: in a whole cycle nobody else would have a turn.
        await asyncio.sleep(0)
        self.last += 1
        at = self._now() if self._now else None
        received = Received(name, scope["method"], target, shown(scope["headers"]), body, self.last, at)
        self.received.append(received)
        answer = await tenant.answer(scope, below, received, self._sleep)
        received.status = int(answer.status)
        if received.status >= HTTPStatus.BAD_REQUEST:
            received.refusal = _text_of(answer)
        tenant.tally.count(received)
        await _send(send, answer)

    def newest(self, name: str, *, after: int = 0, before: int | None = None) -> Iterator[Received]:
        """Give what a tenant was asked between two numbers, newest first. What lies further back is not looked at."""
        for one in takewhile(lambda one: one.number > after, reversed(self.received)):
            if one.tenant == name and (before is None or one.number < before):
                yield one

    def tenant(self, name: str) -> EliumTenant:
        """Look up a tenant; :class:`KeyError` when there is none."""
        return self.tenants[name]

    def forget(self, name: str) -> None:
        """Forget what a tenant was asked."""
        kept = [one for one in self.received if one.tenant != name]
        self.received.clear()
        self.received.extend(kept)

    def taken(self) -> JsonObject:
        """Write down every account and group, by tenant, for a snapshot."""
        return {name: tenant.taken() for name, tenant in self.tenants.items()}

    def understood(self, written: Mapping[str, list[JsonObject]]) -> dict[str, list[Resource[Any]]]:
        """Read what was written down, of the tenants that there are. :raises ValueError: when it cannot be."""
        return {name: self.tenants[name].understood(told) for name, told in written.items() if name in self.tenants}

    def put_back(self, accounts: Mapping[str, list[Resource[Any]]]) -> None:
        """Have exactly the accounts and groups that were understood."""
        for name, resources in accounts.items():
            self.tenants[name].put_back(resources)


@dataclass(slots=True)
class EliumTenant:
    """One customer of Elium."""

    name: str
    tokens: Tokens = field(repr=False)
    """What opens it; several at a time, so that one can be replaced while the other is still in use."""
    behaviour: Behaviour = TOLERANT
    faults: list[Fault] = field(default_factory=list)
    """What goes wrong; the first that strikes is answered."""
    tally: Tally = field(default_factory=Tally)
    _storage: AsyncInMemoryStorage = field(default_factory=AsyncInMemoryStorage, repr=False)
    _servers: dict[bool, ASGIApplication] = field(default_factory=dict, repr=False)

    @property
    def users(self) -> list[JsonObject]:
        """The accounts, in the order of creation."""
        return self._all("User")

    @property
    def groups(self) -> list[JsonObject]:
        """The groups, in the order of creation."""
        return self._all("Group")

    def accounts(self, words: str = "") -> Iterator[Resource[Any]]:
        """Give the accounts, the one that was changed last first; those whose name has the *words*."""
        wanted = words.casefold()
        for one in reversed(self._storage.resources):
            names = (getattr(one, name, None) or "" for name in ("user_name", "display_name"))
            if _is(one, "User") and (not wanted or any(wanted in name.casefold() for name in names)):
                yield one

    def name_of(self, found: str) -> str:
        """Give what an account or a group is called, by its id; empty when there is none."""
        for kind in (User[EnterpriseUser], Group):
            with suppress(NotFoundException):
                one = self._storage.storage.get(_type_of(kind), found)
                return str(getattr(one, "user_name", None) or getattr(one, "display_name", None) or "")
        return ""

    def taken(self) -> list[JsonObject]:
        """Write down every account and group, for a snapshot."""
        return [json.loads(one.model_dump_json()) for one in self._storage.resources]

    def understood(self, resources: list[JsonObject]) -> list[Resource[Any]]:
        """Read accounts and groups that were written down. :raises ValueError: when they are not."""
        kinds: dict[str, type[Resource[Any]]] = {"User": User[EnterpriseUser], "Group": Group}
        return [kinds[one["meta"]["resourceType"]].model_validate(one) for one in resources]

    def put_back(self, resources: list[Resource[Any]]) -> None:
        """Have exactly the accounts and groups that were understood."""
        self._storage.storage.resources = resources

    async def answer(
        self, scope: Scope, path: str, received: Received, sleep: Callable[[float], Awaitable[None]]
    ) -> ScimResponse:
        """Answer a request as this tenant does today."""
        if not self._is_authorized(scope["headers"]):
            refused = _error(401, "The bearer token is missing or wrong.")
            refused.headers["WWW-Authenticate"] = "Bearer"
            return refused
        fault = next((one for one in self.faults if one.strikes(received.method, received.target)), None)
        if fault is None:
            return await self._serve(scope, path, received)
        if fault.delay:
            await sleep(fault.delay)
        if fault.committed:
            await self._serve(scope, path, received)
        return _faulty(fault)

    async def _serve(self, scope: Scope, path: str, received: Received) -> ScimResponse:
        # First of all: what the server would take of it could never be told again.
        if received.body and received.method in _WRITING and (reason := _unreadable(received.body)):
            return _error(400, f"The body cannot be read. {reason}", scim_type="invalidSyntax")
        if self.behaviour.refuses_pathless and received.method == "PATCH" and _is_pathless(received):
            return _error(400, "Every operation needs a path.", scim_type="invalidPath")
        request = self._request(scope, path, received)
        if self.behaviour.understands_entra and dialect.asks_for_nobody(request.query.get("filter", "")):
            return self._in_its_way(ScimResponse(HTTPStatus.OK, {"schemas": [_LIST_SCHEMA], "totalResults": 0}))
        server = self._server()
        response = await server.serve(request)
        if (
            received.method == "PATCH"
            and response.status == HTTPStatus.NO_CONTENT
            and self.behaviour.answers_patch_with_body
        ):
            request.method, request.body = "GET", b""
            response = await server.serve(request)
        return self._in_its_way(response)

    def _request(self, scope: Scope, path: str, received: Received) -> ScimRequest:
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        host = dict(headers).get("host", "localhost")
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        body = received.body
        if self.behaviour.understands_entra:
            query = {
                name: dialect.understood_filter(text) if name == "filter" else text for name, text in query.items()
            }
            body = _changed(body, dialect.understood if received.method == "PATCH" else dialect.without_foreign_schemas)
        if self.behaviour.tells_members_always:
            query.pop("excludedAttributes", None)
        base = f"{scope.get('scheme', 'http')}://{host}{scope.get('root_path', '')}/{self.name}{PREFIX}"
        return ScimRequest(received.method, base, path, query, headers, self._lowered(body))

    def _lowered(self, body: bytes) -> bytes:
        if not self.behaviour.lowers_user_names or not body:
            return body
        return _changed(body, _with_low_name)

    def _in_its_way(self, response: ScimResponse) -> ScimResponse:
        if self.behaviour.plain_json:
            response.headers["Content-Type"] = "application/json"
        if self.behaviour.hides_manager and response.body:
            for resource in [response.body, *(response.body.get("Resources") or [])]:
                resource.get(_ENTERPRISE, {}).pop("manager", None)
        return response

    def _is_authorized(self, headers: list[tuple[bytes, bytes]]) -> bool:
        given = next((value for name, value in headers if name.lower() == b"authorization"), b"")
        scheme, _, token = given.partition(b" ")
        return scheme.lower() == b"bearer" and self.tokens.open_with(token.strip())

    def _server(self) -> ASGIApplication:
        """Give the server for today's tolerance; all of them share the accounts."""
        tolerant = self.behaviour.understands_entra
        if tolerant not in self._servers:
            provider = ScimProvider(
                models=[User, EnterpriseUser, Group],
                resource_types=[ResourceType.from_resource(User[EnterpriseUser]), ResourceType.from_resource(Group)],
                config=load_default_service_provider_config(),
                policy=dialect.ENTRA if tolerant else ScimPolicy(),
            )
            self._servers[tolerant] = ASGIApplication(self._storage, provider)
            _messages()
        return self._servers[tolerant]

    def _all(self, kind: str) -> list[JsonObject]:
        stored = [one for one in self._storage.resources if _is(one, kind)]
        # What is updated moves to the end of the storage.
        stored.sort(key=lambda one: (one.meta and one.meta.created) or datetime.now(UTC))
        return [one.model_dump() for one in stored]


@cache
def _messages() -> Sequence[type[Any]]:
    """Hold the models of requests and answers for good.

    pydantic keeps such a model as long as somebody holds it; without this each cycle makes them anew, again and again,
    which takes as long as all the rest.
    """
    kinds: list[Any] = [User[EnterpriseUser], Group]
    generics: list[Any] = [SearchRequest, ResponseParameters, PatchOp]
    # Written as the server writes it: pydantic finds a model by how its parameter is written.
    answers = ListResponse[Union[User[EnterpriseUser], Group]]  # noqa: UP007
    return [answers, *(generic[kind] for generic in generics for kind in kinds)]


@cache
def _type_of(kind: type[Resource[Any]]) -> ResourceType:
    return ResourceType.from_resource(kind)


def _is(resource: Resource[Any], kind: str) -> bool:
    return resource.meta is not None and resource.meta.resource_type == kind


_WRITING = frozenset({"POST", "PUT", "PATCH"})
_ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def _unreadable(body: bytes) -> str:
    """Say why a body cannot be read; nothing when it can."""
    try:
        read_json(body)
    except ValueError as error:
        return str(error)
    return ""


def _changed(body: bytes, change: Callable[[JsonObject], JsonObject]) -> bytes:
    """Change a JSON object; what is not one stays as it came, and the server says so."""
    told = told_in(body)
    return json.dumps(change(told)).encode() if isinstance(told, dict) else body


def _with_low_name(told: JsonObject) -> JsonObject:
    name = told.get("userName")
    return {**told, "userName": name.lower()} if isinstance(name, str) else told


def _is_pathless(received: Received) -> bool:
    told = told_in(received.body)
    operations = told.get("Operations") if isinstance(told, dict) else None
    return isinstance(operations, list) and any(isinstance(one, dict) and not one.get("path") for one in operations)


def _faulty(fault: Fault) -> ScimResponse:
    headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
    if fault.body is None:
        answer = _error(fault.status, f"{_phrase(fault.status)}.")
        answer.headers.update(headers)
        return answer
    raw = _Raw(_status(fault.status), None, {**headers, "Content-Type": fault.content_type or "text/html"})
    raw.text = fault.body
    return raw


class _Raw(ScimResponse):
    """An answer that is not JSON."""

    text: str = ""


def _error(status: int, detail: str, *, scim_type: str | None = None) -> ScimResponse:
    told: JsonObject = {"schemas": [_ERROR_SCHEMA], "status": str(status), "detail": detail}
    if scim_type:
        told["scimType"] = scim_type
    return ScimResponse(_status(status), told)


def _status(status: int) -> HTTPStatus:
    """Give a status that has a name of its own; any other number is sent as it is."""
    return HTTPStatus(status) if status in _NAMED else cast("HTTPStatus", status)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in _NAMED else "Unknown"


_NAMED = frozenset(one.value for one in HTTPStatus)


async def _body(receive: Receive) -> bytes:
    chunks, more = [], True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


def _text_of(answer: ScimResponse) -> str:
    if isinstance(answer, _Raw):
        return answer.text
    return "" if answer.body is None else json.dumps(answer.body)


async def _send(send: Send, answer: ScimResponse) -> None:
    content = _text_of(answer).encode()
    headers = [(name.lower().encode(), value.encode()) for name, value in answer.headers.items()]
    await send({"type": "http.response.start", "status": int(answer.status), "headers": headers})
    await send({"type": "http.response.body", "body": content})
