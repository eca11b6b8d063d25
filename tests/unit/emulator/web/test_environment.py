from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.web.environment import as_exports, environment_of

if TYPE_CHECKING:
    from emulator import Seed


def test_every_client_finds_what_it_reads(seed: Seed) -> None:
    found = environment_of(seed, "https://127.0.0.1:8443", "/state/ca.pem")

    assert found["ARM_METADATA_HOSTNAME"] == "127.0.0.1:8443"
    assert found["AZURE_AUTHORITY_HOST"] == "https://127.0.0.1:8443"
    trusting = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
    assert {found[name] for name in trusting} == {"/state/ca.pem"}
    assert seed.clients[0].secret == found["ARM_CLIENT_SECRET"] == found["AZURE_CLIENT_SECRET"]
    assert ("https://127.0.0.1:8443/elium/contoso", seed.elium[0].token) == (
        found["ELIUM_TENANT_URL"],
        found["ELIUM_SECRET_TOKEN"],
    )


def test_a_company_without_elium_has_no_tenant_url(seed: Seed) -> None:
    found = environment_of(seed.model_copy(update={"elium": []}), "https://localhost", "ca.pem")

    assert "ELIUM_TENANT_URL" not in found


def test_the_lines_can_be_read_by_a_shell() -> None:
    assert as_exports({"A": "b c", "D": "e"}) == "export A='b c'\nexport D=e\n"
