from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote_plus

import httpx2
import jwt
import pytest
from asking import SCOPE, graph_of, named
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from emulator.company.store import Kind
from tools.manual.parity import witness

if TYPE_CHECKING:
    from emulator import Emulator


@witness("GET /metadata/endpoints")
async def test_the_cloud_describes_itself_without_trailing_slashes(http: httpx2.AsyncClient) -> None:
    document = (await http.get("/metadata/endpoints?api-version=2022-09-01")).json()

    assert (
        document["microsoftGraphResourceId"],
        document["authentication"]["loginEndpoint"],
        document["resourceManager"],
    ) == ("https://localhost", "https://localhost", "https://localhost/arm")


async def test_azure_cli_reads_a_list_of_clouds(http: httpx2.AsyncClient) -> None:
    (document,) = (await http.get("/metadata/endpoints?api-version=2019-05-01")).json()

    assert document["name"] == "EmulatedCloud"


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


def form_of(emulator: Emulator, **changes: str) -> dict[str, str]:
    client = emulator.seed.clients[0]
    known = {"grant_type": "client_credentials", "client_id": client.app_id, "client_secret": client.secret or ""}
    return {**known, "scope": SCOPE, **changes}


@witness("POST /{tenant}/oauth2/token")
async def test_the_older_endpoint_takes_a_resource_and_writes_numbers_as_texts(
    emulator: Emulator, http: httpx2.AsyncClient
) -> None:
    form = form_of(emulator, resource="https://graph.microsoft.com")
    del form["scope"]

    answer = (await http.post("/contoso.com/oauth2/token", data=form)).json()

    assert (answer["expires_in"], answer["resource"]) == ("3600", "https://graph.microsoft.com")
    assert emulator.entra.desk.recognise(f"Bearer {answer['access_token']}").app_id == form["client_id"]


async def test_client_and_secret_may_come_by_http_basic(emulator: Emulator, http: httpx2.AsyncClient) -> None:
    form = form_of(emulator)
    given = (quote_plus(form.pop("client_id")), quote_plus(form.pop("client_secret")))

    answer = await http.post("/contoso.com/oauth2/v2.0/token", data=form, auth=given)

    assert answer.status_code == 200


@pytest.mark.parametrize("header", ["Basic !", "Basic /w==", "Basic"])
async def test_a_basic_header_that_cannot_be_read_names_nobody(http: httpx2.AsyncClient, header: str) -> None:
    form = {"grant_type": "client_credentials", "scope": SCOPE}

    answer = await http.post("/contoso.com/oauth2/v2.0/token", data=form, headers={"authorization": header})

    assert answer.status_code == 400


async def test_bytes_that_are_not_text_are_refused_as_what_they_stand_for(http: httpx2.AsyncClient) -> None:
    body = b"grant_type=client_credentials&client_id=\xff\xfe&scope=x/.default"

    answer = await http.post("/contoso.com/oauth2/v2.0/token", content=body)

    assert answer.status_code == 400


@witness(
    "GET /{tenant}/oauth2/v2.0/authorize",
    "GET /{tenant}/oauth2/authorize",
    "POST /{tenant}/oauth2/v2.0/authorize",
    "POST /{tenant}/oauth2/authorize",
    "GET /{tenant}/.well-known/openid-configuration",
    "GET /{tenant}/discovery/keys",
)
async def test_every_address_that_discovery_names_answers(http: httpx2.AsyncClient) -> None:
    for version in ("/v2.0", ""):
        document = (await http.get(f"/common{version}/.well-known/openid-configuration")).json()
        named = {name: address for name, address in document.items() if name.endswith(("_endpoint", "_uri"))}
        answers = {name: await http.request("POST" if "token" in name else "GET", to) for name, to in named.items()}

        assert {name: answer.status_code for name, answer in answers.items()} == {
            "authorization_endpoint": 400,
            "token_endpoint": 400,
            "jwks_uri": 200,
        }
        assert "no reply address" in answers["authorization_endpoint"].json()["error_description"].lower()
        assert (await http.post(named["authorization_endpoint"])).json()["error_codes"] == [500113]


@witness("GET /arm/subscriptions", "GET /arm/tenants", "GET /subscriptions", "GET /tenants")
@pytest.mark.parametrize("root", ["/arm", ""])
async def test_azure_shows_the_tenant_and_no_subscriptions(
    emulator: Emulator, http: httpx2.AsyncClient, root: str
) -> None:
    form = form_of(emulator, scope="https://management.core.windows.net//.default")
    token = (await http.post("/contoso.com/oauth2/v2.0/token", data=form)).json()["access_token"]
    http.headers["authorization"] = f"Bearer {token}"

    assert (await http.get(f"{root}/subscriptions?api-version=2022-12-01")).json()["value"] == []
    tenants = (await http.get(f"{root}/tenants?api-version=2022-12-01")).json()["value"]
    assert [one["tenantId"] for one in tenants] == [emulator.seed.tenant.id]


async def test_azure_does_not_take_a_token_for_graph(emulator: Emulator, http: httpx2.AsyncClient) -> None:
    token = (await http.post("/contoso.com/oauth2/v2.0/token", data=form_of(emulator))).json()["access_token"]

    refused = await http.get("/arm/subscriptions", headers={"authorization": f"Bearer {token}"})

    assert (refused.status_code, (await http.get("/arm/tenants")).status_code) == (401, 401)


KEY = ec.generate_private_key(ec.SECP256R1())
OTHER_KEY = ec.generate_private_key(ec.SECP256R1())


def an_issuer(emulator: Emulator, issuer: str) -> None:
    """Let the emulator find the discovery document of an issuer."""
    known = {**ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True), "kid": "1", "use": "sig"}
    documents = {
        f"{issuer}/.well-known/openid-configuration": {"issuer": issuer, "jwks_uri": f"{issuer}/keys"},
        f"{issuer}/keys": {"keys": [{"kty": "nonsense"}, known]},
    }

    def answer(request: httpx2.Request) -> httpx2.Response:
        told = documents.get(str(request.url))
        return httpx2.Response(200, json=told) if told else httpx2.Response(404)

    emulator.entra.browse = lambda: httpx2.AsyncClient(transport=httpx2.MockTransport(answer))


async def federated(http: httpx2.AsyncClient, emulator: Emulator, issuer: str, key: ec.EllipticCurvePrivateKey) -> str:
    """Trust a workload of an issuer at run time, sign in as it, and give the code of the refusal if there is one."""
    application = named(emulator, Kind.APPLICATION, "elium-deployer").id
    trust = {"name": "ci", "issuer": issuer, "subject": "me", "audiences": ["api://AzureADTokenExchange"]}
    async with graph_of(emulator) as graph:
        await graph.post(f"/applications/{application}/federatedIdentityCredentials", json=trust)
    claims = {"iss": issuer, "sub": "me", "aud": trust["audiences"], "exp": emulator.entra.wall() + 60}
    form = form_of(emulator, client_assertion=jwt.encode(claims, key, "ES256"))
    del form["client_secret"]
    form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    answer = (await http.post("/contoso.com/oauth2/v2.0/token", data=form)).json()
    return str(answer.get("error_description", "signed in")).partition(":")[0]


@pytest.mark.parametrize(
    ("issuer", "key", "outcome"),
    [
        ("http://127.0.0.1:9999", KEY, "signed in"),
        ("https://localhost/issuer", KEY, "signed in"),
        ("http://127.0.0.1:9999", OTHER_KEY, "AADSTS50027"),
        ("https://issuer.example", KEY, "AADSTS50166"),
    ],
)
async def test_a_workload_that_is_trusted_at_run_time_signs_in_when_its_issuer_is_near(
    emulator: Emulator, http: httpx2.AsyncClient, issuer: str, key: ec.EllipticCurvePrivateKey, outcome: str
) -> None:
    an_issuer(emulator, issuer)

    assert await federated(http, emulator, issuer, key) == outcome


async def test_an_issuer_that_does_not_answer_is_not_believed(emulator: Emulator, http: httpx2.AsyncClient) -> None:
    an_issuer(emulator, "http://127.0.0.1:9999")

    assert await federated(http, emulator, "http://127.0.0.1:1", KEY) == "AADSTS50166"
