"""Who we are at Microsoft Graph: one credential, chosen by the same settings as the azuread provider's.

The order is azuread's, so that both halves of a program act as the same identity: certificate, client secret, OIDC
token, Azure Pipelines, GitHub Actions, managed identity, Azure CLI (terraform-provider-azuread: SDK auth.go). The first
row of :data:`SOURCES` whose settings are there is used; there is no falling through to a developer's own sign-in.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import httpx2
from azure.core.exceptions import AzureError, ClientAuthenticationError
from azure.identity import (
    AzureCliCredential,
    AzurePipelinesCredential,
    CertificateCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    CredentialUnavailableError,
    ManagedIdentityCredential,
)

from provisioning.errors import ConfigurationError, NoCredentialError, RefusedError, SignInError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from azure.core.credentials import AccessToken, TokenCredential

    from provisioning.graph.clouds import Cloud
    from provisioning.graph.patience import Clock

    Environment = Mapping[str, str]

RENEW_BEFORE = timedelta(minutes=5)
"""A token with less time left is not used for another request."""


class Source(NamedTuple):
    """One way to sign in."""

    name: str
    """As a person would say it."""
    needs: tuple[str, ...]
    """Settings that must all be there; alternatives are separated by ``|``."""
    credential: Callable[[Environment, Cloud], TokenCredential]


class SignIn:
    """Gives tokens for Graph, one sign-in at a time, and keeps each until shortly before it ends."""

    def __init__(self, environment: Environment, cloud: Cloud, clock: Clock) -> None:
        self._environment = environment
        self._cloud = cloud
        self._clock = clock
        self._credential: TokenCredential | None = None
        self._token: AccessToken | None = None
        self._one_at_a_time = asyncio.Lock()

    async def token(self) -> str:
        """Give a bearer token.

        :raises NoCredentialError: when no source has its settings.
        :raises RefusedError: when Entra refuses the credential.
        """
        async with self._one_at_a_time:
            if self._token is None or self._is_ending(self._token):
                self._token = await asyncio.to_thread(self._ask)
            return self._token.token

    def forget(self) -> None:
        """Drop the token, because Graph did not take it."""
        self._token = None

    def _is_ending(self, token: AccessToken) -> bool:
        return self._clock.now().timestamp() + RENEW_BEFORE.total_seconds() > token.expires_on

    def _ask(self) -> AccessToken:
        if self._credential is None:
            source = source_of(self._environment)
            self._credential = source.credential(self._environment, self._cloud)
        try:
            return self._credential.get_token(f"{self._cloud.graph}/.default")
        except CredentialUnavailableError as error:
            raise NoCredentialError(
                f"There is no identity to sign in with: {_first_line(error)}", hint=HOW_TO_SIGN_IN
            ) from error
        except ClientAuthenticationError as error:
            raise RefusedError(
                f"{self._cloud.login} refused the identity: {_first_line(error)}",
                hint="Look at tenant, client id and secret or federated subject; the code is explained at "
                "https://login.microsoftonline.com/error.",
            ) from error
        except AzureError as error:
            raise SignInError(
                f"{self._cloud.login} could not be asked for a token: {type(error).__name__}.",
                hint="Look at the network, the proxy, and whether REQUESTS_CA_BUNDLE names the right authority.",
            ) from error


def source_of(environment: Environment) -> Source:
    """Find the first way to sign in whose settings are there.

    :raises NoCredentialError: when there is none; the sentence lists what was looked at.
    """
    for source in SOURCES:
        if all(_setting(environment, need) for need in source.needs):
            return source
    looked_at = "; ".join(f"{source.name} ({', '.join(source.needs)})" for source in SOURCES)
    raise NoCredentialError(f"There is no identity to sign in with. Looked for: {looked_at}.", hint=HOW_TO_SIGN_IN)


HOW_TO_SIGN_IN = (
    "Run `az login`, or set ARM_TENANT_ID, ARM_CLIENT_ID and either ARM_OIDC_TOKEN_FILE_PATH or ARM_CLIENT_SECRET."
)


def _setting(environment: Environment, names: str) -> str:
    """Read the first of several settings, separated by ``|``, that is there; switches read as empty unless true."""
    for name in names.split("|"):
        value = environment.get(name, "")
        if not name.startswith("ARM_USE_"):
            if value:
                return value
        elif value.lower() in {"true", "1"} or (name == "ARM_USE_CLI" and not value):
            return "true"
    return ""


TENANT = "ARM_TENANT_ID|AZURE_TENANT_ID"
CLIENT = "ARM_CLIENT_ID|AZURE_CLIENT_ID"
SECRET = "ARM_CLIENT_SECRET|AZURE_CLIENT_SECRET"  # noqa: S105 - the name of a setting
SECRET_FILE = "ARM_CLIENT_SECRET_FILE_PATH"  # noqa: S105 - the name of a setting
CERTIFICATE = "ARM_CLIENT_CERTIFICATE_PATH|AZURE_CLIENT_CERTIFICATE_PATH"
OIDC_TOKEN = "ARM_OIDC_TOKEN"  # noqa: S105 - the name of a setting
OIDC_FILE = "ARM_OIDC_TOKEN_FILE_PATH|AZURE_FEDERATED_TOKEN_FILE"
PIPELINE = "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID"
PIPELINE_TOKEN = "ARM_OIDC_REQUEST_TOKEN|SYSTEM_ACCESSTOKEN"  # noqa: S105 - the name of a setting
GITHUB_URL = "ARM_OIDC_REQUEST_URL|ACTIONS_ID_TOKEN_REQUEST_URL"
GITHUB_TOKEN = "ARM_OIDC_REQUEST_TOKEN|ACTIONS_ID_TOKEN_REQUEST_TOKEN"  # noqa: S105 - the name of a setting


def _at(environment: Environment, cloud: Cloud) -> dict[str, object]:
    """Give what every credential needs to know about the cloud (azure-identity wants https and no path)."""
    verify = environment.get("REQUESTS_CA_BUNDLE") or environment.get("SSL_CERT_FILE") or True
    return {
        "authority": cloud.login,
        "disable_instance_discovery": cloud.is_described,
        "connection_verify": verify,
    }


def _certificate(environment: Environment, cloud: Cloud) -> TokenCredential:
    return CertificateCredential(
        _setting(environment, TENANT),
        _setting(environment, CLIENT),
        certificate_path=_setting(environment, CERTIFICATE),
        password=environment.get("ARM_CLIENT_CERTIFICATE_PASSWORD"),
        **_at(environment, cloud),
    )


def _secret(environment: Environment, cloud: Cloud) -> TokenCredential:
    secret = _setting(environment, SECRET)
    return ClientSecretCredential(
        _setting(environment, TENANT), _setting(environment, CLIENT), secret, **_at(environment, cloud)
    )


def _secret_file(environment: Environment, cloud: Cloud) -> TokenCredential:
    secret = _text_of(environment, SECRET_FILE)
    return ClientSecretCredential(
        _setting(environment, TENANT), _setting(environment, CLIENT), secret, **_at(environment, cloud)
    )


def _assertion(read: Callable[[Environment], str]) -> Callable[[Environment, Cloud], TokenCredential]:
    """Sign in with somebody else's token; it is read anew each time, because runners replace it."""

    def credential(environment: Environment, cloud: Cloud) -> TokenCredential:
        return ClientAssertionCredential(
            _setting(environment, TENANT),
            _setting(environment, CLIENT),
            lambda: read(environment),
            **_at(environment, cloud),
        )

    return credential


def _github_token(environment: Environment) -> str:
    """Ask GitHub for the workflow's token (terraform-provider-azuread: github_oidc_authorizer.go)."""
    url = httpx2.URL(_setting(environment, GITHUB_URL)).copy_merge_params({"audience": "api://AzureADTokenExchange"})
    answer = httpx2.get(url, headers={"Authorization": f"Bearer {_setting(environment, GITHUB_TOKEN)}"})
    if not answer.is_success:
        raise RefusedError(
            f"GitHub gave no token for this workflow: status {answer.status_code}.",
            hint="Give the workflow `permissions: id-token: write`.",
        )
    token: str = answer.json()["value"]
    return token


def _pipeline(environment: Environment, cloud: Cloud) -> TokenCredential:
    return AzurePipelinesCredential(
        tenant_id=_setting(environment, TENANT),
        client_id=_setting(environment, CLIENT),
        service_connection_id=_setting(environment, PIPELINE),
        system_access_token=_setting(environment, PIPELINE_TOKEN),
        **_at(environment, cloud),
    )


def _managed(environment: Environment, _: Cloud) -> TokenCredential:
    return ManagedIdentityCredential(client_id=_setting(environment, CLIENT) or None)


def _cli(environment: Environment, _: Cloud) -> TokenCredential:
    return AzureCliCredential(tenant_id=_setting(environment, TENANT))


def _text_of(environment: Environment, names: str) -> str:
    path = Path(_setting(environment, names))
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigurationError(
            f"{names.partition('|')[0]}: {path} cannot be read: {error.strerror}.",
            hint="Name a file that this user may read.",
        ) from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


SOURCES = (
    Source("certificate", (TENANT, CLIENT, CERTIFICATE), _certificate),
    Source("client secret", (TENANT, CLIENT, SECRET), _secret),
    Source("client secret in a file", (TENANT, CLIENT, SECRET_FILE), _secret_file),
    Source("OIDC token", (TENANT, CLIENT, OIDC_TOKEN), _assertion(lambda known: known[OIDC_TOKEN])),
    Source("OIDC token in a file", (TENANT, CLIENT, OIDC_FILE), _assertion(lambda known: _text_of(known, OIDC_FILE))),
    Source("Azure Pipelines", (TENANT, CLIENT, PIPELINE, PIPELINE_TOKEN), _pipeline),
    Source("GitHub Actions", (TENANT, CLIENT, GITHUB_URL, GITHUB_TOKEN), _assertion(_github_token)),
    Source("managed identity", ("ARM_USE_MSI",), _managed),
    Source("Azure CLI", (TENANT, "ARM_USE_CLI"), _cli),
)
"""Every way to sign in, in azuread's order."""
