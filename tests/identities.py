"""What an application can prove itself with: a secret, a certificate, another issuer's token."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from emulator.company import seed as seeds

if TYPE_CHECKING:
    from pathlib import Path

    from emulator import Seed
    from emulator.web.server import Served

ISSUER, SUBJECT = "https://issuer.example", "repo:contoso/x:environment:dev"


@dataclass(frozen=True, slots=True)
class Identity:
    """What the deployer can prove itself with."""

    tenant: str
    client: str
    secret: str
    certificate_file: str
    token_file: str


@dataclass(frozen=True, slots=True)
class Contract:
    """A served emulator and an identity that it knows."""

    served: Served
    identity: Identity


def equipped(seed: Seed, folder: Path) -> Identity:
    """Give the seed's first application all three proofs, and write down what the clients need."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    deployer = seed.clients[0]
    deployer.certificate = _certificate(key)
    deployer.federated = [seeds.FederationSeed(issuer=ISSUER, subject=SUBJECT, key=_public(key))]
    return Identity(
        seed.tenant.id,
        deployer.app_id,
        deployer.secret or "",
        _written(folder / "ci.pem", _private(key) + deployer.certificate),
        _written(folder / "token", _workload_token(key)),
    )


def _certificate(key: rsa.RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ci")])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def _private(key: rsa.RSAPrivateKey) -> str:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def _public(key: rsa.RSAPrivateKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def _workload_token(key: rsa.RSAPrivateKey) -> str:
    ends = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=10)
    claims = {"iss": ISSUER, "sub": SUBJECT, "aud": "api://AzureADTokenExchange", "exp": ends}
    return jwt.encode(claims, key, "RS256")


def _written(file: Path, text: str) -> str:
    file.write_text(text)
    return str(file)
