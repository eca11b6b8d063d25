"""A secret in Azure Key Vault, read as the identity that also asks Graph, by the extra ``keyvault``.

Importing this imports neither; that takes half a second, so it is done by who reads a secret.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from provisioning.errors import ConfigurationError, installing
from provisioning.graph.ways import source_of

if TYPE_CHECKING:
    from provisioning.graph.clouds import Cloud

FORM = "https://NAME.vault.azure.net/secrets/SECRET"

_PATH = re.compile(r"/secrets/([0-9A-Za-z-]{1,127})(?:/([0-9a-f]{32}))?/?")
"""Names and versions as the service takes them (azure: key-vault/general/about-keys-secrets-certificates)."""


@dataclass(frozen=True, slots=True)
class VaultSecret:
    """Where a secret lies in a vault."""

    vault: str
    """The vault's address."""
    name: str
    version: str
    """Empty for the newest."""

    @classmethod
    def parse(cls, address: str) -> Self:
        """Read an address of a secret.

        :raises ConfigurationError: when it is none; it is not repeated.
        """
        parts = urlsplit(address)
        match = _PATH.fullmatch(parts.path)
        if parts.scheme != "https" or not parts.hostname or match is None or parts.query or parts.username:
            raise ConfigurationError("is not the address of a secret in a vault.", hint=f"Write {FORM}[/VERSION].")
        return cls(f"https://{parts.netloc}", match[1], match[2] or "")

    def read(self, environment: Mapping[str, str]) -> str:
        """Read it as the identity that *environment* names.

        :raises ConfigurationError: when it is not there, or this identity may not read it.
        :raises SignInError: when there is no identity.
        """
        try:
            from azure.core import exceptions  # noqa: PLC0415 - see the module's docstring
            from azure.keyvault.secrets import SecretClient  # noqa: PLC0415 - the same
        except ImportError:
            raise ConfigurationError(
                "Azure Key Vault needs a library that is not installed.",
                hint=installing("keyvault"),
            ) from None
        from provisioning.graph.credentials import credential_of  # noqa: PLC0415 - the same
        from provisioning.graph.transport import SIGN_IN_AUTHORITIES, authorities_in  # noqa: PLC0415 - the same

        cloud = asyncio.run(_cloud(environment))
        credential = credential_of(source_of(environment).way, environment, cloud)
        with SecretClient(
            self.vault,
            credential,
            # Off Azure's own names the client cannot tell that who asks for a token is the vault.
            verify_challenge_resource=not self._is_here,
            connection_verify=authorities_in(environment, SIGN_IN_AUTHORITIES) or True,
        ) as client:
            try:
                return client.get_secret(self.name, self.version or None).value or ""
            except exceptions.ResourceNotFoundError:
                raise ConfigurationError(f"{self.vault} has no secret {self.name}.", hint="Correct the name.") from None
            except exceptions.HttpResponseError as error:
                raise ConfigurationError(
                    f"{self.vault} does not give the secret {self.name}: status {error.status_code}.",
                    hint="Grant this identity Key Vault Secrets User, and see whether the secret is enabled.",
                ) from None
            except exceptions.AzureError as error:
                first = str(error).partition("\n")[0].rstrip(".")
                raise ConfigurationError(
                    f"{self.vault} cannot be asked: {first}.", hint="Look at the address and the network."
                ) from None

    @property
    def _is_here(self) -> bool:
        host = urlsplit(self.vault).hostname or ""
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"


async def _cloud(environment: Mapping[str, str]) -> Cloud:
    # Both import httpx2, which takes its time, and `--help` of a verb that takes a token must not.
    from provisioning.graph.clouds import cloud_of  # noqa: PLC0415 - see above
    from provisioning.graph.transport import http_client  # noqa: PLC0415 - see above

    async with http_client(environment) as http:
        return await cloud_of(environment, http)
