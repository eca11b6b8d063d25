"""Carrying out a fault: what the client of a request that is struck gets to see."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import partial
from typing import TYPE_CHECKING

from emulator.moods.faults import ConnectionDropped, Fault, Faults
from emulator.web.asgi import headers_of, origin_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

Sleep = Callable[[float], Awaitable[None]]

_HTML = b"<html><body><h1>Our services aren't available right now</h1></body></html>"


@dataclass(slots=True)
class _Captured:
    """An answer that was caught on its way out."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        else:
            self.body += message.get("body", b"")


@dataclass(frozen=True, slots=True)
class Struck:
    """A request that a fault strikes."""

    fault: Fault
    faults: Faults
    wall: Callable[[], float]
    sleep: Sleep = asyncio.sleep

    def wrapped(self, app: ASGIApp) -> ASGIApp:
        """Put the fault before an application."""
        return partial(self.answer, app)

    async def answer(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer it wrongly. :raises ConnectionDropped: when the connection is to be cut."""
        if self.fault.delay:
            await self.sleep(self.fault.delay)
        if self.fault.stale:
            await self._stale(app, scope, receive, send)
        elif self.fault.drop or self.fault.status is not None:
            await self._instead(app, scope, receive, send)
        elif self.fault.content:
            captured = _Captured()
            await app(scope, receive, captured.take)
            await self._spoilt(captured, scope, send)
        else:
            await app(scope, receive, send)

    async def _instead(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        if self.fault.committed:
            await app(scope, receive, _Captured().take)
        if self.fault.status is None:
            raise ConnectionDropped("The connection was cut.")
        body = {"error": {"code": self.fault.code, "message": "A fault that was asked for.", "innerError": {}}}
        headers = [(b"content-type", b"application/json")]
        if self.fault.retry_after is not None:
            headers.append((b"retry-after", self._retry_after(self.fault.retry_after)))
        await _send(send, self.fault.status, headers, json.dumps(body).encode())

    async def _spoilt(self, captured: _Captured, scope: Scope, send: Send) -> None:
        headers = captured.headers
        match self.fault.content:
            case "truncated":
                await send({"type": "http.response.start", "status": captured.status, "headers": headers})
                half = captured.body[: len(captured.body) // 2]
                await send({"type": "http.response.body", "body": half, "more_body": True})
                raise ConnectionDropped("The connection was cut in the middle of an answer.")
            case "html":
                await _send(send, captured.status, [(b"content-type", b"text/html")], _HTML)
            case "empty":
                await _send(send, captured.status, _without_length(headers), b"")
            case "empty-page":
                page = _emptied(captured.body, self._address(scope))
                await _send(send, captured.status, _without_length(headers), page)
            case _:
                await _send(send, captured.status, _without_length(headers), b"{'this': is not JSON")

    async def _stale(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        key = f"{scope['method']} {scope['path']}?{scope['query_string'].decode('latin-1')}"
        if scope["method"] != "GET":
            await app(scope, receive, send)
            return
        if key not in self.faults.answers:
            captured = _Captured()
            await app(scope, receive, captured.take)
            self.faults.answers[key] = (captured.status, _without_length(captured.headers), captured.body)
        await _send(send, *self.faults.answers[key])

    def _address(self, scope: Scope) -> str:
        query = scope["query_string"].decode("latin-1")
        return f"{origin_of(scope, headers_of(scope))}{scope['path']}{'?' if query else ''}{query}"

    def _retry_after(self, seconds: int) -> bytes:
        if not self.fault.retry_after_as_date:
            return str(seconds).encode()
        return formatdate(self.wall() + seconds, usegmt=True).encode()


def _emptied(body: bytes, address: str) -> bytes:
    """Turn a page of a list into an empty one that is followed by itself."""
    try:
        page = json.loads(body)
    except ValueError:
        return body
    if not isinstance(page, dict) or not isinstance(page.get("value"), list):
        return body
    return json.dumps({**page, "value": [], "@odata.nextLink": address}).encode()


def _without_length(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name != b"content-length"]


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    wire = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": wire})
    await send({"type": "http.response.body", "body": body})
