"""A transport that answers from a script and remembers what was sent; and a clock that jumps instead of waiting."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx2

from provisioning.graph.client import GraphClient

if TYPE_CHECKING:
    from collections.abc import Callable


class JumpingClock:
    """Sleeping moves it; nobody waits."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)


class FixedSignIn:
    """Gives token after token: ``token-1``, then, when one was forgotten, ``token-2``."""

    def __init__(self) -> None:
        self.count = 1

    async def token(self) -> str:
        return f"token-{self.count}"

    def forget(self) -> None:
        self.count += 1


@dataclass
class Script:
    """Answers in order; the last one for ever."""

    answers: list[httpx2.Response | Exception]
    requests: list[httpx2.Request] = field(default_factory=list)
    clock: JumpingClock = field(default_factory=JumpingClock)
    answer_with: Callable[[httpx2.Request], httpx2.Response] | None = None
    """What answers instead of the list."""

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        if self.answer_with:
            return self.answer_with(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def graph(self) -> GraphClient:
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(self.answer))
        return GraphClient(http, FixedSignIn(), "https://graph.example", self.clock)

    @property
    def sent(self) -> list[str]:
        return [f"{request.method} {request.url.path}" for request in self.requests]

    def body(self, place: int = -1) -> Any:
        return json.loads(self.requests[place].content)


def answers(*given: httpx2.Response | Exception) -> Script:
    """Build a script."""
    return Script(list(given))


def ok(body: object = None, status: int = 200) -> httpx2.Response:
    """Build a good answer."""
    return httpx2.Response(status, json=body) if body is not None else httpx2.Response(204)


def refusal(status: int, code: str = "", message: str = "no", **headers: str) -> httpx2.Response:
    """Build a refusal in Graph's envelope."""
    return httpx2.Response(status, json={"error": {"code": code, "message": message}}, headers=headers)
