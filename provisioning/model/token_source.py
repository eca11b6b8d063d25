"""Where a token lies, in place of the token: what travels through engine, logs and state is then a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath, PureWindowsPath
from typing import Self

from provisioning.errors import ConfigurationError
from provisioning.model.credentials import SecretToken, secret_token_of

_WRITTEN = re.compile(r"(env|file|sealed):(.*)", re.IGNORECASE | re.DOTALL)
_KEPT = "kept"
_SEALED = re.compile(r"([0-9a-f]*):(.*)")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class SourceKind(Enum):
    """What a token can be read from."""

    ENVIRONMENT = "env"
    FILE = "file"
    SEALED = "sealed"
    """Not written by people: the token, and a file with the pad that opens it (:mod:`provisioning.sealing`)."""
    KEPT = _KEPT
    """The token that Entra holds, which it never shows: it stays, and nothing that is saved with it can be changed."""


@dataclass(frozen=True, slots=True)
class TokenSource:
    """A variable or a file that holds the token, written ``env:NAME`` or ``file:/path``; or ``kept``.

    >>> TokenSource.parse("env:ELIUM_SECRET_TOKEN")
    TokenSource(kind=<SourceKind.ENVIRONMENT: 'env'>, name='ELIUM_SECRET_TOKEN')
    >>> TokenSource.parse("a token") is None
    True
    """

    kind: SourceKind
    name: str
    """Of the variable, or the absolute path of the file: that with the token, or that with its pad. Empty for a token
    that is kept."""
    held: str = ""
    """The sealed token, in hexadecimal digits."""

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read the form in which a source is written; ``None`` when *text* is something else, such as a token.

        :raises ConfigurationError: when it is a source, but names nothing that could be read.
        """
        if text.lower() == _KEPT:
            return cls(SourceKind.KEPT, "")
        match = _WRITTEN.fullmatch(text)
        if not match:
            return None
        kind, name = SourceKind(match[1].lower()), match[2]
        if kind is SourceKind.ENVIRONMENT and not _VARIABLE.fullmatch(name):
            raise ConfigurationError(
                "names a variable that cannot be.", hint="Write env: and its name, such as env:ELIUM_SECRET_TOKEN."
            )
        if kind is SourceKind.ENVIRONMENT:
            return cls(kind, name)
        held, path = _parted(name) if kind is SourceKind.SEALED else ("", name)
        return cls(kind, _path(path), held)

    def __str__(self) -> str:
        return ":".join(filter(None, (self.kind.value, self.held, self.name)))

    @property
    def title(self) -> str:
        """What sentences call it."""
        if self.kind is SourceKind.KEPT:
            return "the token"
        return f"the {'variable' if self.kind is SourceKind.ENVIRONMENT else 'file'} {self.name}"


INSTEAD_OF_KEPT = "Write the token, env: and a name, or file: and a path, in place of kept."


def resolve(source: TokenSource, environment: Mapping[str, str], read_file: Callable[[str], str]) -> SecretToken:
    """Read the token. *read_file* gives the text of a path; line breaks at the end of a file are not the token's.

    :raises ConfigurationError: when variable or file is missing, is empty, or holds what is not a token.
    """
    try:
        return secret_token_of(_text_in(source, environment, read_file))
    except ConfigurationError as error:
        raise ConfigurationError(f"{source.title} {error.message}", hint=error.hint) from error


def _text_in(source: TokenSource, environment: Mapping[str, str], read_file: Callable[[str], str]) -> str:
    if source.kind is SourceKind.KEPT:
        raise ConfigurationError("is kept as Entra has it, and is not known here.", hint=INSTEAD_OF_KEPT)
    if source.kind is SourceKind.ENVIRONMENT:
        if source.name not in environment:
            raise ConfigurationError("is not set.", hint="Set it where Pulumi runs, from a vault.")
        return environment[source.name]
    try:
        text = read_file(source.name).rstrip("\r\n")
        return _turned(bytes.fromhex(source.held), bytes.fromhex(text)).decode() if source.held else text
    except OSError as error:
        raise ConfigurationError(
            f"cannot be read: {error.strerror or type(error).__name__}.", hint="Correct the path, or its permissions."
        ) from error
    except ValueError:
        # Not chained: the error may hold the bytes of the file.
        raise ConfigurationError("is not a text.", hint="Write the token into it, and nothing else.") from None


def sealed_with(pad: bytes, token: bytes, path: str) -> TokenSource:
    """Seal a token with a pad of its length that nothing else is sealed with; *path* is where the pad lies."""
    return TokenSource(SourceKind.SEALED, path, _turned(token, pad).hex())


def _turned(data: bytes, pad: bytes) -> bytes:
    """Add a pad, or take it away again (Vernam)."""
    return bytes(one ^ other for one, other in zip(data, pad, strict=True))


def _parted(written: str) -> tuple[str, str]:
    match = _SEALED.fullmatch(written)
    if match is None:
        raise ConfigurationError(
            "is sealed by nobody here.", hint="Write the token, env: and a name, or file: and a path."
        )
    return match[1], match[2]


def _path(written: str) -> str:
    """Read a path, of this system or of Windows, with or without the two slashes of a file URL."""
    path = written.removeprefix("//") if written.startswith("///") else written
    is_absolute = PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()
    if not is_absolute or not path.isprintable():
        raise ConfigurationError(
            "names a file without its whole path, but the plugin may run in another directory.",
            hint="Write file: and the whole path, such as file:/run/secrets/elium.",
        )
    return path
