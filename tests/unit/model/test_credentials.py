from __future__ import annotations

import pytest

from provisioning.errors import ConfigurationError
from provisioning.model.credentials import LONGEST_TOKEN, Fingerprint, SecretToken, secret_token_of


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
def test_what_is_not_a_fingerprint_is_taken_for_none(text: str) -> None:
    assert Fingerprint.parse(text) is None


def test_an_empty_token_is_none() -> None:
    assert [bool(SecretToken(text)) for text in ("", "one")] == [False, True]


TAKEN = [
    "canary-token-5up3rs3cr3t",
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln",
    "1|aB3xYz",
    "c2VjcmV0==",
    "$2b$10$abc",
    "bearer-of-news",
    "x",
    "a" * LONGEST_TOKEN,
]

REFUSED = {
    "": "is empty.",
    " \t\n": "is empty.",
    " secret": "begins or ends with a blank or a line break.",
    "secret\n": "begins or ends with a blank or a line break.",
    "\u00a0secret": "begins or ends with a blank or a line break.",
    "Bearer secret": "begins with a word that Entra writes itself: Bearer.",
    "bearer:secret": "begins with a word that Entra writes itself: Bearer.",
    "Bearer": "begins with a word that Entra writes itself: Bearer.",
    "Authorization: Bearer secret": "begins with a word that Entra writes itself: Bearer.",
    '"secret"': "has a quotation mark around it.",
    "'secret": "has a quotation mark around it.",
    "\u201csecret\u201d": "has a quotation mark around it.",
    "`secret`": "has a quotation mark around it.",
    "<secret token>": "is a placeholder.",
    "[secret]": "is a placeholder.",
    "{{token}}": "is a placeholder.",
    "%SECRET%": "is a placeholder.",
    "${SECRET}": "is a variable that nobody replaced.",
    "${{ secrets.SECRET }}": "is a variable that nobody replaced.",
    "$SECRET": "is a variable that nobody replaced.",
    "$(cat secret)": "is a variable that nobody replaced.",
    "$env:SECRET": "is a variable that nobody replaced.",
    "#{SECRET}#": "is a variable that nobody replaced.",
    "null": "is a word that stands where nobody has put the token yet.",
    "undefined": "is a word that stands where nobody has put the token yet.",
    "CHANGEME": "is a word that stands where nobody has put the token yet.",
    "*": "is a mask, not the token behind it.",
    "***": "is a mask, not the token behind it.",
    "\u2022\u2022\u2022\u2022": "is a mask, not the token behind it.",
    "...": "is a mask, not the token behind it.",
    "xxxx-xxxx": "is a mask, not the token behind it.",
    "https://secret.elium.com": "is an address.",
    "v1:c2VjcmV0:c2VjcmV0": "is what Pulumi writes for an encrypted value.",
    f"scrypt:{'5e' * 8}:{'5e' * 16}": "is a token's fingerprint.",
    "sec\nret": "holds a line break or another control character.",
    "sec\x00ret": "holds a line break or another control character.",
    "secret\x7f": "holds a line break or another control character.",
    "sec ret": "holds a blank.",
    "s\u00e9cret": "holds letters beyond ASCII, which a header cannot carry.",
    "secret\u200b": "holds letters beyond ASCII, which a header cannot carry.",
    "a" * (LONGEST_TOKEN + 1): f"has more than {LONGEST_TOKEN:,} characters.",
}


@pytest.mark.parametrize("text", TAKEN, ids=range(len(TAKEN)))
def test_what_may_be_a_token_is_taken_as_it_is(text: str) -> None:
    assert secret_token_of(text).reveal() == text


@pytest.mark.parametrize(("text", "problem"), REFUSED.items(), ids=range(len(REFUSED)))
def test_what_people_paste_in_its_place_is_refused_and_not_repeated(text: str, problem: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        secret_token_of(text)

    assert refusal.value.message == problem
    assert refusal.value.hint.endswith(".")
    assert "secret" not in f"{refusal.value.message} {refusal.value.hint}".replace("--secret", "").lower()


def test_what_is_kept_nowhere_tells_tokens_apart_in_the_same_form_and_fits_none() -> None:
    one, other = (Fingerprint.unkept(SecretToken(text), salt=b"salt") for text in ("one-token", "another"))

    assert one != other
    assert one == Fingerprint.unkept(SecretToken("one-token"), salt=b"salt")
    assert Fingerprint.parse(str(one)) == one
    assert not one.fits(SecretToken("one-token"))
