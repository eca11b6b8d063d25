"""Who may look: somebody of this machine who has the key, in a page that came from here.

A page of somebody else in a browser of this machine could reach loopback, too, by its address or by a name of its own
that leads here (DNS rebinding). So ``Host`` and ``Origin`` have to be ours, and the key comes once in the address and
lies in a cookie from then on, where neither the address bar nor a ``Referer`` has it.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NAMES = ("127.0.0.1", "localhost", "[::1]")
"""How this machine is called by itself."""

NOT_OURS = frozenset({"same-site", "cross-site"})
"""How a browser marks what a page of another origin asks for (W3C: fetch-metadata)."""

HTTP = 80
"""The port that a browser leaves out of an address."""

SAFE = frozenset({"GET", "HEAD"})
"""What changes nothing (RFC 9110, 9.2.1)."""

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""What every answer carries, refusals included: nothing from elsewhere runs in a page, or frames it, or keeps it."""


@dataclass(frozen=True, slots=True)
class Locks:
    """Lets through who may, and dresses what is answered."""

    application: ASGIApp
    port: int
    key: str = field(repr=False)
    once: set[str] = field(default_factory=set, repr=False)
    """Keys that open it a single time, for addresses that others may see, such as in a list of processes."""

    @property
    def cookie(self) -> str:
        """Name the cookie. Cookies do not tell ports apart, and two panels have two keys."""
        return f"elium-panel-{self.port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await (self._answer_of(scope) or self.application)(scope, receive, dressed)

    def _answer_of(self, scope: Scope) -> Response | None:
        """Give what is answered in the application's place; ``None`` when the request may pass."""
        headers = Headers(scope=scope)
        if wrong := self._wrong_with(scope["method"], headers):
            return PlainTextResponse(f"{wrong}\n", 403)
        given = parse_qs(scope["query_string"].decode("latin-1")).get("key", [""])[0]
        if given and scope["method"] in SAFE and (self._is_key(given) or self._was_open_to(given)):
            answer = RedirectResponse(scope["path"], 303)
            answer.set_cookie(self.cookie, self.key, httponly=True, samesite="strict")
            return answer
        if self._is_key(cookie_parser(headers.get("cookie", "")).get(self.cookie, "")):
            return None
        return PlainTextResponse("This page wants its key: open the address that elium panel wrote.\n", 403)

    def _wrong_with(self, method: str, headers: Headers) -> str:
        """Say what shows that a request came from a page of somebody else; empty when nothing does."""
        if headers.get("host", "").lower() not in set(self._hosts()):
            return "This page answers under the names of this machine only."
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in {f"http://{host}" for host in self._hosts()}:
            return "This page does not answer to pages of another origin."
        # A page of another port is of the same site, and its pictures and scripts may ask here with our cookie.
        if headers.get("sec-fetch-site") in NOT_OURS and headers.get("sec-fetch-mode") != "navigate":
            return "This page does not answer to pages of another origin."
        if method not in SAFE and origin is None and headers.get("sec-fetch-site") != "same-origin":
            return "What changes something has to come from this page itself."
        return ""

    def _hosts(self) -> Iterator[str]:
        return (f"{name}:{self.port}" if self.port != HTTP else name for name in NAMES)

    def _was_open_to(self, given: str) -> bool:
        """Tell whether a key opens it this once, and never again."""
        found = [key for key in self.once if hmac.compare_digest(given.encode(), key.encode())]
        self.once.difference_update(found)
        return bool(found)

    def _is_key(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.key.encode())
