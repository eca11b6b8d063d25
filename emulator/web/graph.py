"""Microsoft Graph on the network: ``/v1.0`` and ``/beta``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.graph.dispatch import respond
from emulator.graph.exchange import Request
from emulator.web.asgi import body_of, headers_of, origin_of, send_answer

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from emulator.entra import Entra

VERSIONS = ("v1.0", "beta")


class GraphFace:
    """Turns HTTP into requests to Graph, and back."""

    def __init__(self, entra: Entra) -> None:
        self._entra = entra

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = headers_of(scope)
        path: str = scope["path"]
        version, _, rest = path[1:].partition("/")
        request = Request(
            method=scope["method"],
            version=version,
            path=f"/{rest}",
            origin=origin_of(scope, headers),
            query=scope["query_string"].decode("latin-1"),
            headers=headers,
            body=await body_of(receive),
        )
        response = await respond(self._entra, request)
        await send_answer(send, response.status, response.headers, response.body)
