"""Elium's token between ``check`` and ``create``: in this process's memory, and nowhere else.

Pulumi stores the inputs that ``check`` returns. So ``check`` keeps the token here and returns its fingerprint, and
``create`` or ``update`` of the same process finds the token again. The program runs anew for a preview and for an
update, so each process sees the token in a ``check`` of its own.
"""

from __future__ import annotations

from provisioning.errors import ConfigurationError
from provisioning.model.credentials import Fingerprint, SecretToken

UNTOLD = "not known: the job was imported"
"""What stands in for the fingerprint of a token that the service holds and never shows, until a program declares it."""


class SeenTokens:
    """The tokens that this process has seen, by fingerprint."""

    def __init__(self) -> None:
        self._tokens: dict[str, SecretToken] = {}

    def fingerprint(self, written: str, *, before: str | None, salt: bytes) -> str:
        """Keep a token and give its fingerprint: the one of *before* when it fits, so that nothing seems to change.

        A fingerprint that comes back from the state passes as it is.
        """
        if written == UNTOLD or Fingerprint.parse(written):
            return written
        token = SecretToken(written)
        known = Fingerprint.parse(before or "")
        fingerprint = known if known and known.fits(token) else Fingerprint.of(token, salt=salt)
        self._tokens[str(fingerprint)] = token
        return str(fingerprint)

    def token(self, fingerprint: str) -> SecretToken:
        """Find the token again.

        :raises ConfigurationError: when no program gave it to this process.
        """
        if fingerprint not in self._tokens:
            raise ConfigurationError(
                "Elium's secret token is not known here, only its fingerprint.",
                hint="Run `pulumi up` with the program that declares the token.",
            )
        return self._tokens[fingerprint]
