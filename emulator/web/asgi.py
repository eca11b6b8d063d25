"""Small pieces of ASGI that the faces share: reading a body, naming the origin, sending an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send


async def body_of(receive: Receive) -> bytes:
    """Read a request's body to its end."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body
    parts = [body]
    while message.get("more_body"):
        message = await receive()
        parts.append(message.get("body", b""))
    return b"".join(parts)


def headers_of(scope: Scope) -> dict[str, str]:
    """Read the headers, by lower-case name."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def origin_of(scope: Scope, headers: Mapping[str, str]) -> str:
    """Tell which scheme, host and port the client used, so that answers can link to themselves."""
    return f"{scope['scheme']}://{headers.get('host', 'localhost')}"


async def send_answer(send: Send, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Send an answer in one piece."""
    wire = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    if status != 204:  # noqa: PLR2004 - no content has no length (RFC 9110 section 8.6)
        wire.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": wire})
    await send({"type": "http.response.body", "body": body})
