"""The app's token between ``check`` and ``create``: in this process's memory, and nowhere else.

Pulumi stores the inputs that ``check`` returns. So ``check`` keeps the token here and returns its fingerprint, and
``create`` or ``update`` of the same process finds the token again. The program runs anew for a preview and for an
update, so each process sees the token in a ``check`` of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from provisioning.errors import ConfigurationError
from provisioning.model.credentials import UNTOLD, Fingerprint, SecretToken
from provisioning.model.token_source import SourceKind, TokenSource, resolve


def _text_of(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


def _slowly(token: SecretToken, salt: bytes) -> Fingerprint:
    return Fingerprint.of(token, salt=salt)


class SeenTokens:
    """The tokens that this process has seen, by fingerprint."""

    def __init__(
        self,
        environment: Mapping[str, str],
        read_file: Callable[[str], str] = _text_of,
        *,
        take: Callable[[SecretToken, bytes], Fingerprint] = _slowly,
    ) -> None:
        """Keep nothing yet. *environment* and *read_file* are where a token may lie whose source is named.

        *take* takes the fingerprint of a token that is new, with a salt; a look that stores none may take it quickly.
        """
        self._take = take
        self._environment = environment
        self._read_file = read_file
        self._tokens: dict[str, SecretToken] = {}
        self._kept: set[str] = set()

    def fingerprint(self, written: str, *, before: str | None, salt: bytes) -> str:
        """Keep a token and give its fingerprint: the one of *before* when it fits, so that nothing seems to change.

        *written* is the token, or where it lies. A fingerprint that comes back from the state passes as it is. Of a
        token that is kept there is none, unless it was known before.

        :raises ConfigurationError: when the token is not where it should lie.
        """
        if written == UNTOLD or Fingerprint.parse(written):
            return written
        source = TokenSource.parse(written)
        if source is not None and source.kind is SourceKind.KEPT:
            self._kept.add(before or UNTOLD)
            return before or UNTOLD
        token = self._read(source) if source else SecretToken(written)
        # The other resource of a program has it already, as a rule: taking a fingerprint is slow on purpose.
        if before and self._tokens.get(before) == token:
            return before
        known = Fingerprint.parse(before or "")
        fingerprint = known if known and known.fits(token) else self._known(token) or self._take(token, salt)
        self._tokens[str(fingerprint)] = token
        return str(fingerprint)

    def _read(self, source: TokenSource) -> SecretToken:
        try:
            return resolve(source, self._environment, self._read_file)
        except ConfigurationError as error:
            raise ConfigurationError(f"secretToken: {error.message} {error.hint}".strip()) from error

    def token(self, fingerprint: str) -> SecretToken | None:
        """Find the token again; ``None`` when it is kept as the service has it.

        :raises ConfigurationError: when no program gave it to this process.
        """
        if fingerprint in self._kept:
            return None
        if fingerprint not in self._tokens:
            raise ConfigurationError(
                "The app's secret token is not known here, only its fingerprint.",
                hint="Run `pulumi up` with the program that declares the token.",
            )
        return self._tokens[fingerprint]

    def is_kept(self, fingerprint: object) -> bool:
        """Tell whether the token stays as the service has it, so that nobody here could save it."""
        return fingerprint in self._kept

    def _known(self, token: SecretToken) -> Fingerprint | None:
        """Find the fingerprint that another resource of this process has of the same token."""
        found = next((text for text, seen in self._tokens.items() if seen == token), "")
        return Fingerprint.parse(found)
