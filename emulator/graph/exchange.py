"""A request to Graph and its answer, as plain values. Nothing here reads a socket or decides anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from emulator.company.json_bodies import read_json
from emulator.company.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from emulator.company.store import Directory, JsonObject, Tenant
    from emulator.entra import Entra
    from emulator.identity.tokens import Caller


@dataclass(frozen=True, slots=True)
class Request:
    """What came over the wire, taken apart."""

    method: str
    version: str
    path: str
    """After the version, such as ``/users``."""
    origin: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By lower-case name."""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """What goes back."""

    status: int
    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Call:
    """One request, after its caller was recognised and its route found."""

    entra: Entra
    tenant: Tenant
    caller: Caller
    method: str
    """Such as ``GET``."""
    version: str
    """``v1.0`` or ``beta``."""
    path: str
    """After the version, such as ``/users/3e9b…``."""
    ids: Mapping[str, str]
    """What stood in the route's braces, by name."""
    origin: str
    """Scheme, host and port that the client used, such as ``https://localhost:8443``."""
    query_text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By lower-case name."""
    body: bytes = b""
    respond: Callable[[Request], Awaitable[Response]] = field(kw_only=True)
    """Answers another request of the same caller, as a batch needs."""

    @property
    def directory(self) -> Directory:
        """The directory of the caller's tenant."""
        return self.tenant.directory

    @property
    def root(self) -> str:
        """Where Graph begins, such as ``https://localhost:8443/v1.0``."""
        return f"{self.origin}/{self.version}"

    @cached_property
    def options(self) -> Mapping[str, str]:
        """Query options without the dollar sign, which Graph lets people leave out (Learn: query-parameters)."""
        return {
            key.removeprefix("$").lower(): value for key, value in parse_qsl(self.query_text, keep_blank_values=True)
        }

    @cached_property
    def json(self) -> JsonObject:
        """The body as a JSON object. :raises Refusal: 400 when it is not one."""
        try:
            found = read_json(self.body or b"{}")
        except ValueError as error:
            raise Refusal(400, "BadRequest", f"Unable to read JSON request payload. {error}") from None
        if not isinstance(found, dict):
            raise Refusal(400, "BadRequest", "Unable to read JSON request payload. An object is expected.")
        return found

    @property
    def is_eventual(self) -> bool:
        """Tell whether advanced queries were asked for (Learn: aad-advanced-queries)."""
        return self.headers.get("consistencylevel", "").lower() == "eventual"


@dataclass(frozen=True, slots=True)
class Answer:
    """What Graph says."""

    status: int
    body: JsonObject | bytes | None = None
    """``None`` sends no body; bytes go as they are."""
    headers: Mapping[str, str] = field(default_factory=dict)


NO_CONTENT = Answer(204)


def entity_of(collection: str, key: str) -> str:
    """Write an entity inside a context, by its id or by an alternate key: ``servicePrincipals(appId='…')``."""
    return f"{collection}({key})" if "=" in key else f"{collection}('{key}')"


def context(call: Call, of: str) -> str:
    """Write an ``@odata.context``, such as ``…/v1.0/$metadata#users/$entity``."""
    return f"{call.root}/$metadata#{of}"
