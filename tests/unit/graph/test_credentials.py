"""What a credential's failure means, and the token that GitHub gives a workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError
from azure.identity import CredentialUnavailableError

from provisioning.errors import NoCredentialError, ProvisioningError, RefusedError, SignInError
from provisioning.graph import credentials
from provisioning.graph.clouds import GLOBAL
from provisioning.graph.credentials import credential_of, token_from
from provisioning.graph.ways import Way

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken

WORKFLOW = {
    "ARM_TENANT_ID": "contoso.com",
    "ARM_CLIENT_ID": "c",
    "ACTIONS_ID_TOKEN_REQUEST_URL": "https://actions.example/token?api=1",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "request-token",
}


class Failing:
    """A credential that gives no token."""

    def __init__(self, trouble: Exception) -> None:
        self.trouble = trouble

    def get_token(self, *_: str, **__: object) -> AccessToken:
        raise self.trouble


@pytest.mark.parametrize(
    ("trouble", "kind", "sentence"),
    [
        (
            CredentialUnavailableError("Azure CLI not found on path\nmore"),
            NoCredentialError,
            "There is no identity to sign in with: Azure CLI not found on path",
        ),
        (
            ClientAuthenticationError("Authentication failed: AADSTS7000222: The keys are expired. Trace ID: 1"),
            RefusedError,
            "https://login.microsoftonline.com refused the identity: AADSTS7000222: The keys are expired.",
        ),
        (
            ServiceRequestError("no", error=ConnectionRefusedError()),
            SignInError,
            "https://login.microsoftonline.com could not be asked for a token: the connection was refused.",
        ),
        (
            ClientAuthenticationError("Authentication failed: something of its own\nmore"),
            SignInError,
            "https://login.microsoftonline.com gave no token: something of its own",
        ),
    ],
)
def test_only_entra_refuses(trouble: Exception, kind: type[ProvisioningError], sentence: str) -> None:
    with pytest.raises(kind) as error:
        token_from(Failing(trouble), GLOBAL)

    assert (type(error.value), str(error.value)) == (kind, sentence)
    assert error.value.hint


def test_a_workflow_s_token_is_asked_for_with_entras_audience(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, dict[str, str]]] = []

    def get(url: httpx2.URL, headers: dict[str, str]) -> httpx2.Response:
        asked.append((str(url), headers))
        return httpx2.Response(200, json={"value": "the-token"}, request=httpx2.Request("GET", url))

    monkeypatch.setattr(httpx2, "get", get)

    assert credentials.github_token(WORKFLOW) == "the-token"
    assert asked == [
        (
            "https://actions.example/token?api=1&audience=api%3A%2F%2FAzureADTokenExchange",
            {"Authorization": "Bearer request-token"},
        )
    ]


@pytest.mark.parametrize(
    "answer", [httpx2.Response(403), httpx2.Response(200, text="<html>"), httpx2.Response(200, json=[])]
)
def test_a_workflow_without_the_permission_is_told_to_ask_for_it(
    monkeypatch: pytest.MonkeyPatch, answer: httpx2.Response
) -> None:
    answer.request = httpx2.Request("GET", "https://actions.example")
    monkeypatch.setattr(httpx2, "get", lambda *_, **__: answer)

    with pytest.raises(RefusedError, match=rf"status {answer.status_code}") as error:
        credentials.github_token(WORKFLOW)

    assert "id-token: write" in error.value.hint


@pytest.mark.parametrize("way", [Way.GITHUB, Way.PIPELINE, Way.MANAGED, Way.CLI, Way.OIDC_TOKEN])
def test_making_a_credential_asks_nobody(way: Way) -> None:
    settings = {
        **WORKFLOW,
        "ARM_OIDC_TOKEN": "a.b.c",
        "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID": "i",
        "SYSTEM_ACCESSTOKEN": "t",
        "SYSTEM_OIDCREQUESTURI": "https://dev.azure.example/",
    }

    assert hasattr(credential_of(way, settings, GLOBAL), "get_token")
