from __future__ import annotations

import asyncio
from urllib.parse import parse_qs

import httpx2
import pytest

from emulator.azuread.cloud import Cloud
from emulator.azuread.configuration import Identity
from emulator.azuread.faults import PluginError
from emulator.azuread.sign_in import SignIn

CLOUD = Cloud(login="https://localhost/login", graph="https://localhost/graph")
ROBOT = Identity("contoso", "robot", secret="hush")


class Desk:
    """A token endpoint that remembers what it was given."""

    def __init__(self, *, status: int = 200, expires_in: object = 3600) -> None:
        self.forms: list[dict[str, list[str]]] = []
        self.paths: list[str] = []
        self._status, self._expires_in = status, expires_in

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """Give the next token."""
        self.paths.append(request.url.path)
        self.forms.append(parse_qs(request.content.decode()))
        token = f"a.e30.{len(self.forms)}"
        return httpx2.Response(self._status, json={"access_token": token, "expires_in": self._expires_in})


def signing_in(desk: Desk, identity: Identity = ROBOT, clock: list[float] | None = None) -> SignIn:
    now = clock or [0.0]
    return SignIn(httpx2.AsyncClient(transport=httpx2.MockTransport(desk)), CLOUD, identity, now=lambda: now[0])


async def test_nothing_is_asked_until_a_token_is_needed() -> None:
    desk = Desk()
    signing_in(desk)

    assert desk.forms == []


async def test_a_secret_is_sent_as_client_credentials() -> None:
    desk = Desk()
    await signing_in(desk).token()

    assert desk.paths == ["/login/contoso/oauth2/v2.0/token"]
    assert desk.forms == [
        {
            "client_id": ["robot"],
            "client_secret": ["hush"],
            "grant_type": ["client_credentials"],
            "scope": ["https://localhost/graph/.default"],
        }
    ]


async def test_a_token_of_another_issuer_is_sent_as_an_assertion() -> None:
    desk = Desk()
    await signing_in(desk, Identity("contoso", "robot", assertion="e30.e30.e30")).token()

    assert desk.forms[0]["client_assertion"] == ["e30.e30.e30"]
    assert desk.forms[0]["client_assertion_type"] == ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"]


async def test_a_token_is_asked_for_once_however_many_need_it() -> None:
    desk = Desk()
    sign_in = signing_in(desk)

    assert set(await asyncio.gather(*(sign_in.token() for _ in range(5)))) == {"a.e30.1"}
    assert len(desk.forms) == 1


async def test_a_token_is_renewed_twenty_minutes_before_it_ends() -> None:
    clock = [0.0]
    sign_in = signing_in(Desk(expires_in="3600"), clock=clock)
    tokens = [await sign_in.token()]
    for clock[0] in (2399.0, 2400.0):
        tokens.append(await sign_in.token())

    assert tokens == ["a.e30.1", "a.e30.1", "a.e30.2"]


async def test_a_refused_sign_in_says_so_and_keeps_the_secret() -> None:
    with pytest.raises(PluginError, match=r"could not acquire access token.*received HTTP status 401") as caught:
        await signing_in(Desk(status=401)).token()
    assert "hush" not in str(caught.value)


async def test_a_token_without_object_id_cannot_tell_who_the_caller_is() -> None:
    with pytest.raises(PluginError, match="oid claim in access token is empty"):
        await signing_in(Desk()).object_id()
