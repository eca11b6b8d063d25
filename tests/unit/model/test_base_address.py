"""Which addresses are taken, as what; and which are refused at the door, with the part that cannot be."""

from __future__ import annotations

import pytest

from provisioning.errors import ConfigurationError
from provisioning.model.base_address import LONGEST, address_of, base_address_of, shown_address

SCIM = "/scim/v2"
ACME = "https://acme.elium.com/scim/v2"
USER_PART = "a user part, before @, cannot be"
PORT = "the port can only be a number from 1 to 65535"
HOST = "the host can only be names of letters, digits and hyphens, with single dots between them"
IP_ADDRESS = "the host is not an IP address at which anybody answers"
BRACKETS = "what stands in brackets is not an IPv6 address"
FILLED_IN = "it has a place that is to be filled in"
CONTROL = "it holds a line break, a tab or another control character"
SCHEME = "the scheme can only be https, or http on this machine"
SLASHES = "behind the scheme stand two slashes, and then the host"
PATH = "the path can only be /scim/v2"
TWICE = "the path goes on behind /scim, or names it twice; it ends in /scim/v2"
SEGMENTS = "the path can only be names of letters and digits, with single slashes between them"
FRAGMENT = "a fragment, behind #, is never sent"

MEANT = {
    "https://acme.elium.com": ACME,
    "https://acme.elium.com/": ACME,
    "https://acme.elium.com//": ACME,
    "https://acme.elium.com/scim": ACME,
    "https://acme.elium.com/scim/": ACME,
    "https://acme.elium.com/scim/v2": ACME,
    "https://acme.elium.com/scim/v2/": ACME,
    "https://acme.elium.com/SCIM/V2": ACME,
    "https://acme.elium.com/Scim": ACME,
    "HTTPS://ACME.elium.com": ACME,
    "  https://acme.elium.com ": ACME,
    "https://acme.elium.com?": ACME,
    "https://acme.elium.com?aadOptscim062020": f"{ACME}?aadOptscim062020",
    "https://acme.elium.com/scim/v2/?aadoptscim062020&": f"{ACME}?aadOptscim062020",
    "https://acme.elium.com?AzureAdScimPatch2017&AzureAdScimPatch2017": f"{ACME}?AzureAdScimPatch2017",
    "https://acme.elium.com:8443": "https://acme.elium.com:8443/scim/v2",
    "https://xn--lium-9oa.example": "https://xn--lium-9oa.example/scim/v2",
    "https://gateway.acme.example/elium/scim/v2": "https://gateway.acme.example/elium/scim/v2",
    "https://192.0.2.7": "https://192.0.2.7/scim/v2",
    "https://[2001:db8::7]:8443": "https://[2001:db8::7]:8443/scim/v2",
    "http://localhost": "http://localhost/scim/v2",
    "http://localhost:8443/elium/contoso": "http://localhost:8443/elium/contoso/scim/v2",
    "http://127.0.0.1:80": "http://127.0.0.1:80/scim/v2",
    "http://127.8.9.10": "http://127.8.9.10/scim/v2",
    "http://[::1]:80": "http://[::1]:80/scim/v2",
    "https://localhost:8443/elium/contoso": "https://localhost:8443/elium/contoso/scim/v2",
}

REFUSED = {
    "": "it is empty",
    "   ": "it is empty",
    f"https://{'a' * LONGEST}.example": f"it has more than {LONGEST:,} characters",
    "https://acme.elium.com/" + "/" * 100_000: f"it has more than {LONGEST:,} characters",
    "https://acme.elium.com\nhttps://b.example": CONTROL,
    "https://acme\r\n.elium.com": CONTROL,
    "https://acme.elium.com/\tscim": CONTROL,
    "https://acme.elium.com\x00": CONTROL,
    "https://acme .elium.com": "it holds a blank",
    "https://a.example https://b.example": "it holds a blank",
    '"https://acme.elium.com"': "it holds a quotation mark",
    "https://<tenant>.elium.com": FILLED_IN,
    "https://{tenant}.elium.com": FILLED_IN,
    "{tenant}": FILLED_IN,
    "https://*": FILLED_IN,
    "https://*.elium.com": FILLED_IN,
    "https://$TENANT.elium.com": FILLED_IN,
    "https://élium.example": "it holds letters beyond ASCII",
    "https://acme.elium.com\uff1a443": "it holds letters beyond ASCII",
    "https://acme.elium.com\u200b": "it holds letters beyond ASCII",
    "https://acme.elium.com\\scim\\v2": "it holds a backslash",
    "https:\\\\acme.elium.com": "it holds a backslash",
    "https://a.example,https://b.example": "it is more than one address",
    "https://a.example;b.example": "it is more than one address",
    "https://acme.elium.com#": FRAGMENT,
    "https://acme.elium.com/#/admin/security": FRAGMENT,
    "acme.elium.com": "the scheme is missing",
    "acme": "the scheme is missing",
    "acme.elium.com:443": "the scheme is missing",
    "//acme.elium.com": "the scheme is missing",
    "ftp://acme.elium.com": SCHEME,
    "ldaps://acme.elium.com": SCHEME,
    "htps://acme.elium.com": SCHEME,
    "file:///etc/passwd": SCHEME,
    "https:acme.elium.com": SLASHES,
    "https:/acme.elium.com": SLASHES,
    "https:///acme.elium.com": SLASHES,
    "https://": SLASHES,
    "https://ada:pass@acme.elium.com": USER_PART,
    "https://@acme.elium.com": USER_PART,
    "https://acme.elium.com@evil.example": USER_PART,
    "https://:443": "the host is missing",
    "https://?aadOptscim062020": "the host is missing",
    "https://acme.elium.com:abc": PORT,
    "https://acme.elium.com:99999": PORT,
    "https://acme.elium.com:0": PORT,
    "https://acme.elium.com:-1": PORT,
    "https://acme.elium.com:": PORT,
    "https://https://acme.elium.com": PORT,
    "http://localhost:.evil.com": PORT,
    "http://localhost:80.evil.com": PORT,
    "https://[::1": BRACKETS,
    "https://::1]": BRACKETS,
    "https://[::1]evil.example": BRACKETS,
    "https://::1": "it has more than one colon behind its host",
    "https://acme.elium.com:443:443": "it has more than one colon behind its host",
    "https://[::g]": BRACKETS,
    "https://[fe80::1%eth0]": BRACKETS,
    "https://[::]": IP_ADDRESS,
    "https://0.0.0.0": IP_ADDRESS,
    "https://224.0.0.1": IP_ADDRESS,
    "https://1.2.3": IP_ADDRESS,
    "https://999.1.1.1": IP_ADDRESS,
    "https://0x7f.1": IP_ADDRESS,
    "https://acme..elium.com": HOST,
    "https://acme.elium.com.": HOST,
    "https://-acme.elium.com": HOST,
    "https://acme_elium.com": HOST,
    "https://acme%2eelium.com": HOST,
    f"https://{'a' * 64}.example": HOST,
    f"https://{'a.' * 127}example": HOST,
    "https://acme": "the host has no domain, so Entra cannot find it",
    "https://acme.elium.com/admin": PATH,
    "https://acme.elium.com/admin?tab=security": PATH,
    "https://acme.elium.com/scim/v2/Users": PATH,
    "https://acme.elium.com/scim/v1": PATH,
    "https://acme.elium.com/scim/v2&aadOptscim062020": PATH,
    "https://acme.elium.com/scim/v2/scim/v2": TWICE,
    "https://acme.elium.com/scim/scim": TWICE,
    "http://localhost/scim/v3": TWICE,
    "https://acme.elium.com//scim/v2": SEGMENTS,
    "https://acme.elium.com/../scim/v2": SEGMENTS,
    "https://acme.elium.com/a%20b/scim": SEGMENTS,
    "https://acme.elium.com?aadOptscim062020=true": "aadOptscim062020 in its query is not a flag that Entra reads",
    "https://acme.elium.com?aadOptscim062020?tab=1": "what stands in its query is not a flag that Entra reads",
}


@pytest.mark.parametrize(("written", "address"), MEANT.items(), ids=MEANT)
def test_what_is_plainly_meant_is_taken(written: str, address: str) -> None:
    assert base_address_of(written, SCIM) == address


@pytest.mark.parametrize("address", sorted(set(MEANT.values())))
def test_an_address_that_was_taken_stays_as_it_is(address: str) -> None:
    assert base_address_of(address, SCIM) == address


@pytest.mark.parametrize(("written", "part"), REFUSED.items(), ids=range(len(REFUSED)))
def test_what_cannot_be_is_refused_with_the_part(written: str, part: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        base_address_of(written, SCIM)

    assert refusal.value.message == f"cannot be a SCIM address: {part}."
    assert refusal.value.hint.endswith(".")


@pytest.mark.parametrize("written", ["http://acme.elium.com", "HTTP://localhost.elium.com", "http://192.168.0.7"])
def test_an_unencrypted_address_elsewhere_is_refused(written: str) -> None:
    with pytest.raises(ConfigurationError, match="is not encrypted"):
        base_address_of(written, SCIM)


@pytest.mark.parametrize(
    "written",
    [
        "https://ada:canary@acme.elium.com",
        "https://canary@acme.elium.com",
        "https://acme.elium.com?token=canary",
        "https://acme.elium.com?canary",
        "https://acme.elium.com?canary==",
        "https://acme.elium.com/canary",
        "https://acme.elium.com#canary",
        "canary",
        "canary://acme.elium.com",
        "https://canary",
        "https://acme.elium.com:canary",
        "http://acme.elium.com/canary?token=canary",
    ],
)
def test_no_sentence_repeats_what_may_be_a_secret(written: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        base_address_of(written, SCIM)

    assert "canary" not in f"{refusal.value.message} {refusal.value.hint}"


def test_what_a_query_says_is_refused_by_its_name() -> None:
    with pytest.raises(ConfigurationError, match="token in its query is not a flag that Entra reads"):
        base_address_of("https://acme.elium.com?token=canary", SCIM)


def test_an_address_that_is_whole_already_is_taken_as_it_is() -> None:
    written = ["https://acme.example.com/v1/scim/", "https://acme.example.com", "http://127.0.0.1:8443/a/b"]

    assert [*map(address_of, written)] == [each.rstrip("/") for each in written]


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        ("", ""),
        ("https://acme.elium.com/scim/v2", "https://acme.elium.com/scim/v2"),
        ("https://acme.elium.com/scim/v2?aadOptscim062020", "https://acme.elium.com/scim/v2?aadOptscim062020"),
        ("https://acme.elium.com/scim/v2?token=canary", "https://acme.elium.com/scim/v2?***"),
        ("https://acme.elium.com/scim/v2?canary", "https://acme.elium.com/scim/v2?***"),
        ("https://acme.elium.com/scim/v2?aadOptscim062020&key=canary", "https://acme.elium.com/scim/v2?***"),
        ("https://acme.elium.com/scim/v2#canary", "https://acme.elium.com/scim/v2#***"),
        ("https://canary@acme.elium.com/scim/v2", "https://***@acme.elium.com/scim/v2"),
        ("https://ada:can/ary@acme.elium.com?canary", "https://***@acme.elium.com?***"),
        ("no address at all?canary", "no address at all?***"),
    ],
)
def test_what_can_hold_a_secret_in_an_address_of_the_service_is_hidden(held: str, shown: str) -> None:
    assert shown_address(held) == shown
