"""azure-identity, which nobody here wrote, signs in at the emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jwt
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import CertificateCredential, ClientSecretCredential, WorkloadIdentityCredential
from azure.identity.aio import ClientSecretCredential as AsyncClientSecretCredential

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from identities import Contract

SCOPE = "https://graph.microsoft.com/.default"


def roles_in(token: str) -> list[str]:
    found: list[str] = jwt.decode(token, options={"verify_signature": False})["roles"]
    return found


def signed_in(credential: TokenCredential) -> bool:
    return "Synchronization.ReadWrite.All" in roles_in(credential.get_token(SCOPE).token)


def here(contract: Contract) -> dict[str, Any]:
    """Give what leads a credential to the emulator."""
    served = contract.served
    return {
        "authority": served.origin,
        "disable_instance_discovery": True,
        "connection_verify": served.ca_file,
    }


def test_a_client_secret_signs_in(contract: Contract) -> None:
    who = contract.identity
    credential = ClientSecretCredential(
        who.tenant,
        who.client,
        who.secret,
        **here(contract),
    )

    assert signed_in(credential)


def test_a_wrong_client_secret_is_refused_with_entras_words(contract: Contract) -> None:
    who = contract.identity
    credential = ClientSecretCredential(
        who.tenant,
        who.client,
        "wrong",
        **here(contract),
    )

    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215: Invalid client secret provided"):
        credential.get_token(SCOPE)


def test_a_certificate_signs_in(contract: Contract) -> None:
    who = contract.identity
    credential = CertificateCredential(
        who.tenant,
        who.client,
        who.certificate_file,
        **here(contract),
    )

    assert signed_in(credential)


def test_a_workload_identity_signs_in(contract: Contract) -> None:
    who = contract.identity
    credential = WorkloadIdentityCredential(
        tenant_id=who.tenant,
        client_id=who.client,
        token_file_path=who.token_file,
        **here(contract),
    )

    assert signed_in(credential)


async def test_the_asynchronous_client_signs_in_too(contract: Contract) -> None:
    who = contract.identity
    credential = AsyncClientSecretCredential(
        who.tenant,
        who.client,
        who.secret,
        **here(contract),
    )
    async with credential:
        token = await credential.get_token(SCOPE)

    assert "Synchronization.ReadWrite.All" in roles_in(token.token)
