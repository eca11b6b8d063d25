"""Who we are at Microsoft Graph: one credential, chosen by the same settings as the azuread provider's.

The order is azuread's, so that both halves of a program act as the same identity: certificate, client secret, OIDC
token, Azure Pipelines, GitHub Actions, managed identity, Azure CLI (terraform-provider-azuread: SDK auth.go). The first
row of :data:`SOURCES` whose settings are there is used; there is no falling through to a developer's own sign-in.

azure-identity is imported by whoever needs the first token, and not before: that takes a third of a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from provisioning.errors import NoCredentialError
from provisioning.graph.clouds import Cloud
from provisioning.graph.patience import Clock

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, TokenCredential

Environment: TypeAlias = "Mapping[str, str]"

RENEW_BEFORE = timedelta(minutes=5)
"""A token with less time left is not used for another request."""

TENANT = "ARM_TENANT_ID|AZURE_TENANT_ID"
CLIENT = "ARM_CLIENT_ID|AZURE_CLIENT_ID"
SECRET = "ARM_CLIENT_SECRET|AZURE_CLIENT_SECRET"  # noqa: S105 - the name of a setting
SECRET_FILE = "ARM_CLIENT_SECRET_FILE_PATH"  # noqa: S105 - the name of a setting
CERTIFICATE = "ARM_CLIENT_CERTIFICATE_PATH|AZURE_CLIENT_CERTIFICATE_PATH"
CERTIFICATE_PASSWORD = "ARM_CLIENT_CERTIFICATE_PASSWORD"  # noqa: S105 - the name of a setting
OIDC_TOKEN = "ARM_OIDC_TOKEN"  # noqa: S105 - the name of a setting
OIDC_FILE = "ARM_OIDC_TOKEN_FILE_PATH|AZURE_FEDERATED_TOKEN_FILE"
PIPELINE = "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID"
PIPELINE_TOKEN = "ARM_OIDC_REQUEST_TOKEN|SYSTEM_ACCESSTOKEN"  # noqa: S105 - the name of a setting
GITHUB_URL = "ARM_OIDC_REQUEST_URL|ACTIONS_ID_TOKEN_REQUEST_URL"
GITHUB_TOKEN = "ARM_OIDC_REQUEST_TOKEN|ACTIONS_ID_TOKEN_REQUEST_TOKEN"  # noqa: S105 - the name of a setting
MANAGED = "ARM_USE_MSI"
CLI = "ARM_USE_CLI"

HOW_TO_SIGN_IN = (
    "Run `az login`, or set ARM_TENANT_ID, ARM_CLIENT_ID and either ARM_OIDC_TOKEN_FILE_PATH or ARM_CLIENT_SECRET."
)


class Way(Enum):
    """How one can sign in, as a person would say it."""

    CERTIFICATE = "certificate"
    SECRET = "client secret"  # noqa: S105 - a name
    SECRET_FILE = "client secret in a file"  # noqa: S105 - a name
    OIDC_TOKEN = "OIDC token"  # noqa: S105 - a name
    OIDC_FILE = "OIDC token in a file"
    PIPELINE = "Azure Pipelines"
    GITHUB = "GitHub Actions"
    MANAGED = "managed identity"
    CLI = "Azure CLI"


class Source(NamedTuple):
    """One way to sign in, and what it takes."""

    way: Way
    needs: tuple[str, ...]
    """Settings that must all be there; alternatives are separated by ``|``."""

    @property
    def name(self) -> str:
        """As a person would say it."""
        return self.way.value

    @property
    def own_settings(self) -> tuple[str, ...]:
        """What this way needs and most others do not, each by the first of its names."""
        return tuple(need.partition("|")[0] for need in self.needs if need not in (TENANT, CLIENT))


SOURCES = (
    Source(Way.CERTIFICATE, (TENANT, CLIENT, CERTIFICATE)),
    Source(Way.SECRET, (TENANT, CLIENT, SECRET)),
    Source(Way.SECRET_FILE, (TENANT, CLIENT, SECRET_FILE)),
    Source(Way.OIDC_TOKEN, (TENANT, CLIENT, OIDC_TOKEN)),
    Source(Way.OIDC_FILE, (TENANT, CLIENT, OIDC_FILE)),
    Source(Way.PIPELINE, (TENANT, CLIENT, PIPELINE, PIPELINE_TOKEN)),
    Source(Way.GITHUB, (TENANT, CLIENT, GITHUB_URL, GITHUB_TOKEN)),
    Source(Way.MANAGED, (MANAGED,)),
    Source(Way.CLI, (TENANT, CLI)),
)
"""Every way to sign in, in azuread's order."""


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
        :raises SignInError: when Entra could not be asked.
        :raises ConfigurationError: when a setting names a file that cannot be used.
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
        source = source_of(self._environment)
        from provisioning.graph import credentials  # noqa: PLC0415 - it imports azure-identity, which takes its time

        if self._credential is None:
            self._credential = credentials.credential_of(source.way, self._environment, self._cloud)
        return credentials.token_from(self._credential, self._cloud)


def source_of(environment: Environment) -> Source:
    """Find the first way to sign in whose settings are there.

    :raises NoCredentialError: when there is none; the sentence lists what was looked at.
    """
    for source in SOURCES:
        if all(setting(environment, need) for need in source.needs):
            return source
    missing = [need.partition("|")[0] for need in (TENANT, CLIENT) if not setting(environment, need)]
    lacking = f"Not set: {', '.join(missing)}. " if missing else ""
    ways = "; ".join(f"{source.name} ({', '.join(source.own_settings)})" for source in SOURCES)
    raise NoCredentialError(
        f"There is no identity to sign in with. {lacking}Looked for: {ways}.",
        hint=HOW_TO_SIGN_IN,
    )


def setting(environment: Environment, names: str) -> str:
    """Read the first of several settings, separated by ``|``, that is there; switches read as empty unless true."""
    for name in names.split("|"):
        value = environment.get(name, "")
        if not name.startswith("ARM_USE_"):
            if value:
                return value
        elif value.lower() in {"true", "1"} or (name == CLI and not value):
            return "true"
    return ""


def setting_name(environment: Environment, names: str) -> str:
    """Tell which of several settings, separated by ``|``, is the one that counts; the first when none is there."""
    alternatives = names.split("|")
    return next((name for name in alternatives if environment.get(name)), alternatives[0])
