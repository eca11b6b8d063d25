"""Everything on one port: which face answers a path, what is noted of it, and what happens when we have a bug."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.entra.request_log import Exchange
from emulator.moods.faults import ConnectionDropped
from emulator.web.asgi import send_answer
from emulator.web.control import control_face, control_routes
from emulator.web.faulty import Struck
from emulator.web.graph import VERSIONS, GraphFace
from emulator.web.login import login_face, login_routes
from emulator.web.vault import vault_face, vault_routes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from emulator.premises import Premises

_ASKING = frozenset({"GET", "HEAD"})
"""What changes nothing (RFC 9110, 9.2.1); only that a target was asked is worth seeing."""
_LOG = logging.getLogger("emulator")
_BUG = b'{"error":{"code":"InternalServerError","message":"The emulator has a bug; its log has the traceback."}}'


class App:
    """The ASGI application."""

    def __init__(self, emulator: Premises) -> None:
        self._emulator = emulator
        self._graph = GraphFace(emulator.entra)
        self._login = login_face(emulator.entra)
        self._control = control_face(emulator)
        self._vault = vault_face(emulator)

    @property
    def routes(self) -> Iterator[tuple[str, str]]:
        """Method and path of everything that is answered beside Graph and Elium, which have tables of their own."""
        for prefix, routes in (
            ("", login_routes(self._emulator.entra)),
            ("", vault_routes(self._emulator)),
            ("/_emulator", control_routes(self._emulator)),
        ):
            for route in routes:
                yield from ((method, prefix + route.path) for method in sorted(route.methods or ()) if method != "HEAD")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        name, app, scope = self._face_of(scope)
        watched = _Watched(send)
        path, query = scope.get("full_path", scope["path"]), scope["query_string"].decode("latin-1")
        try:
            await self._answer(app, scope, receive, watched.send)
        except ConnectionDropped:
            watched.status = 0
            if not await self._emulator.hang_up(scope):
                raise
        except Exception:
            _LOG.exception("%s %s", scope["method"], path)
            if await self._has_no_end(watched, scope):
                raise
        finally:
            entra = self._emulator.entra
            if scope["method"] not in _ASKING or name == "scim":
                entra.changes.note()
            if name != "control":
                entra.requests.note(Exchange(name, scope["method"], path, query, watched.status, entra.clock.now()))

    async def _has_no_end(self, watched: _Watched, scope: Scope) -> bool:
        """End an answer after a bug, and tell whether there is no way to."""
        if not watched.begun:
            await send_answer(watched.send, 500, {"content-type": "application/json"}, _BUG)
        # What was begun cannot be taken back: the client sees that it ends too soon.
        return not watched.ended and not await self._emulator.hang_up(scope)

    async def _answer(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the face does, unless a fault strikes."""
        faults = self._emulator.entra.faults
        if faults.set and app in {self._graph, self._login, self._vault}:
            path = scope["path"]
            fault = faults.strike(scope["method"], path[path.index("/", 1) :] if app is self._graph else path)
            if fault is not None:
                app = Struck(fault, faults, self._emulator.entra.wall).wrapped(app)
        await app(scope, receive, send)

    def _face_of(self, scope: Scope) -> tuple[str, ASGIApp, Scope]:
        """Choose by the first part of the path."""
        first, _, rest = scope["path"][1:].partition("/")
        if first in VERSIONS:
            return "graph", self._graph, scope
        if first == "elium":
            return "scim", self._emulator.elium, _below(scope, "/elium", rest)
        if first == "secrets":
            return "vault", self._vault, scope
        if first == "_emulator":
            return "control", self._control, _below(scope, "/_emulator", rest)
        return "metadata" if first == "metadata" else "login", self._login, scope


@dataclass(slots=True)
class _Watched:
    """What was sent so far."""

    onward: Send
    status: int = 500
    begun: bool = False
    ended: bool = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.begun = message["status"], True
        elif message["type"] == "http.response.body":
            self.ended = not message.get("more_body", False)
        await self.onward(message)


def _below(scope: Scope, prefix: str, rest: str) -> Scope:
    """Mount an application: its paths start after the prefix, as ASGI's ``root_path`` says."""
    return {
        **scope,
        "root_path": scope.get("root_path", "") + prefix,
        "full_path": scope["path"],
        "path": f"{prefix}/{rest}",
    }


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
