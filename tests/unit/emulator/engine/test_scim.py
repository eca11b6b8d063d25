"""How Entra writes what goes over the wire."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx2
import pytest
from company import ADDRESS, TOKEN, Company

from emulator.engine.scim import encoded, is_tenant_url, quoted
from emulator.engine.target import HttpTarget, Unreachable
from emulator.moods.knobs import Knobs


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('externalId eq "johnwong"', "externalId+eq+%22johnwong%22"),
        ('emails[type eq "work"].value eq "a@b.c"', "emails%5btype+eq+%22work%22%5d.value+eq+%22a%40b.c%22"),
        ("Żółty", "%c5%bb%c3%b3%c5%82ty"),
        ("(a)_b-c!*'", "(a)_b-c!*%27"),
        ("100%+1", "100%25%2b1"),
    ],
)
def test_queries_are_encoded_like_dotnets_url_encode(text: str, written: str) -> None:
    assert encoded(text) == written


def test_quotes_and_backslashes_are_escaped_in_filters() -> None:
    assert quoted('a"b\\c') == '"a\\"b\\\\c"'


@pytest.mark.parametrize(
    ("address", "possible"),
    [
        ("https://acme.elium.com/scim/v2", True),
        ("http://127.0.0.1:8443/elium/dev/scim/v2", True),
        ("http://localhost/scim", True),
        ("http://acme.elium.com/scim/v2", False),
        ("ftp://acme.elium.com", False),
        ("acme.elium.com/scim/v2", False),
        ("https://", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_a_tenant_url_is_https_or_on_this_machine(address: str, *, possible: bool) -> None:
    assert is_tenant_url(address) is possible


async def headers_of(knobs: Knobs, *, writes: bool) -> dict[str, str]:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json={})

    target = HttpTarget(httpx2.AsyncClient(transport=httpx2.MockTransport(answer)), ADDRESS, TOKEN, knobs)
    await target.send("POST" if writes else "GET", f"{ADDRESS}/Users", {} if writes else None)
    await target.aclose()
    kept = {"accept", "adscimversion", "authorization", "content-type", "user-agent"}
    return {name: value for name, value in seen[0].headers.items() if name in kept}


async def test_a_question_carries_the_token_and_entras_version_and_no_user_agent() -> None:
    assert await headers_of(Knobs(), writes=False) == {
        "accept": "application/scim+json",
        "adscimversion": "5.0",
        "authorization": f"Bearer {TOKEN}",
    }


async def test_what_is_written_is_scim_json() -> None:
    assert (await headers_of(Knobs(), writes=True))["content-type"] == "application/scim+json; charset=utf-8"


async def test_version_and_user_agent_are_knobs() -> None:
    headers = await headers_of(Knobs(adscimversion=None, user_agent="emulator"), writes=False)

    assert headers["user-agent"] == "emulator"
    assert "adscimversion" not in headers


async def test_a_target_that_answers_too_late_is_unreachable() -> None:
    async def never(_: httpx2.Request) -> httpx2.Response:
        await asyncio.Event().wait()
        raise AssertionError("the event never comes")

    client = httpx2.AsyncClient(transport=httpx2.MockTransport(never))
    target = HttpTarget(client, ADDRESS, TOKEN, Knobs(timeout=timedelta(milliseconds=1)))
    with pytest.raises(Unreachable) as error:
        await target.send("GET", ADDRESS)
    await target.aclose()

    assert error.value.timed_out


async def test_the_path_on_the_wire_is_exactly_what_entra_writes() -> None:
    contoso = Company()
    contoso.flow('emails[type eq "work"].value', matchingPriority=1)
    contoso.flow("userName", matchingPriority=0)
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.sent[0] == "GET /Users?filter=emails%5btype+eq+%22work%22%5d.value+eq+%22ada%40contoso.com%22"
