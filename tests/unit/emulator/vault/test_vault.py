"""The vault's interface as it is on the wire, without a socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from asking import token_of

from emulator import Emulator
from emulator.vault import Vault
from tools.manual.parity import witness

NEWEST = "/secrets/acme-token?api-version=7.4"


@pytest.fixture
async def http(emulator: Emulator) -> AsyncIterator[httpx2.AsyncClient]:
    """Open the emulator, whose vault has a secret."""
    emulator.vault.put("acme-token", "the-token")
    transport = httpx2.ASGITransport(emulator.app)
    async with httpx2.AsyncClient(transport=transport, base_url=emulator.origin) as client:
        yield client


async def token(emulator: Emulator, http: httpx2.AsyncClient, scope: str = "https://vault.azure.net/.default") -> str:
    """Sign in for a resource."""
    client = emulator.seed.clients[0]
    form = {"grant_type": "client_credentials", "client_id": client.app_id, "client_secret": client.secret}
    answer = await http.post(f"/{emulator.seed.tenant.id}/oauth2/v2.0/token", data={**form, "scope": scope})
    return f"Bearer {answer.json()['access_token']}"


async def test_who_comes_without_a_token_is_told_where_one_is_had(emulator: Emulator, http: httpx2.AsyncClient) -> None:
    answer = await http.get(NEWEST)

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "Unauthorized")
    assert answer.headers["www-authenticate"] == (
        f'Bearer authorization="https://localhost/{emulator.seed.tenant.id}", resource="https://vault.azure.net"'
    )


@witness("GET /secrets/{name}")
async def test_a_secret_has_an_address_of_its_own_and_moments_in_seconds(
    emulator: Emulator, http: httpx2.AsyncClient
) -> None:
    answer = await http.get(NEWEST, headers={"authorization": await token(emulator, http)})
    version = emulator.vault.named("acme-token").newest.id

    assert answer.json() == {
        "value": "the-token",
        "id": f"https://localhost/secrets/acme-token/{version}",
        "attributes": {
            "enabled": True,
            "created": 1_768_467_600,
            "updated": 1_768_467_600,
            "recoveryLevel": "Purgeable",
        },
    }


async def test_a_token_for_something_else_is_refused_on_either_side(
    emulator: Emulator, http: httpx2.AsyncClient
) -> None:
    for_graph, for_vault = f"Bearer {token_of(emulator)}", await token(emulator, http)
    at_vault = await http.get(NEWEST, headers={"authorization": for_graph})
    at_graph = await http.get("/v1.0/users", headers={"authorization": for_vault})

    assert (at_vault.status_code, at_graph.status_code) == (401, 401)
    assert at_vault.json()["error"]["message"] == (
        "AKV10022: Invalid audience. Expected https://vault.azure.net, found: https://graph.microsoft.com."
    )


@pytest.mark.parametrize("given", ["Bearer x", "Bearer ", "Basic x"])
async def test_what_is_not_a_token_is_refused_with_the_challenge(http: httpx2.AsyncClient, given: str) -> None:
    answer = await http.get(NEWEST, headers={"authorization": given})

    assert (answer.status_code, "www-authenticate" in answer.headers) == (401, True)


async def test_a_token_that_is_expired_is_refused(emulator: Emulator, http: httpx2.AsyncClient) -> None:
    held = await token(emulator, http)
    emulator.entra.desk.wall = lambda: 4e9
    answer = await http.get(NEWEST, headers={"authorization": held})

    assert (answer.status_code, answer.json()["error"]["message"]) == (401, "The access token is expired.")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/secrets/acme-token", 400),
        ("GET", "/secrets/acme-token/1/2?api-version=7.4", 404),
        ("POST", "/secrets/acme-token?api-version=7.4", 405),
    ],
)
async def test_what_the_vault_does_not_do_is_told(
    emulator: Emulator, http: httpx2.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await http.request(method, path, headers={"authorization": await token(emulator, http)})

    assert (answer.status_code, set(answer.json()["error"])) == (status, {"code", "message"})


@witness("GET /_emulator/vault/secrets")
async def test_the_control_interface_lists_versions_and_never_what_they_are(
    emulator: Emulator, http: httpx2.AsyncClient
) -> None:
    second = (await http.put("/_emulator/vault/secrets/acme-token", json={"value": "another"})).json()["version"]
    first = emulator.vault.named("acme-token").versions[0].id

    assert (await http.get("/_emulator/vault/secrets")).json()["value"] == [
        {
            "name": "acme-token",
            "versions": [{"version": first, "enabled": True}, {"version": second, "enabled": True}],
        }
    ]


@pytest.mark.parametrize(
    ("method", "name", "told"),
    [
        ("PUT", "acme-token", {"value": 4711}),
        ("PUT", "acme-token", {"value": "4711", "enable": True}),
        ("PUT", "acme-token", {}),
        ("PUT", "acme_token", {"value": "4711"}),
        ("PATCH", "acme-token", {"enabled": "4711"}),
    ],
)
async def test_what_cannot_be_kept_is_refused_and_not_repeated(
    http: httpx2.AsyncClient, method: str, name: str, told: dict[str, Any]
) -> None:
    answer = await http.request(method, f"/_emulator/vault/secrets/{name}", json=told)

    assert (answer.status_code, "4711" in answer.text) == (400, False)


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_what_is_not_there_cannot_be_changed(http: httpx2.AsyncClient, method: str) -> None:
    answer = await http.request(method, "/_emulator/vault/secrets/nothing", json={"enabled": True})

    assert answer.status_code == 404


@pytest.mark.parametrize("name", ["%00", "%F0%9F", "..", "a@b", "x" * 200, "%2F", "versions", "-"])
async def test_strange_names_find_nothing(emulator: Emulator, http: httpx2.AsyncClient, name: str) -> None:
    held = {"authorization": await token(emulator, http)}
    answers = [
        await http.get(f"/secrets/{path}?api-version=7.4", headers=held)
        for path in (name, f"{name}/", f"{name}/{name}", f"{name}/versions")
    ]

    assert {answer.status_code for answer in answers} <= {307, 401, 404}


async def test_a_reset_empties_the_vault(emulator: Emulator, http: httpx2.AsyncClient) -> None:
    await http.post("/_emulator/reset")

    assert emulator.vault.secrets == []


async def test_a_fault_strikes_the_vault_too(emulator: Emulator, http: httpx2.AsyncClient) -> None:
    held = {"authorization": await token(emulator, http)}
    await http.post("/_emulator/faults", json={"route": "GET /secrets/{name}", "status": 503})

    assert [(await http.get(NEWEST, headers=held)).status_code for _ in range(2)] == [503, 200]


def test_what_holds_a_secret_does_not_print_it(emulator: Emulator) -> None:
    vault = Vault(emulator.clock)

    assert "a-token" not in f"{vault.put('acme', 'a-token')} {vault.secrets}"
