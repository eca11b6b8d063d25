"""What Entra needs to reach Elium: an address and a token that cannot be printed."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from provisioning.errors import ConfigurationError

_SALT_BYTES = 8
_DIGEST_BYTES = 16
_COST = 2**14


@dataclass(frozen=True, slots=True, repr=False)
class SecretToken:
    """Elium's SCIM token. Only :meth:`reveal` shows it."""

    _value: str = field(repr=False)

    def reveal(self) -> str:
        """Give the token itself, to be sent and dropped."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "SecretToken(***)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the state keeps in place of a token: enough to tell whether it changed, too little to find it.

    Written ``scrypt:<salt>:<digest>``, both in hexadecimal. The salt is new with each new token, so equal tokens of two
    environments do not look alike, and scrypt makes guessing a short token slow.
    """

    salt: bytes
    digest: bytes

    @classmethod
    def of(cls, token: SecretToken, *, salt: bytes) -> Fingerprint:
        """Take the fingerprint of a token. *salt* is any random bytes; eight of them are used."""
        short = hashlib.sha256(salt).digest()[:_SALT_BYTES]
        digest = hashlib.scrypt(token.reveal().encode(), salt=short, n=_COST, r=8, p=1, dklen=_DIGEST_BYTES)
        return cls(short, digest)

    @classmethod
    def parse(cls, text: str) -> Fingerprint | None:
        """Read a fingerprint; ``None`` when *text* is something else, such as a token."""
        match text.split(":"):
            case ["scrypt", salt, digest] if len(salt) == 2 * _SALT_BYTES and len(digest) == 2 * _DIGEST_BYTES:
                try:
                    return cls(bytes.fromhex(salt), bytes.fromhex(digest))
                except ValueError:
                    return None
        return None

    def fits(self, token: SecretToken) -> bool:
        """Tell whether this is the fingerprint of *token*."""
        digest = hashlib.scrypt(token.reveal().encode(), salt=self.salt, n=_COST, r=8, p=1, dklen=_DIGEST_BYTES)
        return hmac.compare_digest(digest, self.digest)

    def __str__(self) -> str:
        return f"scrypt:{self.salt.hex()}:{self.digest.hex()}"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Address and token, as Entra's *Admin Credentials* section asks for them."""

    base_address: str
    """Where Elium answers SCIM, such as ``https://acme.elium.com/scim/v2`` (Learn: elium-provisioning-tutorial)."""

    token: SecretToken


SCIM_PATH = "/scim/v2"
"""What the tutorial puts behind the tenant URL (Learn: elium-provisioning-tutorial, step 5)."""

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def base_address_of(tenant_url: str) -> str:
    """Turn the tenant URL that Elium's security page shows into the address that Entra calls.

    A trailing slash and an already added ``/scim/v2`` are accepted. A query, such as ``?aadOptscim062020``, is kept:
    Entra reads flags there (Learn: application-provisioning-config-problem-scim-compatibility).

    :raises ConfigurationError: when it is no address, or an unencrypted one that leaves this machine.
    """
    address, mark, flags = tenant_url.strip().partition("?")
    scheme, separator, rest = address.partition("://")
    host = rest.partition("/")[0]
    if not separator or scheme.lower() not in {"http", "https"} or not host or " " in address or "@" in host:
        raise ConfigurationError(
            f"{tenant_url!r} is not a web address.", hint="Write it as Elium shows it, such as https://acme.elium.com."
        )
    if scheme.lower() == "http" and host.rpartition(":")[0] not in _LOOPBACK and host not in _LOOPBACK:
        raise ConfigurationError(
            f"{tenant_url!r} is not encrypted, so the token could be read on its way.",
            hint=f"Write https://{rest} instead.",
        )
    return f"{address.rstrip('/').removesuffix(SCIM_PATH).rstrip('/')}{SCIM_PATH}{mark}{flags}"
