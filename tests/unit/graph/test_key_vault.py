"""A secret of a vault that speaks Azure Key Vault's protocol, read with Microsoft's own client."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fleets import here

from emulator import Emulator
from emulator.web.server import Served
from provisioning.errors import ConfigurationError
from provisioning.graph.key_vault import VaultSecret
from provisioning.operations.token_reference import TokenReference

FIRST, SECOND = "first-token-0123456789", "second-token-0123456789"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """Serve a vault with one secret."""
    with Emulator().serve() as served:
        served.emulator.vault.put("acme", FIRST)
        yield served


def read(served: Served, name: str) -> str:
    address = f"keyvault:{served.origin}/secrets/{name}"
    return TokenReference.parse(address, written="secretToken").token(here(served.environment)).reveal()


def test_the_newest_version_is_read_or_the_one_that_is_named(served: Served) -> None:
    assert read(served, "acme") == FIRST
    version = served.emulator.vault.put("bolt", FIRST).id
    served.emulator.vault.put("bolt", SECOND)

    assert read(served, "bolt") == SECOND
    assert read(served, f"bolt/{version}") == FIRST


def test_a_secret_that_is_not_there_is_told(served: Served) -> None:
    with pytest.raises(ConfigurationError, match=r"secretToken: .* has no secret nobody"):
        read(served, "nobody")


def test_a_vault_that_does_not_answer_is_told(served: Served) -> None:
    with pytest.raises(ConfigurationError, match=r"https://127\.0\.0\.1:9 cannot be asked"):
        VaultSecret.parse("https://127.0.0.1:9/secrets/acme").read(served.environment)


@pytest.mark.parametrize(
    "address",
    ["", "acme", "http://acme.vault.azure.net/secrets/x", "https://acme.vault.azure.net/keys/x", "https:///secrets/x"],
)
def test_what_is_not_the_address_of_a_secret_is_told_at_once(address: str) -> None:
    with pytest.raises(ConfigurationError, match="secretToken: is not the address of a secret"):
        TokenReference.parse(f"keyvault:{address}", written="secretToken")
