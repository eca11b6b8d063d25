"""Where a token lies: written in one way, and never the token."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from provisioning.errors import ConfigurationError
from provisioning.model.credentials import SecretToken
from provisioning.operations.deployed import Ended
from provisioning.operations.token_reference import Here, Place, TokenReference

TOKEN = "s3cr3t-t0k3n-0123456789"


def printing(said: str, code: int = 0) -> Here:
    """Make a place whose commands print what is given, and remember nothing."""

    def run(command: Sequence[str], folder: Path) -> Ended:
        assert (command, folder) == (["vault", "read it"], Path("/project"))
        return Ended(code, said, TOKEN)

    return Here({"NAME": TOKEN}, Path("/project"), run)


def followed(text: str, here: Here) -> SecretToken:
    return TokenReference.parse(text, written="tenants.yaml: acme.token").token(here)


def test_every_place_can_be_written() -> None:
    for place in Place:
        name = "https://acme.vault.azure.net/secrets/token" if place is Place.KEY_VAULT else "X"
        assert TokenReference.parse(f"{place.value}:{name}", written="here").place is place


def test_a_command_is_split_into_words_and_the_end_of_its_line_is_not_the_token_s() -> None:
    assert followed("command:vault 'read it'", printing(f"{TOKEN}\r\n")) == SecretToken(TOKEN)


@pytest.mark.parametrize("text", [TOKEN, f"{TOKEN}:", f"vault:{TOKEN}", "", f"Bearer {TOKEN}"])
def test_what_may_be_the_token_itself_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        followed(text, printing(""))

    assert refused.value.message == "tenants.yaml: acme.token does not say where the token is found."
    assert TOKEN not in f"{refused.value.message} {refused.value.hint}"


@pytest.mark.parametrize(
    ("said", "code", "sentence"),
    [(TOKEN, 1, "vault ended with 1."), (f"Bearer {TOKEN}", 0, "what the command prints begins with a word")],
)
def test_nothing_that_a_command_says_is_repeated(said: str, code: int, sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^tenants.yaml: acme.token: {sentence}") as refused:
        followed("command:vault 'read it'", printing(said, code))

    assert TOKEN not in f"{refused.value.message} {refused.value.hint} {refused.value.__cause__}"
