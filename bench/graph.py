"""How many requests the pretend Graph answers, and how soon a test has an emulator.

``python -m bench.graph`` prints it. Requests go through the whole application, token and permission checks on, without
a socket; the tokens are real ones. The peer of the same run is an application that does nothing but answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sys
import time
from typing import TYPE_CHECKING, Any

from emulator import Emulator
from emulator.identity.sign_in import Asked, sign_in

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

REQUESTS = 20_000
READY_WITHIN = 0.5
ENOUGH = 10_000

_KNOWN = b'{"id":"1"}'


async def nothing(_scope: Scope, receive: Receive, send: Send) -> None:
    """Answer without looking."""
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": _KNOWN})


async def rate_of(app: ASGIApp, scope: Scope) -> float:
    """Tell how many requests a second an application answers."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401 - an ASGI message
        if message["type"] == "http.response.start" and message["status"] != 200:  # noqa: PLR2004 - HTTP's OK
            raise AssertionError(f"Answered {message['status']}.")

    began = time.perf_counter()
    for _ in range(REQUESTS):
        await app(scope, receive, send)
    return REQUESTS / (time.perf_counter() - began)


def reading(emulator: Emulator, path: str) -> Scope:
    """Make the request of a signed-in application."""
    client = emulator.seed.clients[0]
    form = {"grant_type": "client_credentials", "client_id": client.app_id, "client_secret": client.secret or ""}
    form["scope"] = "https://graph.microsoft.com/.default"
    answer = sign_in(emulator.world, emulator.entra.desk, Asked("contoso.com", form, emulator.origin))
    headers = [(b"host", b"localhost"), (b"authorization", f"Bearer {answer['access_token']}".encode())]
    common = {"type": "http", "method": "GET", "scheme": "https", "query_string": b"", "client": ("127.0.0.1", 1)}
    return {**common, "path": path, "raw_path": path.encode(), "headers": headers}


def main() -> int:
    """Measure, print, and tell whether it is as fast as it should be."""
    began = time.perf_counter()
    emulator = Emulator()
    ready = time.perf_counter() - began
    user = emulator.seed.id_of("user", "ada.byron@contoso.com")
    scope = reading(emulator, f"/v1.0/users/{user}")
    reads, peer = asyncio.run(rate_of(emulator.app, scope)), asyncio.run(rate_of(nothing, scope))
    with emulator.serve():
        served = time.perf_counter() - began - ready - REQUESTS / reads - REQUESTS / peer
    figures = {
        "fixture ready, seconds": round(ready, 3),
        "fixture served over TLS, seconds more": round(served, 3),
        "GETs of one object, a second": round(reads),
        "an application that does nothing, a second": round(peer),
        "share of it": round(reads / peer, 3),
        "memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    sys.stdout.write(f"{json.dumps(figures, indent=2)}\n")
    return 0 if ready < READY_WITHIN and reads >= ENOUGH else 1


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m bench.graph", description=__doc__).parse_args()
    sys.exit(main())
