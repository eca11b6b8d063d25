"""The key that signs tokens, and how it is published. Which token is signed is not decided here."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

if TYPE_CHECKING:
    from emulator.company.store import JsonObject

_KEY_BITS = 2048


@dataclass(frozen=True)
class SigningKey:
    """An RSA key with the name that tokens call it by."""

    private: rsa.RSAPrivateKey

    @cached_property
    def id(self) -> str:
        """Name the key: the thumbprint of its public half."""
        return _url_base64(hashlib.sha256(self._public_der()).digest())[:27]

    def as_jwk(self) -> JsonObject:
        """Describe the public half as the key list of OpenID Connect does (RFC 7517)."""
        numbers = self.private.public_key().public_numbers()
        return {
            "kty": "RSA",
            "use": "sig",
            "kid": self.id,
            "x5t": self.id,
            "n": _url_base64(_as_bytes(numbers.n)),
            "e": _url_base64(_as_bytes(numbers.e)),
        }

    def as_pem(self) -> bytes:
        """Write the private key, to be kept in the state folder."""
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @classmethod
    def from_pem(cls, pem: bytes) -> SigningKey:
        """Read a private key back. :raises ValueError: when it is not one."""
        private = serialization.load_pem_private_key(pem, password=None)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise TypeError("The signing key must be an RSA key.")
        return cls(private)

    def _public_der(self) -> bytes:
        return self.private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )


@cache
def key_of_this_process() -> SigningKey:
    """Make a key once; every emulator of the process signs with it unless it was given another."""
    return SigningKey(rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS))


def _as_bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _url_base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
