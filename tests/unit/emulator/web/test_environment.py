from __future__ import annotations

from typing import TYPE_CHECKING

from emulator import Emulator
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


def test_with_the_login_services_name_azure_identity_goes_there_by_itself(seed: Seed) -> None:
    names = ("graph.microsoft.com", "login.microsoftonline.com")
    found = environment_of(seed, "https://127.0.0.1:443", "ca.pem", names=names)

    assert "AZURE_AUTHORITY_HOST" not in found
    assert found["NO_PROXY"] == "localhost,127.0.0.1,::1,graph.microsoft.com,login.microsoftonline.com"
    assert (found["ARM_METADATA_HOSTNAME"], found["ELIUM_EMULATOR_URL"]) == ("127.0.0.1:443", "https://127.0.0.1:443")


def test_with_other_names_the_authority_is_told(seed: Seed) -> None:
    found = environment_of(seed, "https://127.0.0.1:443", "ca.pem", names=("graph.microsoft.com",))

    assert found["AZURE_AUTHORITY_HOST"] == "https://127.0.0.1:443"


def test_a_served_emulator_tells_by_the_names_that_it_has(seed: Seed) -> None:
    with Emulator(seed=seed).serve(names=("login.microsoftonline.com",)) as served:
        assert "AZURE_AUTHORITY_HOST" not in served.environment


def test_a_company_without_elium_has_no_tenant_url(seed: Seed) -> None:
    found = environment_of(seed.model_copy(update={"elium": []}), "https://localhost", "ca.pem")

    assert "ELIUM_TENANT_URL" not in found


def test_the_lines_can_be_read_by_a_shell() -> None:
    assert as_exports({"A": "b c", "D": "e"}) == "export A='b c'\nexport D=e\n"
