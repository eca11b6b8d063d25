"""Microsoft's own client reads the vault over a port."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.keyvault.secrets import SecretClient

from emulator import Emulator, Fleet
from emulator.web.server import Served
from tools.manual.parity import witness

SECRET, ROTATED = "the-first-token-of-acme", "the-second-token-of-acme"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """Serve on a port."""
    with Emulator().serve() as served:
        yield served


@pytest.fixture
def control(served: Served) -> Iterator[httpx2.Client]:
    """Open the control interface, and find the vault empty."""
    served.reset()
    context = ssl.create_default_context(cafile=served.ca_file)
    with httpx2.Client(verify=context, base_url=f"{served.origin}/_emulator/vault") as http:
        yield http


@pytest.fixture
def client(served: Served, control: httpx2.Client) -> Iterator[SecretClient]:
    """Open the vault as the deployer does."""
    control.put("/secrets/acme-token", json={"value": SECRET}).raise_for_status()
    with client_of(served, served) as client:
        yield client


def client_of(vault: Served, login: Served) -> SecretClient:
    """Open a vault with a token of an Entra tenant, which need not be the vault's own."""
    environment = login.environment
    credential = ClientSecretCredential(
        environment["AZURE_TENANT_ID"],
        environment["AZURE_CLIENT_ID"],
        environment["AZURE_CLIENT_SECRET"],
        authority=login.origin,
        disable_instance_discovery=True,
        additionally_allowed_tenants=["*"],
        connection_verify=login.ca_file,
    )
    return SecretClient(
        vault.origin, credential, verify_challenge_resource=False, connection_verify=vault.ca_file, retry_total=0
    )


def failing(act: Callable[[], Any]) -> HttpResponseError:
    """Do what has to fail, and give the error."""
    with pytest.raises(HttpResponseError) as failed:
        act()
    return failed.value


@witness("GET /secrets/{name}/", "PUT /_emulator/vault/secrets/{name}")
def test_the_newest_version_is_given(client: SecretClient) -> None:
    secret = client.get_secret("acme-token")

    assert (secret.name, secret.value, secret.properties.enabled) == ("acme-token", SECRET, True)


@witness("GET /secrets/{name}/{version}", "GET /secrets/{name}/versions")
def test_after_a_rotation_the_new_secret_is_given_and_the_old_version_can_be_named(
    client: SecretClient, control: httpx2.Client
) -> None:
    before = client.get_secret("acme-token")
    version = control.put("/secrets/acme-token", json={"value": ROTATED}).json()["version"]
    after = client.get_secret("acme-token")

    assert (after.value, after.properties.version) == (ROTATED, version)
    assert client.get_secret("acme-token", before.properties.version).value == SECRET
    assert {known.version for known in client.list_properties_of_secret_versions("acme-token")} == {
        before.properties.version,
        version,
    }


@witness("GET /secrets")
def test_secrets_are_listed_by_name(client: SecretClient, control: httpx2.Client) -> None:
    control.put("/secrets/Willow-token", json={"value": ROTATED})

    assert [known.name for known in client.list_properties_of_secrets()] == ["acme-token", "Willow-token"]
    assert client.get_secret("willow-TOKEN").value == ROTATED


@witness("DELETE /_emulator/vault/secrets/{name}")
def test_a_secret_or_version_that_is_missing_is_not_found(client: SecretClient, control: httpx2.Client) -> None:
    errors = [failing(lambda: client.get_secret("acme-token", "0" * 32))]
    control.delete("/secrets/acme-token").raise_for_status()
    errors.append(failing(lambda: client.get_secret("acme-token")))

    assert [type(error) for error in errors] == [ResourceNotFoundError] * 2
    assert [error.message.splitlines()[0] for error in errors] == [
        f"(SecretNotFound) A secret with (name/id) acme-token/{'0' * 32} was not found in this key vault.",
        "(SecretNotFound) A secret with (name/id) acme-token was not found in this key vault.",
    ]


@witness("PATCH /_emulator/vault/secrets/{name}")
def test_a_secret_that_is_switched_off_is_refused_and_no_older_version_stands_in_for_it(
    client: SecretClient, control: httpx2.Client
) -> None:
    control.put("/secrets/acme-token", json={"value": ROTATED})
    control.patch("/secrets/acme-token", json={"enabled": False}).raise_for_status()
    error = failing(lambda: client.get_secret("acme-token"))
    control.patch("/secrets/acme-token", json={"enabled": True}).raise_for_status()

    assert (error.status_code, error.error and error.error.code) == (403, "Forbidden")
    assert "Operation get is not allowed on a disabled secret." in error.message
    assert client.get_secret("acme-token").value == ROTATED


def test_an_application_of_another_entra_tenant_is_not_let_in() -> None:
    with Fleet(2, entra_tenants=2).serve() as fleet:
        ours, theirs = fleet.served
        ours.emulator.vault.put("acme-token", SECRET)
        with client_of(ours, ours) as client:
            found = client.get_secret("acme-token").value
        with client_of(ours, theirs) as stranger:
            error = failing(lambda: stranger.get_secret("acme-token"))

    assert (found, type(error)) == (SECRET, ClientAuthenticationError)


def test_no_secret_is_logged_or_kept_with_the_requests(
    served: Served, client: SecretClient, control: httpx2.Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    control.put("/secrets/acme-token", json={"value": ROTATED})
    client.get_secret("acme-token")
    kept = [
        served.requests("vault"),
        repr(served.emulator.vault.secrets),
        control.get("/secrets").json(),
        served.snapshot(),
    ]

    # The client remembers an address that asked it for a token once, so that it need not be refused first.
    assert [exchange.path for exchange in served.requests("vault") if exchange.status == 200] == [
        "/secrets/acme-token/"
    ]
    assert [text for text in (SECRET, ROTATED) if text in f"{caplog.text} {kept}"] == []
