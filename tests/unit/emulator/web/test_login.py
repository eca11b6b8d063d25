from __future__ import annotations

from typing import TYPE_CHECKING

import jwt
from asking import SCOPE

from tools.manual.parity import witness

if TYPE_CHECKING:
    import httpx2

    from emulator import Emulator


@witness("GET /metadata/endpoints")
async def test_the_cloud_describes_itself_without_trailing_slashes(http: httpx2.AsyncClient) -> None:
    document = (await http.get("/metadata/endpoints?api-version=2022-09-01")).json()

    assert (
        document["microsoftGraphResourceId"],
        document["authentication"]["loginEndpoint"],
        document["resourceManager"],
    ) == ("https://localhost", "https://localhost", "https://localhost/arm")


async def test_documents_name_the_host_that_was_asked(http: httpx2.AsyncClient) -> None:
    document = (await http.get("/metadata/endpoints", headers={"host": "127.0.0.1:8443"})).json()

    assert document["microsoftGraphResourceId"] == "https://127.0.0.1:8443"


@witness("GET /common/discovery/instance")
async def test_the_host_says_that_it_is_a_login_host(http: httpx2.AsyncClient) -> None:
    document = (await http.get("/common/discovery/instance?api-version=1.1")).json()

    assert document["metadata"][0]["preferred_network"] == "localhost"


@witness("GET /{tenant}/v2.0/.well-known/openid-configuration")
async def test_discovery_names_the_token_endpoint(emulator: Emulator, http: httpx2.AsyncClient) -> None:
    for tenant in (emulator.seed.tenant.id, "contoso.com", "common"):
        document = (await http.get(f"/{tenant}/v2.0/.well-known/openid-configuration")).json()

        assert f"https://localhost/{emulator.seed.tenant.id}/oauth2/v2.0/token" == document["token_endpoint"]


async def test_an_unknown_tenant_has_no_configuration(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/nowhere/v2.0/.well-known/openid-configuration")

    assert (answer.status_code, answer.json()["error_codes"]) == (400, [90002])


@witness("POST /{tenant}/oauth2/v2.0/token", "GET /{tenant}/discovery/v2.0/keys")
async def test_a_token_verifies_with_the_published_keys(emulator: Emulator, http: httpx2.AsyncClient) -> None:
    client = emulator.seed.clients[0]
    form = {
        "grant_type": "client_credentials",
        "client_id": client.app_id,
        "client_secret": client.secret,
        "scope": SCOPE,
    }
    answer = await http.post("/contoso.com/oauth2/v2.0/token", data=form)
    keys = (await http.get("/contoso.com/discovery/v2.0/keys")).json()["keys"]
    token = answer.json()["access_token"]

    assert answer.headers["cache-control"] == "no-store, no-cache"
    assert jwt.decode(token, jwt.PyJWK(keys[0], "RS256"), ["RS256"], audience="https://graph.microsoft.com")


async def test_a_refusal_is_worded_as_oauth_wants_it(http: httpx2.AsyncClient) -> None:
    answer = await http.post("/contoso.com/oauth2/v2.0/token", data={"grant_type": "client_credentials"})
    body = answer.json()

    assert (answer.status_code, body["error"], body["error_codes"]) == (400, "invalid_request", [900144])
    assert body["error_description"].startswith("AADSTS900144: The request body must contain")


async def test_nothing_else_is_served(http: httpx2.AsyncClient) -> None:
    nothing, wrong_verb = await http.get("/favicon.ico"), await http.get("/contoso.com/oauth2/v2.0/token")

    assert (nothing.status_code, wrong_verb.status_code) == (404, 405)
