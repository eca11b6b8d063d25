from __future__ import annotations

import logging
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest
from asking import graph_of

from emulator.graph import dispatch
from emulator.graph.routing import Route, Router

if TYPE_CHECKING:
    import httpx2

    from emulator import Emulator


async def test_scim_is_served_beside_graph_behind_its_own_token(emulator: Emulator, http: httpx2.AsyncClient) -> None:
    tenant = emulator.seed.elium[0]
    at = f"/elium/{tenant.name}/scim/v2/Users"
    answers = [await http.get(at, headers={"authorization": f"Bearer {token}"}) for token in ("wrong", tenant.token)]

    assert [answer.status_code for answer in answers] == [401, 200]


async def test_a_bug_is_answered_500_and_logged_with_its_traceback(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(dispatch, "_ROUTER", Router([Route("GET", "/users", broken)]))
    with caplog.at_level(logging.ERROR, "emulator"):
        async with graph_of(emulator) as graph:
            answer = await graph.get("/users")

    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "InternalServerError")
    assert "ZeroDivisionError" in caplog.text


async def test_a_body_may_come_in_pieces(emulator: Emulator) -> None:
    async def pieces() -> Any:
        for piece in (b'{"displayName":', b' "In pieces"}'):
            yield piece

    async with graph_of(emulator) as graph:
        answer = await graph.post("/applications", content=pieces(), headers={"content-type": "application/json"})

    assert answer.json()["displayName"] == "In pieces"


async def test_a_server_may_announce_its_life(emulator: Emulator) -> None:
    received = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent: list[str] = []

    async def receive() -> Any:
        return next(received)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    await emulator.app({"type": "lifespan"}, receive, send)

    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


@pytest.mark.parametrize("more", [True, False])
async def test_an_answer_that_was_begun_is_not_followed_by_another(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, *, more: bool
) -> None:
    async def breaks(_scope: object, _receive: object, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": more})
        raise LookupError("a bug")

    monkeypatch.setattr(emulator.app, "_graph", breaks)
    sent: list[str] = []

    async def send(message: Any) -> None:
        sent.append(message["type"])

    scope = {"type": "http", "method": "GET", "path": "/v1.0/users", "query_string": b"", "headers": []}
    with pytest.raises(LookupError) if more else nullcontext():
        await emulator.app(scope, None, send)  # type: ignore[arg-type]  # nothing is received

    assert sent == ["http.response.start", "http.response.body"]
