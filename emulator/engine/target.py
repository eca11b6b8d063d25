"""The wire to a SCIM target: a request goes out, an answer comes back. What it means is not known here."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import httpx2

from emulator.company.json_bodies import read_json

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

    from emulator.company.store import JsonObject
    from emulator.moods.knobs import Knobs

SCIM_MEDIA_TYPE = "application/scim+json"
_WRITING = {"content-type": f"{SCIM_MEDIA_TYPE}; charset=utf-8"}
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a target answered."""

    status: int
    body: JsonObject | None = None
    """The JSON object in it, if it is one."""
    raw: bytes = field(default=b"", repr=False)
    """The body as it came."""
    raw_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The headers as they came."""
    token: str = field(default="", repr=False)
    """What must not be shown, should the target have repeated it."""

    @property
    def text(self) -> str:
        """The body as text, with the token masked."""
        return self._masked(self.raw.decode(errors="replace"))

    @property
    def headers(self) -> dict[str, str]:
        """The headers by their names in lower case, with the token masked."""
        return {name.lower(): self._masked(value) for name, value in self.raw_headers.items()}

    @property
    def is_success(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own numbers

    def _masked(self, text: str) -> str:
        return text.replace(self.token, "***") if self.token else text


class Unreachable(Exception):  # noqa: N818 - says what the target is
    """That no answer came: no connection, broken connection, or too late."""

    def __init__(self, message: str, *, timed_out: bool = False) -> None:
        super().__init__(message)
        self.timed_out = timed_out
        """Whether the target was too slow."""


class Target(Protocol):
    """Something that answers SCIM requests."""

    async def send(self, method: str, url: str, body: JsonObject | None = None) -> Answer:
        """Send one request. :raises Unreachable: when no answer comes."""

    async def aclose(self) -> None:
        """Let go of connections."""


class HttpTarget:
    """A target behind HTTP, addressed as Entra addresses it."""

    def __init__(self, client: httpx2.AsyncClient, base_address: str, token: str, knobs: Knobs) -> None:
        self._client = client
        self._token = token
        self._patience = knobs.timeout.total_seconds()
        for name in ("user-agent", "accept", "accept-encoding"):
            client.headers.pop(name, None)
        # What cannot be sent is found once, and told when something is sent.
        self._unsendable = _why_unsendable(base_address, token)
        shown = "" if self._unsendable else token
        client.headers.update({"accept": SCIM_MEDIA_TYPE, "authorization": f"Bearer {shown}"})
        if knobs.adscimversion is not None:
            client.headers["adscimversion"] = knobs.adscimversion
        if knobs.user_agent is not None:
            client.headers["user-agent"] = knobs.user_agent

    async def send(self, method: str, url: str, body: JsonObject | None = None) -> Answer:
        """Send one request. :raises Unreachable: when no answer comes."""
        if self._unsendable:
            raise Unreachable(self._unsendable)
        headers = None if body is None else _WRITING
        content = None if body is None else _ENCODER.encode(body).encode()
        try:
            async with asyncio.timeout(self._patience):
                response = await self._client.request(method, url, headers=headers, content=content)
        except (httpx2.TimeoutException, TimeoutError) as error:
            raise Unreachable("The operation has timed out.", timed_out=True) from error
        except (httpx2.TransportError, httpx2.InvalidURL, UnicodeError) as error:
            raise Unreachable("An error occurred while sending the request.") from error
        return self._answer(response)

    async def aclose(self) -> None:
        """Let go of connections."""
        await self._client.aclose()

    def _answer(self, response: httpx2.Response) -> Answer:
        raw = response.content
        try:
            parsed = read_json(raw) if raw else None
        except ValueError:
            parsed = None
        body = parsed if isinstance(parsed, dict) else None
        return Answer(response.status_code, body, raw, response.headers, self._token)


def over_http(
    knobs: Knobs, *, verify: ssl.SSLContext | str | bool = True, transport: httpx2.AsyncBaseTransport | None = None
) -> Callable[[str, str], Target]:
    """Make a ``connect`` over HTTP; *transport* replaces the network, such as ``httpx2.ASGITransport(app)``."""

    def connect(base_address: str, token: str) -> Target:
        client = httpx2.AsyncClient(
            verify=verify, transport=transport, timeout=knobs.timeout.total_seconds(), trust_env=False
        )
        return HttpTarget(client, base_address, token, knobs)

    return connect


def _why_unsendable(base_address: str, token: str) -> str:
    """Say in .NET's sentences why nothing can be sent; empty when it can."""
    if not (token.isascii() and token.isprintable()):
        return "Request headers must contain only ASCII characters."
    return "" if _has_port(base_address) else "Invalid URI: Invalid port specified."


def _has_port(url: str) -> bool:
    """Tell whether the port of an address is one; asyncio raises something else for each system."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False
