"""A sign-in that fails is told by its real cause, over a socket: who was never asked did not refuse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import trustme
from answers import JumpingClock
from contract.places import signed_in

from provisioning.errors import (
    ConfigurationError,
    NoCredentialError,
    ProvisioningError,
    RefusedError,
    SignInError,
    UnavailableError,
)
from provisioning.graph.connect import connect, warm
from provisioning.model.identifiers import ServicePrincipalId

if TYPE_CHECKING:
    from pathlib import Path

    from identities import Contract

NOBODY = "11111111-1111-1111-1111-111111111111"
CLOSED = "127.0.0.1:9"
SECRET = "not-the-secret"

WITHOUT_SECRET = {"ARM_CLIENT_SECRET": "", "AZURE_CLIENT_SECRET": ""}

FAILURES = {
    "a tenant that is not there": ({"ARM_TENANT_ID": NOBODY}, RefusedError, r"AADSTS90002: .* not found\.$", "TENANT"),
    "an app that is not there": ({"ARM_CLIENT_ID": NOBODY}, RefusedError, r"AADSTS700016: .*'Contoso'\.$", "CLIENT_ID"),
    "a wrong secret": ({"ARM_CLIENT_SECRET": SECRET}, RefusedError, r"AADSTS7000215: Invalid .*provided\.$", "secret"),
    "a tenant that cannot be": ({"ARM_TENANT_ID": "a b"}, ConfigurationError, "^ARM_TENANT_ID: 'a b' cannot", "domain"),
    "a token that is not one": (
        {**WITHOUT_SECRET, "ARM_OIDC_TOKEN": "a.b.c"}, RefusedError, "AADSTS50027", "federated credentials"
    ),
    "no authorities for Graph": (
        {"SSL_CERT_FILE": "/nowhere/ca.pem"}, ConfigurationError, "^SSL_CERT_FILE: .*/nowhere/ca.pem cannot", "unset"
    ),
    "no authorities for the sign-in": (
        {"REQUESTS_CA_BUNDLE": "/nowhere/ca.pem"}, ConfigurationError, "^REQUESTS_CA_BUNDLE: .* cannot be read", "unset"
    ),
    "a host that does not listen": (
        {"ARM_METADATA_HOSTNAME": CLOSED}, UnavailableError, "asked for its cloud: the connection was refused", "port"
    ),
    "a host that cannot be": (
        {"ARM_METADATA_HOSTNAME": "[::1"}, UnavailableError, "asked for its cloud: its address cannot be read", "addr"
    ),
    "GitHub that does not answer": (
        {
            **WITHOUT_SECRET,
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"https://{CLOSED}/token",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": SECRET,
        },
        SignInError,
        "^GitHub could not be asked for this workflow's token: the connection was refused",
        "port",
    ),
    "nothing to sign in with": ({**WITHOUT_SECRET, "ARM_USE_CLI": "false"}, NoCredentialError, "no identity", "login"),
}  # fmt: skip


async def failure(contract: Contract, differences: dict[str, str]) -> ProvisioningError:
    """Ask Graph for something, and give what went wrong."""
    with pytest.raises(ProvisioningError) as error:
        async with signed_in({**contract.served.environment, **differences}, JumpingClock()) as graph:
            await graph.jobs(ServicePrincipalId(NOBODY))
    return error.value


@pytest.mark.parametrize("name", FAILURES)
async def test_the_real_cause_is_told_with_the_hint_that_fits(contract: Contract, name: str) -> None:
    differences, kind, sentence, hint = FAILURES[name]

    error = await failure(contract, differences)

    assert type(error) is kind
    assert re.search(sentence, str(error))
    assert hint in error.hint
    assert SECRET not in str(error)


@pytest.mark.parametrize(
    ("setting", "kind", "sentence"),
    [
        ("SSL_CERT_FILE", UnavailableError, "could not be asked for its cloud: its certificate is not trusted."),
        ("REQUESTS_CA_BUNDLE", SignInError, "could not be asked for a token: its certificate is not trusted."),
    ],
)
async def test_a_stranger_s_certificate_is_told_as_such(
    contract: Contract, tmp_path: Path, setting: str, kind: type[ProvisioningError], sentence: str
) -> None:
    file = tmp_path / "other-authority.pem"
    trustme.CA().cert_pem.write_to_path(str(file))

    error = await failure(contract, {setting: str(file)})

    assert type(error) is kind
    assert sentence in str(error)
    assert setting in error.hint


async def test_a_sign_in_that_does_not_fail_reaches_graph(contract: Contract) -> None:
    await warm(contract.served.environment)
    graph = await connect(contract.served.environment)

    assert await graph.apps_of(NOBODY, "Elium") == ()
    await graph.close()
