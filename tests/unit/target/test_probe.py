"""Asking the app from here whether it takes a token: every way to say no, and nothing of the token in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from operating import Operator, operating

from emulator.elium.behaviour import Fault
from provisioning.errors import CredentialsRejectedError, ProvisioningError, UnavailableError
from provisioning.model.credentials import Credentials, SecretToken
from provisioning.target.probe import probe

WRONG = "wrong-token-0123456789"


@pytest.fixture(scope="module")
def operator() -> Iterator[Operator]:
    with operating() as operator:
        yield operator


@pytest.fixture(autouse=True)
def _works_again(operator: Operator) -> Iterator[None]:
    yield
    operator.elium_site.faults.clear()


async def ask(operator: Operator, token: str, place: str = "/elium/contoso/scim/v2") -> None:
    await probe(Credentials(f"{operator.served.origin}{place}", SecretToken(token)), operator.environment)


async def test_a_token_that_is_taken_raises_nothing_and_asks_for_nobody(operator: Operator) -> None:
    await ask(operator, operator.elium_site.tokens.first, "/elium/contoso/scim/v2?aadOptscim062020")

    asked = operator.served.emulator.elium.received[-1]
    assert asked.target.startswith("/Users?filter=userName+eq+")
    assert asked.status == 200


@pytest.mark.parametrize(
    ("token", "place", "said"),
    [
        (WRONG, "/elium/contoso/scim/v2", "The app does not accept the token, asked from here (401)."),
        (WRONG, "/elium/nobody/scim/v2", "There is no SCIM at the address: the answer has status 404"),
        (WRONG, "/metadata/endpoints", "There is no SCIM at the address: the answer has status"),
    ],
)
async def test_what_is_not_taken_is_told_without_the_token(
    operator: Operator, token: str, place: str, said: str
) -> None:
    with pytest.raises(CredentialsRejectedError) as told:
        await ask(operator, token, place)

    assert said in told.value.message
    assert token not in f"{told.value!r} {told.value.hint} {told.value.__cause__!r}"


async def test_an_app_that_cannot_answer_now_does_not_blame_the_token(operator: Operator) -> None:
    operator.elium_site.faults.append(Fault(status=503))

    with pytest.raises(UnavailableError, match=r"The app cannot answer now \(503\)\."):
        await ask(operator, operator.elium_site.tokens.first)


async def test_an_app_that_cannot_be_reached_is_told_with_the_cause(operator: Operator) -> None:
    nowhere = Credentials("https://localhost:9/scim/v2", SecretToken(WRONG))

    with pytest.raises(ProvisioningError, match=r"The app gives no answer from here: the connection was refused\."):
        await probe(nowhere, operator.environment)
