from __future__ import annotations

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from emulator.identity.keys import SigningKey, key_of_this_process


def test_a_key_survives_being_written() -> None:
    key = key_of_this_process()

    assert key.id == SigningKey.from_pem(key.as_pem()).id


def test_the_published_half_verifies_what_the_private_half_signed() -> None:
    key = key_of_this_process()
    token = jwt.encode({"a": 1}, key.private, "RS256")

    assert jwt.decode(token, jwt.PyJWK(key.as_jwk(), "RS256"), ["RS256"]) == {"a": 1}


def test_a_key_of_another_kind_is_refused() -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    form = serialization.PrivateFormat.PKCS8
    pem = private.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())

    with pytest.raises(TypeError, match="RSA"):
        SigningKey.from_pem(pem)
