from __future__ import annotations

from pathlib import Path

import pytest
from builders import TOKEN

from provisioning.errors import ConfigurationError
from provisioning.model.credentials import UNTOLD, Fingerprint, SecretToken
from provisioning.provider.tokens import SeenTokens


def fingerprint_of(token: str, salt: bytes = b"salt") -> str:
    return str(Fingerprint.of(SecretToken(token), salt=salt))


@pytest.fixture
def tokens() -> SeenTokens:
    return SeenTokens({"ELIUM": TOKEN})


def test_a_token_is_found_again_by_its_fingerprint(tokens: SeenTokens) -> None:
    fingerprint = tokens.fingerprint(TOKEN, before=None, salt=b"salt")

    assert tokens.token(fingerprint) == SecretToken(TOKEN)
    assert TOKEN not in fingerprint


def test_the_same_token_keeps_its_fingerprint_whatever_the_salt(tokens: SeenTokens) -> None:
    before = fingerprint_of(TOKEN, b"earlier")

    assert tokens.fingerprint(TOKEN, before=before, salt=b"salt") == before


def test_another_token_gets_another_fingerprint(tokens: SeenTokens) -> None:
    before = fingerprint_of("the-token-of-last-year")

    assert tokens.fingerprint(TOKEN, before=before, salt=b"salt") != before


def test_both_resources_of_a_process_get_one_fingerprint_for_one_token(tokens: SeenTokens) -> None:
    of_plan = tokens.fingerprint(TOKEN, before=None, salt=b"of the plan")

    assert tokens.fingerprint(TOKEN, before=None, salt=b"of the job") == of_plan


@pytest.mark.parametrize("written", [UNTOLD, fingerprint_of(TOKEN)])
def test_what_comes_back_from_the_state_passes_as_it_is(tokens: SeenTokens, written: str) -> None:
    assert tokens.fingerprint(written, before=None, salt=b"other") == written
    with pytest.raises(ConfigurationError):
        tokens.token(written)


def test_a_token_may_lie_in_a_variable(tokens: SeenTokens) -> None:
    fingerprint = tokens.fingerprint("env:ELIUM", before=None, salt=b"salt")

    assert fingerprint == fingerprint_of(TOKEN)
    assert tokens.token(fingerprint) == SecretToken(TOKEN)


def test_a_token_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n", encoding="utf-8")

    written = f"file:{tmp_path / 'token'}"

    assert SeenTokens({}).fingerprint(written, before=None, salt=b"salt") == fingerprint_of(TOKEN)


def test_another_token_in_the_same_variable_is_another_one() -> None:
    before = SeenTokens({"ELIUM": "the-token-of-last-year"}).fingerprint("env:ELIUM", before=None, salt=b"salt")

    assert SeenTokens({"ELIUM": TOKEN}).fingerprint("env:ELIUM", before=before, salt=b"salt") == fingerprint_of(TOKEN)


def test_the_same_token_from_another_source_is_the_same() -> None:
    before = SeenTokens({"ELIUM": TOKEN}).fingerprint("env:ELIUM", before=None, salt=b"salt")

    assert SeenTokens({}).fingerprint(TOKEN, before=before, salt=b"other") == before


def test_a_source_that_is_not_there_is_named() -> None:
    with pytest.raises(ConfigurationError, match="the variable ELIUM is not set"):
        SeenTokens({}).fingerprint("env:ELIUM", before=None, salt=b"salt")


def test_a_token_that_no_program_gave_is_said_to_be_unknown(tokens: SeenTokens) -> None:
    with pytest.raises(ConfigurationError, match="only its fingerprint") as error:
        tokens.token(fingerprint_of(TOKEN))

    assert error.value.hint == "Run `pulumi up` with the program that declares the token."


def test_no_rendering_shows_what_was_seen() -> None:
    tokens = SeenTokens({})
    tokens.fingerprint(TOKEN, before=None, salt=b"salt")

    assert TOKEN not in f"{tokens!r} {tokens} {vars(tokens)}"
