"""Who may use the control interface: this machine, under its own name, not for a page of somebody else, with the key.

The peer's address alone would let every page in a browser of this machine reset the company: the browser is on
loopback. A page cannot choose the ``Host`` of its requests, unless a name of its own leads here, nor leave out
``Origin``.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.responses import JSONResponse

from emulator.web.asgi import headers_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

    from emulator.premises import Premises

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Guard:
    """Keeps everybody out who may not."""

    def __init__(self, application: ASGIApp, emulator: Premises) -> None:
        self._application = application
        self._emulator = emulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or say why not."""
        refused = refusal_of(scope, self._emulator.control_key)
        if refused is None:
            await self._application(scope, receive, send)
            return
        status, code, message = refused
        headers = {"www-authenticate": "Bearer"} if status == 401 else None  # noqa: PLR2004 - asks for credentials
        answer = JSONResponse({"error": {"code": code, "message": message}}, status_code=status, headers=headers)
        await answer(scope, receive, send)


def refusal_of(scope: Scope, key: str | None) -> tuple[int, str, str] | None:
    """Say why a request may not pass: status, code and sentence; ``None`` when it may."""
    client, headers = scope.get("client"), headers_of(scope)
    if client and client[0] not in _LOOPBACK:
        return 403, "Forbidden", "The control interface answers on loopback only."
    if _host_in(f"//{headers.get('host', '')}") not in _LOOPBACK:
        return 403, "Forbidden", "The control interface answers to localhost, 127.0.0.1 and ::1 only."
    if "origin" in headers and not _is_own(headers):
        return 403, "Forbidden", "The control interface does not answer to pages of another origin."
    if key is not None and not _has_key(headers, key):
        return 401, "Unauthorized", "The control interface wants its key, ELIUM_EMULATOR_KEY, as a bearer token."
    return None


def _is_own(headers: Mapping[str, str]) -> bool:
    origin, host = headers["origin"], headers.get("host", "")
    return origin.lower() in {f"https://{host}".lower(), f"http://{host}".lower()}


def _has_key(headers: Mapping[str, str], key: str) -> bool:
    scheme, _, given = headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), key.encode())


def _host_in(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
