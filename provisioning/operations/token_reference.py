"""Where a token lies, written in one way wherever one is asked for: a variable, a file, a command or a vault.

The token itself is never written there: of a command line every process of the machine could read it, and a file of
settings is kept in a history. What the *plugin* is told is :class:`~provisioning.model.token_source.TokenSource`, which
has no commands: it would run them in every preview, with what the engine lets it have.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Self, assert_never

from provisioning.errors import ConfigurationError
from provisioning.graph.key_vault import VaultSecret
from provisioning.model.credentials import SecretToken, secret_token_of
from provisioning.model.token_source import SourceKind, TokenSource, resolve
from provisioning.operations.deployed import Run


class Place(Enum):
    """Where a token can lie. Another vault is a row here and a case of :meth:`TokenReference.token`."""

    ENVIRONMENT = "env"
    FILE = "file"
    COMMAND = "command"
    KEY_VAULT = "keyvault"


FORMS = "env:NAME, file:PATH, command:LINE or keyvault:https://NAME.vault.azure.net/secrets/SECRET"


@dataclass(frozen=True, slots=True)
class Here:
    """From where a reference is followed."""

    environment: Mapping[str, str]
    folder: Path
    """What a path without its beginning is below, and where commands run."""
    run: Run


@dataclass(frozen=True, slots=True)
class TokenReference:
    """Where a token lies.

    >>> TokenReference.parse("env:ELIUM_SECRET_TOKEN", written="--new-token")
    TokenReference(place=<Place.ENVIRONMENT: 'env'>, name='ELIUM_SECRET_TOKEN', written='--new-token')
    """

    place: Place
    name: str
    """Of the variable or the file; the address of a vault's secret; or the command line, which is run without a shell
    and prints the token."""
    written: str
    """Where the reference was written, as sentences call it, such as ``--new-token``."""

    @classmethod
    def parse(cls, text: str, *, written: str) -> Self:
        """Read a reference.

        :raises ConfigurationError: when it is something else. It may be the token, so it is not repeated.
        """
        place, mark, name = text.partition(":")
        if not mark or place.lower() not in {one.value for one in Place}:
            raise ConfigurationError(
                f"{written} does not say where the token is found.",
                hint=f"Write {FORMS}; never the token itself. If it was one, replace it at the app.",
            )
        if place.lower() == Place.KEY_VAULT.value:
            _demand_secret(name, written)
        if not name.strip():
            raise ConfigurationError(f"{written}: nothing stands behind {place.lower()}:.", hint=f"Write {FORMS}.")
        return cls(Place(place.lower()), name, written)

    def token(self, here: Here) -> SecretToken:
        """Follow it.

        :raises ConfigurationError: when the token is not there, or cannot be one; nothing of it is in the sentence.
        """
        try:
            return self._token(here)
        except ConfigurationError as error:
            raise ConfigurationError(f"{self.written}: {error.message}", hint=error.hint) from None

    def _token(self, here: Here) -> SecretToken:
        match self.place:
            case Place.ENVIRONMENT:
                return resolve(TokenSource(SourceKind.ENVIRONMENT, self.name), here.environment, _text_of)
            case Place.FILE:
                path = self.name.removeprefix("//") if self.name.startswith("///") else self.name
                return resolve(TokenSource(SourceKind.FILE, str(here.folder / path)), {}, _text_of)
            case Place.COMMAND:
                return checked("what the command prints", _output_of(self.name, here))
            case Place.KEY_VAULT:
                secret = VaultSecret.parse(self.name)
                return checked(f"the secret {secret.name}", secret.read(here.environment))
            case _:
                assert_never(self.place)


def _demand_secret(address: str, written: str) -> None:
    try:
        VaultSecret.parse(address)
    except ConfigurationError as error:
        raise ConfigurationError(f"{written}: {error.message}", hint=error.hint) from None


def checked(title: str, text: str) -> SecretToken:
    """Take a text for a token.

    :raises ConfigurationError: when it cannot be one; nothing of it is in the sentence.
    """
    try:
        return secret_token_of(text)
    except ConfigurationError as error:
        raise ConfigurationError(f"{title} {error.message}", hint=error.hint) from error


def _output_of(line: str, here: Here) -> str:
    """Run a command without a shell. What it says besides is not repeated: it may be about the token."""
    try:
        words = shlex.split(line)
    except ValueError:
        raise ConfigurationError("a quotation mark is not closed.", hint="Close it.") from None
    try:
        ended = here.run(words, here.folder)
    except OSError as error:
        raise ConfigurationError(
            f"{words[0]} cannot be run: {error.strerror}.", hint="Look whether it is on the PATH."
        ) from None
    if ended.code:
        raise ConfigurationError(
            f"{words[0]} ended with {ended.code}.", hint="Run it by itself, and look what it says."
        )
    return ended.stdout.rstrip("\r\n")


def _text_of(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")
