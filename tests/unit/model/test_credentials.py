from __future__ import annotations

import pytest

from provisioning.errors import ConfigurationError
from provisioning.model.credentials import Fingerprint, SecretToken, base_address_of


@pytest.mark.parametrize(
    "written",
    [
        "https://acme.elium.com",
        "https://acme.elium.com/",
        "https://acme.elium.com/scim/v2",
        "https://acme.elium.com/scim/v2/",
        "  https://acme.elium.com ",
    ],
)
def test_every_way_to_write_the_tenant_url_gives_the_same_address(written: str) -> None:
    assert base_address_of(written) == "https://acme.elium.com/scim/v2"


def test_a_flag_in_the_tenant_url_is_kept() -> None:
    flagged = base_address_of("https://acme.elium.com/scim/v2?aadOptscim062020")

    assert flagged == "https://acme.elium.com/scim/v2?aadOptscim062020"


@pytest.mark.parametrize("host", ["localhost", "localhost:8443", "127.0.0.1:80", "[::1]:80"])
def test_an_unencrypted_address_is_accepted_on_this_machine_only(host: str) -> None:
    assert base_address_of(f"http://{host}") == f"http://{host}/scim/v2"


@pytest.mark.parametrize("written", ["http://acme.elium.com", "HTTP://localhost.elium.com"])
def test_an_unencrypted_address_elsewhere_is_refused(written: str) -> None:
    with pytest.raises(ConfigurationError, match="is not encrypted"):
        base_address_of(written)


@pytest.mark.parametrize("written", ["acme.elium.com", "ftp://acme", "https://", "https://a b", "https://me@acme"])
def test_what_is_no_web_address_is_refused(written: str) -> None:
    with pytest.raises(ConfigurationError, match="is not a web address"):
        base_address_of(written)


def test_a_token_is_never_shown() -> None:
    token = SecretToken("very-secret")

    assert [str(token), repr(token), f"{token}"] == ["SecretToken(***)"] * 3


def test_a_fingerprint_fits_its_token_and_no_other() -> None:
    fingerprint = Fingerprint.of(SecretToken("one"), salt=b"salt")

    assert [fingerprint.fits(SecretToken(text)) for text in ("one", "two")] == [True, False]


def test_a_fingerprint_survives_being_written_down() -> None:
    fingerprint = Fingerprint.of(SecretToken("one"), salt=b"salt")

    assert Fingerprint.parse(str(fingerprint)) == fingerprint


def test_equal_tokens_with_other_salts_do_not_look_alike() -> None:
    token = SecretToken("one")

    assert Fingerprint.of(token, salt=b"a") != Fingerprint.of(token, salt=b"b")


@pytest.mark.parametrize("text", ["", "one", "scrypt:zz:zz", "scrypt:" + "zz" * 8 + ":" + "00" * 16, "a:b:c"])
def test_what_is_no_fingerprint_is_taken_for_none(text: str) -> None:
    assert Fingerprint.parse(text) is None


def test_an_empty_token_is_none() -> None:
    assert [bool(SecretToken(text)) for text in ("", "one")] == [False, True]
