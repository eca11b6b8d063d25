"""The certificate authority that the emulator makes for itself, and the folder where it is kept.

The authority stays the same from start to start while it is valid, so that clients are told about it once. Its private
key never leaves the folder, which only its owner may read.
"""

from __future__ import annotations

import os
import re
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from emulator.identity.keys import SigningKey, key_of_this_process
from emulator.web.environment import JAVA_PASSWORD, JAVA_TRUST

if TYPE_CHECKING:
    from pathlib import Path

_NAMES = ("localhost", "127.0.0.1", "::1")
_LEFT = timedelta(days=2)
"""An authority with less time left than this is replaced."""


_LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_HOST_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*", re.IGNORECASE)


def is_host_name(text: str) -> bool:
    """Tell whether a certificate can carry a name."""
    return _HOST_NAME.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class StateFolder:
    """What is kept from start to start: the authority, the key that signs tokens, the environment of this run."""

    path: Path
    names: tuple[str, ...] = ()
    """Host names that the certificate carries beside those of loopback, for programs with Microsoft's written in."""

    @property
    def java_trust_file(self) -> Path:
        """The same certificate as a PKCS #12 trust store, for Java."""
        return self.path / JAVA_TRUST

    @property
    def ca_file(self) -> Path:
        """The authority's certificate, for clients."""
        return self.path / "ca.pem"

    @property
    def environment_file(self) -> Path:
        """Shell lines that point clients here; readable by the owner only, because a secret is in it."""
        return self.path / "environment"

    def server_context(self) -> ssl.SSLContext:
        """Make what a TLS server needs: a fresh certificate for loopback, signed by the kept authority."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        authority = self._authority()
        authority.issue_cert(*_NAMES, *self.names).configure_cert(context)
        self._write_java_trust(authority)
        return context

    def signing_key(self) -> SigningKey:
        """Give the key that signs tokens, so that tokens of an earlier run still hold."""
        file = self.path / "signing-key.pem"
        try:
            return SigningKey.from_pem(file.read_bytes())
        except (OSError, ValueError, TypeError):
            key = key_of_this_process()
            self.write_private(file, key.as_pem())
            return key

    def write_private(self, file: Path, content: bytes) -> None:
        """Write a file that only its owner may read, all of it or nothing."""
        self._make()
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        draft.replace(file)

    def withdraw(self, file: Path, content: bytes) -> None:
        """Remove a file, unless somebody else wrote it anew in the meantime."""
        if file.exists() and file.read_bytes() == content:
            file.unlink()

    def _authority(self) -> trustme.CA:
        key_file = self.path / "ca-key.pem"
        try:
            certificate, key = self.ca_file.read_bytes(), key_file.read_bytes()
            if x509.load_pem_x509_certificate(certificate).not_valid_after_utc > datetime.now(UTC) + _LEFT:
                return trustme.CA.from_pem(certificate, key)
        except (OSError, ValueError):
            pass  # There is none yet, or it was half written: a new one is made.
        authority = trustme.CA(organization_name="The pretend Entra", organization_unit_name="loopback only")
        self.write_private(key_file, authority.private_key_pem.bytes())
        self.write_private(self.ca_file, authority.cert_pem.bytes())
        return authority

    def _write_java_trust(self, authority: trustme.CA) -> None:
        certificate = x509.load_pem_x509_certificate(authority.cert_pem.bytes())
        held = [pkcs12.PKCS12Certificate(certificate, b"the pretend entra")]
        password = serialization.BestAvailableEncryption(JAVA_PASSWORD.encode())
        self.write_private(self.java_trust_file, pkcs12.serialize_java_truststore(held, password))

    def _make(self) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
