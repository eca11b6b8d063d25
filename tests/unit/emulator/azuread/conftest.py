"""A Graph that gives recorded answers, and the plugin in front of it."""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

import httpx2
import pytest
from pulumi.provider.experimental import provider as engine

from emulator.azuread.cloud import Cloud
from emulator.azuread.configuration import Identity
from emulator.azuread.graph import Graph
from emulator.azuread.patience import Patience
from emulator.azuread.provider import Azuread
from emulator.azuread.sign_in import SignIn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Answers = Mapping[str, Any]

METADATA = {
    "name": "Emulator",
    "resourceManager": "https://localhost:8443/arm",
    "microsoftGraphResourceId": "https://localhost:8443/",
    "authentication": {"loginEndpoint": "https://localhost:8443"},
}

CLAIMS = base64.urlsafe_b64encode(json.dumps({"oid": "caller"}).encode()).decode().rstrip("=")

ALWAYS = {
    "GET /metadata/endpoints?api-version=2022-09-01": METADATA,
    "POST /contoso/oauth2/v2.0/token": {"access_token": f"head.{CLAIMS}.signature", "expires_in": 3600},
}

NOT_FOUND = {"error": {"code": "Request_ResourceNotFound", "message": "Resource does not exist."}}

SETTINGS = {
    "ARM_METADATA_HOSTNAME": "localhost:8443",
    "ARM_TENANT_ID": "contoso",
    "ARM_CLIENT_ID": "robot",
    "ARM_CLIENT_SECRET": "hush",
}


@pytest.fixture
def sent() -> list[httpx2.Request]:
    """Every request that was sent, in order."""
    return []


@pytest.fixture
def slept() -> list[float]:
    """Every step that was waited, in seconds; none of them takes time."""
    return []


@pytest.fixture
def patience(slept: list[float]) -> Patience:
    """Wait on a clock that moves by what is slept."""

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    return Patience(now=lambda: sum(slept), sleep=sleep)


@pytest.fixture
def transport_with(sent: list[httpx2.Request]) -> Callable[[Answers], httpx2.AsyncBaseTransport]:
    """Answer requests by method and address; a list answers in turn, a number is a status, what is absent is 404."""

    def build(answers: Answers) -> httpx2.AsyncBaseTransport:
        known, turns = ALWAYS | dict(answers), defaultdict[str, int](int)

        def answer(request: httpx2.Request) -> httpx2.Response:
            key = f"{request.method} {unquote_plus(request.url.raw_path.decode())}"
            if not key.endswith(("/oauth2/v2.0/token", "2022-09-01")):
                sent.append(request)
            found = known.get(key, (404, NOT_FOUND))
            if isinstance(found, list):
                found, turns[key] = found[min(turns[key], len(found) - 1)], turns[key] + 1
            if isinstance(found, int):
                return httpx2.Response(found)
            status, body, *headers = found if isinstance(found, tuple) else (200, found)
            return httpx2.Response(status, json=body, headers=headers[0] if headers else {})

        return httpx2.MockTransport(answer)

    return build


@pytest.fixture
def graph_with(
    transport_with: Callable[[Answers], httpx2.AsyncBaseTransport], patience: Patience
) -> Callable[[Answers], Graph]:
    """Open a door to a Graph with recorded answers."""

    def build(answers: Answers) -> Graph:
        http = httpx2.AsyncClient(transport=transport_with(answers))
        cloud = Cloud(login="https://localhost:8443", graph="https://localhost:8443")
        return Graph(http, cloud, SignIn(http, cloud, Identity("contoso", "robot", secret="hush")), patience)

    return build


@pytest.fixture
def plugin_with(
    transport_with: Callable[[Answers], httpx2.AsyncBaseTransport], patience: Patience
) -> Callable[[Answers], Awaitable[Azuread]]:
    """Configure the plugin for a Graph with recorded answers."""

    async def build(answers: Answers) -> Azuread:
        plugin = Azuread(SETTINGS, transport_with(answers), patience)
        await plugin.configure(engine.ConfigureRequest({}, {}, accept_secrets=True, accept_resources=False))
        return plugin

    return build


@pytest.fixture
def conversation(sent: list[httpx2.Request]) -> Callable[[], list[str]]:
    """Tell what was asked, one line a request: ``GET /beta/groups/1``."""
    return lambda: [f"{request.method} {unquote_plus(request.url.raw_path.decode())}" for request in sent]


@pytest.fixture
def body_of(sent: list[httpx2.Request]) -> Callable[[int], dict[str, Any]]:
    """Tell what a request carried, by its place."""

    def build(place: int) -> dict[str, Any]:
        carried: dict[str, Any] = json.loads(sent[place].content)
        return carried

    return build
