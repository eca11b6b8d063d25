"""What Entra asks of a SCIM target: probe, find, read, create, change, remove.

The verbs, the order of query parameters and their encoding are as documented and observed
(Learn: use-scim-to-provision-users-and-groups; AzureAD/SCIMReferenceCode Protocol/Filter.cs).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, urlsplit

from emulator.company.numbers import whole_number
from emulator.engine.target import Answer, Unreachable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from emulator.company.clock import Clock
    from emulator.company.store import JsonObject
    from emulator.engine.target import Target
    from emulator.moods.knobs import Knobs

FAMILY = "SystemForCrossDomainIdentityManagement"
"""How the codes of the generic SCIM connector begin."""

NO_ADDRESS = "Please provide a valid tenant URL for your application."
"""What the service says when the tenant URL is missing or none (captured)."""

ENDPOINTS: Mapping[str, str] = {"User": "/Users", "Group": "/Groups"}

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ESCAPE = re.compile(r"%[0-9A-F]{2}")
_EXCEPTION = (
    "Processing of the HTTP request resulted in an exception. Please see the HTTP response returned by the 'Response' "
    "property of this exception for details."
)
_NAMES: Mapping[int, str] = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    409: "Conflict",
    412: "PreconditionFailed",
    422: "UnprocessableEntity",
    429: "TooManyRequests",
    500: "InternalServerError",
    501: "NotImplemented",
    502: "BadGateway",
    503: "ServiceUnavailable",
    504: "GatewayTimeout",
}
"""Status codes by the names of .NET's ``HttpStatusCode``, which the texts print."""

CODES: Mapping[int, str] = {
    400: f"{FAMILY}BadRequest",
    401: "Unauthorized",
    403: "InsufficientRights",
    404: "InvalidAnchor",
    405: "MethodNotAllowed",
    422: "UnprocessableEntity",
    429: "TooManyRequests",
    501: "NotImplemented",
    504: "Timeout",
}
"""Log codes of refused requests (Learn: concept-provisioning-logs#error-codes); others follow from the class."""


class ExportError(Exception):
    """That the target did not do what was asked of it for one object; the object goes to escrow."""

    def __init__(self, code: str, reason: str, *, status: int | None = None) -> None:
        super().__init__(reason)
        self.code = code
        """As the provisioning log names it, such as ``InsufficientRights``."""
        self.reason = reason
        """The text of the log."""
        self.status = status
        """HTTP status of the answer, if there was one."""


class ProbeError(Exception):
    """That the connection test failed; the whole job stops."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        """Such as ``SystemForCrossDomainIdentityManagementCredentialValidationFailure``."""
        self.message = message


@dataclass(slots=True)
class ScimClient:
    """Speaks to one target as Entra does."""

    target: Target
    base: str
    """The tenant URL without its flags."""
    knobs: Knobs
    clock: Clock
    wait: Callable[[timedelta], Awaitable[None]]
    """Lets the time of a ``Retry-After`` pass."""
    flags: str = ""
    """The query string of the tenant URL, when it is to be sent."""

    async def probe(self, kind: str, attribute: str, random_value: str) -> None:
        """Ask for an object that cannot exist; 200 with an empty list means that all is well.

        :raises ProbeError: when it does not; 404 is a SCIM incompatibility too.
        """
        if not is_tenant_url(self.base):
            raise ProbeError(f"{FAMILY}InvalidCredentials", NO_ADDRESS)
        url = self._url(ENDPOINTS[kind], **_asking(kind, attribute, random_value))
        try:
            answer = await self.target.send("GET", url)
        except Unreachable as error:
            raise ProbeError(f"{FAMILY}CredentialValidationUnavailable", str(error)) from error
        if answer.status != _OK or not _is_list(answer):
            raise ProbeError(f"{FAMILY}CredentialValidationFailure", _unexpected(url, answer))

    async def find(self, kind: str, attribute: str, value: str) -> list[JsonObject]:
        """Query for the objects whose *attribute* equals *value*. :raises ExportError: when that is not answered."""
        url = self._url(ENDPOINTS[kind], **_asking(kind, attribute, value))
        return self._listed(await self._send("GET", url))

    async def read(self, kind: str, target_id: str) -> JsonObject | None:
        """Read an object by its id; ``None`` when it is gone. :raises ExportError: on any other refusal."""
        asked = {"excludedAttributes": "members"} if kind == "Group" else {}
        url = self._url(_place(kind, target_id), **asked)
        answer = await self._send("GET", url, accept=(404,))
        if answer.status == _NOT_FOUND:
            return None
        if answer.body is None:
            raise _incompatible(answer)
        if _is_list(answer) or (
            kind == "Group" and answer.body.get("members") and self.knobs.members_despite_exclusion_fail
        ):
            raise ExportError(f"{FAMILY}MultipleEntriesInResponse", _reason(answer), status=answer.status)
        return answer.body

    async def create(self, kind: str, body: JsonObject) -> JsonObject:
        """Create an object and give it back as the target made it. :raises ExportError: when it has no id."""
        answer = await self._send("POST", self._url(ENDPOINTS[kind]), body)
        if answer.body is None or not answer.body.get("id"):
            raise _incompatible(answer)
        return answer.body

    async def change(self, kind: str, target_id: str, body: JsonObject) -> None:
        """Send a PATCH. :raises ExportError: ``InvalidAnchor`` when the object is gone, or another refusal."""
        await self._send("PATCH", self._url(_place(kind, target_id)), body)

    async def remove(self, kind: str, target_id: str) -> None:
        """Send a DELETE; an object that is gone already is well deleted. :raises ExportError: on another refusal."""
        await self._send("DELETE", self._url(_place(kind, target_id)), accept=(404,))

    async def refers(self, kind: str, target_id: str, attribute: str, to: str) -> bool:
        """Ask whether a reference is already set (Learn: use-scim-to-provision-users-and-groups, example 4)."""
        asked = f"{_equal('id', target_id)} and {_equal(attribute, to)}"
        answer = await self._send("GET", self._url(ENDPOINTS[kind], attributes="id", filter=asked))
        return bool(self._listed(answer))

    def _url(self, path: str, **query: str) -> str:
        asked = "&".join([*(f"{name}={encoded(value)}" for name, value in query.items()), *filter(None, [self.flags])])
        return f"{self.base}{path}?{asked}" if asked else f"{self.base}{path}"

    async def _send(
        self, method: str, url: str, body: JsonObject | None = None, *, accept: tuple[int, ...] = ()
    ) -> Answer:
        answer = await self._patiently(method, url, body)
        if answer.is_success or answer.status in accept:
            return answer
        raise self._error(method, answer)

    async def _patiently(self, method: str, url: str, body: JsonObject | None) -> Answer:
        try:
            answer = await self.target.send(method, url, body)
            pause = self._pause(answer)
            if pause is None:
                return answer
            await self.wait(pause)
            return await self.target.send(method, url, body)
        except Unreachable as error:
            code = "Timeout" if error.timed_out else "WebExceptionProtocolError"
            raise ExportError(code, str(error)) from error

    def _pause(self, answer: Answer) -> timedelta | None:
        """Tell how long to wait before the same request again; ``None`` when it is not repeated in this cycle."""
        if answer.status != _TOO_MANY or not self.knobs.honour_retry_after:
            return None
        asked = answer.headers.get("retry-after", "")
        seconds = whole_number(asked)
        if seconds is not None:
            pause = timedelta(seconds=seconds)
        else:
            try:
                pause = max(parsedate_to_datetime(asked) - self.clock.now(), timedelta())
            except (TypeError, ValueError):
                return None
        return pause if pause <= self.knobs.retry_after_cap else None

    def _error(self, method: str, answer: Answer) -> ExportError:
        status = answer.status
        code = CODES.get(status) or (f"{FAMILY}BadRequest" if status < _SERVER_ERRORS else "InternalServerError")
        if status == _CONFLICT:
            code = self.knobs.conflict_code
        if status == _NOT_FOUND and method in {"GET", "POST"}:
            # A filter or a creation that is not found is an endpoint that does not speak SCIM
            # (Learn: application-provisioning-quarantine-status).
            code = f"{FAMILY}ServiceIncompatible"
        return ExportError(code, _reason(answer), status=status)

    def _listed(self, answer: Answer) -> list[JsonObject]:
        if not _is_list(answer) or answer.body is None:
            raise _incompatible(answer)
        found = answer.body.get("Resources") or []
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise _incompatible(answer)
        return found


_OK, _NOT_FOUND, _CONFLICT, _TOO_MANY, _SERVER_ERRORS = 200, 404, 409, 429, 500


def is_tenant_url(address: str) -> bool:
    """Tell whether an address can be a tenant URL: https, or http to this machine (Learn: TLS is required)."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )


def encoded(text: str) -> str:
    """Encode a query value as .NET's ``UrlEncode`` does: blanks as ``+``, hexadecimal digits in lower case."""
    return _ESCAPE.sub(lambda escape: escape[0].lower(), quote_plus(text, safe="!*()-_."))


def quoted(value: str) -> str:
    """Write a text inside a filter."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _place(kind: str, target_id: str) -> str:
    return f"{ENDPOINTS[kind]}/{quote(target_id, safe='')}"


def _equal(attribute: str, value: str) -> str:
    return f"{attribute} eq {quoted(value)}"


def _asking(kind: str, attribute: str, value: str) -> dict[str, str]:
    """Write a question for objects; the members of groups are never asked for."""
    asked = {"filter": _equal(attribute, value)}
    return {"excludedAttributes": "members", **asked} if kind == "Group" else asked


def _is_list(answer: Answer) -> bool:
    body = answer.body
    return body is not None and ("totalResults" in body or "Resources" in body)


def _incompatible(answer: Answer) -> ExportError:
    return ExportError(f"{FAMILY}ServiceIncompatible", _reason(answer), status=answer.status)


def _reason(answer: Answer) -> str:
    """Print a refusal as real logs do (observed: Sumo Logic's published log; learn.microsoft.com answers 1185756)."""
    return f"StatusCode: {_name(answer.status)}\r\nMessage: {_EXCEPTION}\r\nWeb Response: \r\n{answer.text}"


def _unexpected(url: str, answer: Answer) -> str:
    """Print a failed connection test as the portal does (observed)."""
    headers = " ".join(f"{name}: {value}" for name, value in sorted(answer.headers.items()))
    return (
        "While attempting to validate our authorization to access your application, we received this unexpected "
        f"response: Received response from Web resource. Resource: {url} Operation: GET Response Status Code: "
        f"{_name(answer.status)} Response Headers: {headers} Response Content: {answer.text}"
    )


def _name(status: int) -> str:
    return _NAMES.get(status, "OK" if status == _OK else str(status))
