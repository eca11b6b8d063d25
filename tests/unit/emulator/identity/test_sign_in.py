from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import jwt
import pytest
from asking import SCOPE, graph_of, named
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from emulator import Emulator, StandingClock
from emulator.company import seed as seeds
from emulator.company.refusal import Refusal
from emulator.company.store import Kind
from emulator.identity.sign_in import Asked, sign_in

if TYPE_CHECKING:
    from emulator import Seed
    from emulator.company.store import JsonObject

KEY = ec.generate_private_key(ec.SECP256R1())
OTHER_KEY = ec.generate_private_key(ec.SECP256R1())
DEPLOYER = "e11ed000-0000-4000-8000-000000000001"
ISSUER, SUBJECT = "https://issuer.example", "repo:contoso/x:environment:dev"
NOW = 2_000_000_000.0

Ask = Callable[..., "JsonObject"]


def certificate() -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ci")])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(KEY.public_key())
    builder = builder.serial_number(1).not_valid_before(start).not_valid_after(start + dt.timedelta(days=3650))
    return builder.sign(KEY, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def public_pem() -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return KEY.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


@pytest.fixture
def signing_emulator(seed: Seed) -> Emulator:
    """Give an emulator whose deployer has a certificate and trusts another issuer."""
    trusting = seed.model_copy(deep=True)
    trusting.clients[0].certificate = certificate()
    trusting.clients[0].federated.append(seeds.FederationSeed(issuer=ISSUER, subject=SUBJECT, key=public_pem()))
    return Emulator(seed=trusting, clock=StandingClock())


@pytest.fixture
def ask(signing_emulator: Emulator) -> Ask:
    """Ask for a token; each argument replaces a field of the form, ``None`` leaves it out."""
    emulator = signing_emulator
    emulator.entra.desk.wall = lambda: NOW

    def asked(tenant: str = "contoso.com", **changes: str | None) -> JsonObject:
        secret = emulator.seed.clients[0].secret
        form = {"grant_type": "client_credentials", "client_id": DEPLOYER, "client_secret": secret, "scope": SCOPE}
        given = {name: value for name, value in {**form, **changes}.items() if value is not None}
        return sign_in(emulator.world, emulator.entra.desk, Asked(tenant, given, emulator.origin))

    return asked


def assertion(key: ec.EllipticCurvePrivateKey = KEY, **claims: object) -> dict[str, str | None]:
    body = {"iss": DEPLOYER, "sub": DEPLOYER, "aud": "https://localhost/contoso.com/oauth2/v2.0/token", "exp": NOW + 60}
    return {
        "client_secret": None,
        "client_assertion": jwt.encode({**body, **claims}, key, "ES256"),
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }


def federated(key: ec.EllipticCurvePrivateKey = KEY, **claims: object) -> dict[str, str | None]:
    told: dict[str, object] = {"iss": ISSUER, "sub": SUBJECT, "aud": "api://AzureADTokenExchange", **claims}
    return assertion(key, **told)


def test_a_secret_gives_a_token_with_the_permissions_that_were_granted(signing_emulator: Emulator, ask: Ask) -> None:
    answer = ask()
    claims = jwt.decode(answer["access_token"], options={"verify_signature": False})

    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3600)
    assert (claims["aud"], claims["idtyp"], claims["appid"]) == ("https://graph.microsoft.com", "app", DEPLOYER)
    assert sorted(signing_emulator.seed.clients[0].roles) == claims["roles"]
    assert named(signing_emulator, Kind.SERVICE_PRINCIPAL, "elium-deployer").id == claims["oid"]
    assert (signing_emulator.seed.tenant.id, 3600) == (claims["tid"], claims["exp"] - claims["iat"])


def test_the_audience_is_what_the_scope_names(ask: Ask) -> None:
    for resource in ("https://127.0.0.1:8443", "https://graph.microsoft.us", "00000003-0000-0000-c000-000000000000"):
        token = ask(scope=f"{resource}/.default")["access_token"]

        assert resource == jwt.decode(token, options={"verify_signature": False})["aud"]


def test_scopes_of_openid_beside_the_resource_are_left_out_of_account(ask: Ask) -> None:
    token = ask(scope=f"{SCOPE} openid offline_access profile")["access_token"]

    assert jwt.decode(token, options={"verify_signature": False})["aud"] == "https://graph.microsoft.com"


@pytest.mark.parametrize(
    "resource", ["https://management.core.windows.net/", "https://management.azure.com", "https://127.0.0.1:8443/arm"]
)
def test_azure_resource_manager_has_tokens_of_its_own(signing_emulator: Emulator, ask: Ask, resource: str) -> None:
    token = ask(scope=f"{resource}/.default")["access_token"]

    assert signing_emulator.entra.desk.admit_to_resource_manager(f"Bearer {token}") == signing_emulator.seed.tenant.id
    with pytest.raises(Refusal, match="Invalid audience"):
        signing_emulator.entra.desk.recognise(f"Bearer {token}")


def test_a_certificate_signs_in(ask: Ask) -> None:
    assert "access_token" in ask(**assertion())


def test_another_issuers_workload_signs_in(ask: Ask) -> None:
    assert "access_token" in ask(**federated())
    assert "access_token" in ask(**federated(aud=["x", "api://AzureADTokenExchange"]))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tenant": "nowhere"}, "AADSTS90002"),
        ({"grant_type": None}, "AADSTS900144"),
        ({"client_id": None}, "AADSTS900144"),
        ({"scope": None}, "AADSTS900144"),
        ({"grant_type": "password"}, "AADSTS70003"),
        ({"scope": "https://graph.microsoft.com/User.Read"}, "AADSTS1002012"),
        ({"scope": "https://storage.azure.com/.default"}, "AADSTS500011"),
        ({"client_id": "nobody"}, "AADSTS700016"),
        ({"client_secret": None}, "AADSTS7000218"),
        ({"client_secret": "wrong"}, "AADSTS7000215"),
        ({**assertion(), "client_assertion": "x"}, "AADSTS50027"),
        (assertion(OTHER_KEY), "AADSTS700027"),
        (assertion(sub="other"), "AADSTS700021"),
        (assertion(aud="other"), "AADSTS700023"),
        (assertion(exp=NOW - 3600), "AADSTS700024"),
        (assertion(nbf=NOW + 3600), "AADSTS700024"),
        (federated(iss="https://other"), "AADSTS700211"),
        (federated(sub="other"), "AADSTS700213"),
        (federated(aud="other"), "AADSTS700212"),
        (federated(OTHER_KEY), "AADSTS50027"),
        (federated(exp=NOW - 3600), "AADSTS700024"),
        (federated(exp="x"), "AADSTS50027"),
        (assertion(exp=[1]), "AADSTS50027"),
        ({"scope": "openid profile"}, "AADSTS1002012"),
        ({"scope": f"{SCOPE} https://graph.microsoft.us/.default"}, "AADSTS1002012"),
        ({"scope": "https://[::1/.default"}, "AADSTS500011"),
    ],
)
def test_what_does_not_prove_anything_is_refused_with_entras_code(
    ask: Ask, changes: dict[str, str | None], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        ask(**changes)

    assert code == refused.value.code


def test_an_issuer_without_a_known_key_is_not_believed(ask: Ask) -> None:
    github = {
        "iss": "https://token.actions.githubusercontent.com",
        "sub": "repo:contoso/elium-provisioning:environment:dev",
    }
    with pytest.raises(Refusal) as refused:
        ask(**federated(iss=github["iss"], sub=github["sub"]))

    assert refused.value.code == "AADSTS50166"


def test_a_disabled_or_missing_service_principal_does_not_sign_in(signing_emulator: Emulator, ask: Ask) -> None:
    principal = named(signing_emulator, Kind.SERVICE_PRINCIPAL, "elium-deployer")
    principal.properties["accountEnabled"] = False
    with pytest.raises(Refusal, match="is disabled"):
        ask()
    signing_emulator.world.tenant("contoso.com").directory.delete(principal.id)
    with pytest.raises(Refusal, match="was not found"):
        ask()


async def test_a_secret_that_was_added_works_until_it_expires(signing_emulator: Emulator, ask: Ask) -> None:
    application = named(signing_emulator, Kind.APPLICATION, "elium-deployer").id
    async with graph_of(signing_emulator) as graph:
        added = await graph.post(f"/applications/{application}/addPassword", json={})
    secret = added.json()["secretText"]
    assert "access_token" in ask(client_secret=secret)
    await signing_emulator.advance(dt.timedelta(days=731))

    with pytest.raises(Refusal, match="expired"):
        ask(client_secret=secret)
