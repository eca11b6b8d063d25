"""The credentials of azure-identity, one for each way to sign in, and what their failures mean.

Importing this imports azure-identity, which takes a third of a second: so it is imported by who signs in, when they do.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx2
from azure.core.exceptions import AzureError
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
from provisioning.graph import sign_in as settings
from provisioning.graph.clouds import Cloud
from provisioning.graph.entra_refusals import refusal_in
from provisioning.graph.sign_in import HOW_TO_SIGN_IN, Way, setting, setting_name
from provisioning.graph.transport import (
    SIGN_IN_AUTHORITIES,
    NetworkError,
    authorities_in,
    cause_of,
    known_cause_of,
)

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, TokenCredential

Environment: TypeAlias = "Mapping[str, str]"
Make: TypeAlias = "Callable[[Environment, Cloud], TokenCredential]"

# azure-identity also logs what it raises, and without a handler that lands on standard error, beside our own sentence.
logging.getLogger("azure.identity").addHandler(logging.NullHandler())


def credential_of(way: Way, environment: Environment, cloud: Cloud) -> TokenCredential:
    """Make the credential for a way to sign in; nobody is asked by that.

    :raises ConfigurationError: when a setting cannot be what it is.
    """
    try:
        return CREDENTIALS[way](environment, cloud)
    except (ValueError, OSError) as error:
        raise _unusable(way, environment, error) from error


def token_from(credential: TokenCredential, cloud: Cloud) -> AccessToken:
    """Ask for a token for Graph.

    :raises NoCredentialError: when there is nothing to sign in with after all, such as a CLI that is not there.
    :raises RefusedError: when Entra was asked, and said no.
    :raises SignInError: when Entra could not be asked.
    """
    try:
        return credential.get_token(f"{cloud.graph}/.default")
    except CredentialUnavailableError as error:
        raise NoCredentialError(
            f"There is no identity to sign in with: {_first_line(error)}", hint=HOW_TO_SIGN_IN
        ) from error
    except AzureError as error:
        raise _failure(error, cloud) from error


def _failure(error: AzureError, cloud: Cloud) -> SignInError:
    """Tell what went wrong: azure-identity calls everything a failed authentication, what never was one too."""
    refusal = refusal_in(error)
    if refusal:
        return RefusedError(f"{cloud.login} refused the identity: {refusal.sentence}", hint=refusal.hint)
    cause = known_cause_of(error)
    if cause:
        return SignInError(f"{cloud.login} could not be asked for a token: {cause.sentence}.", hint=cause.hint)
    return SignInError(
        f"{cloud.login} gave no token: {_first_line(error).removeprefix('Authentication failed: ')}",
        hint="Look at the settings of the identity, and at the network and the proxy.",
    )


def _unusable(way: Way, environment: Environment, error: Exception) -> ConfigurationError:
    """Name the setting that a credential could not be made of."""
    if "tenant" in str(error).lower():
        name, value = setting_name(environment, settings.TENANT), setting(environment, settings.TENANT)
        hint = "Write the tenant's id or one of its domain names, as Entra's overview page shows them."
        return ConfigurationError(f"{name}: {value!r} cannot be a tenant.", hint=hint)
    if way is Way.CERTIFICATE:
        name, file = setting_name(environment, settings.CERTIFICATE), setting(environment, settings.CERTIFICATE)
        why = error.strerror if isinstance(error, OSError) else "it holds no certificate with a key that opens"
        hint = f"Name a PEM or PKCS#12 file with key and certificate; {settings.CERTIFICATE_PASSWORD} opens it."
        return ConfigurationError(f"{name}: {file} cannot be used: {why}.", hint=hint)
    return ConfigurationError(f"Signing in with {way.value} is not possible: {_first_line(error)}", hint=HOW_TO_SIGN_IN)


def _at(environment: Environment, cloud: Cloud) -> dict[str, Any]:
    """Give what every credential needs to know about the cloud (azure-identity wants https and no path)."""
    return {
        "authority": cloud.login,
        "disable_instance_discovery": cloud.is_described,
        "connection_verify": authorities_in(environment, SIGN_IN_AUTHORITIES) or True,
    }


def _app(environment: Environment) -> tuple[str, str]:
    return setting(environment, settings.TENANT), setting(environment, settings.CLIENT)


def _certificate(environment: Environment, cloud: Cloud) -> TokenCredential:
    return CertificateCredential(
        *_app(environment),
        certificate_path=setting(environment, settings.CERTIFICATE),
        password=environment.get(settings.CERTIFICATE_PASSWORD),
        **_at(environment, cloud),
    )


def _secret(environment: Environment, cloud: Cloud) -> TokenCredential:
    secret = setting(environment, settings.SECRET)
    return ClientSecretCredential(*_app(environment), secret, **_at(environment, cloud))


def _secret_file(environment: Environment, cloud: Cloud) -> TokenCredential:
    secret = _text_of(environment, settings.SECRET_FILE)
    return ClientSecretCredential(*_app(environment), secret, **_at(environment, cloud))


def _assertion(read: Callable[[Environment], str]) -> Make:
    """Sign in with somebody else's token; it is read anew each time, because runners replace it."""
    return lambda environment, cloud: ClientAssertionCredential(
        *_app(environment), lambda: read(environment), **_at(environment, cloud)
    )


def github_token(environment: Environment) -> str:
    """Ask GitHub for the workflow's token (terraform-provider-azuread: github_oidc_authorizer.go)."""
    url = setting(environment, settings.GITHUB_URL)
    headers = {"Authorization": f"Bearer {setting(environment, settings.GITHUB_TOKEN)}"}
    try:
        address = httpx2.URL(url).copy_merge_params({"audience": "api://AzureADTokenExchange"})
        answer = httpx2.get(address, headers=headers)
    except NetworkError as error:
        cause = cause_of(error)
        sentence = f"GitHub could not be asked for this workflow's token: {cause.sentence}."
        raise SignInError(sentence, hint=cause.hint) from error
    try:
        token: str = answer.raise_for_status().json()["value"]
    except (httpx2.HTTPStatusError, ValueError, KeyError, TypeError) as error:
        raise RefusedError(
            f"GitHub gave no token for this workflow: status {answer.status_code}.",
            hint="Give the workflow `permissions: id-token: write`.",
        ) from error
    return token


def _pipeline(environment: Environment, cloud: Cloud) -> TokenCredential:
    tenant, client = _app(environment)
    return AzurePipelinesCredential(
        tenant_id=tenant,
        client_id=client,
        service_connection_id=setting(environment, settings.PIPELINE),
        system_access_token=setting(environment, settings.PIPELINE_TOKEN),
        **_at(environment, cloud),
    )


def _managed(environment: Environment, _: Cloud) -> TokenCredential:
    return ManagedIdentityCredential(client_id=setting(environment, settings.CLIENT) or None)


def _cli(environment: Environment, _: Cloud) -> TokenCredential:
    return AzureCliCredential(tenant_id=setting(environment, settings.TENANT))


def _text_of(environment: Environment, names: str) -> str:
    path = Path(setting(environment, names))
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ConfigurationError(
            f"{setting_name(environment, names)}: {path} cannot be read: {why}.",
            hint="Name a file that this user may read.",
        ) from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


CREDENTIALS: Mapping[Way, Make] = {
    Way.CERTIFICATE: _certificate,
    Way.SECRET: _secret,
    Way.SECRET_FILE: _secret_file,
    Way.OIDC_TOKEN: _assertion(lambda known: known[settings.OIDC_TOKEN]),
    Way.OIDC_FILE: _assertion(lambda known: _text_of(known, settings.OIDC_FILE)),
    Way.PIPELINE: _pipeline,
    Way.GITHUB: _assertion(github_token),
    Way.MANAGED: _managed,
    Way.CLI: _cli,
}
"""How the credential of each way is made."""
