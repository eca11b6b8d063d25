"""Who we are at Microsoft Graph: one credential, chosen by the same settings as the azuread provider's.

azure-identity is imported by whoever needs the first token, and not before: that takes a third of a second.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from provisioning.graph.clouds import Cloud
from provisioning.graph.patience import Clock
from provisioning.graph.ways import Environment, source_of

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, TokenCredential

RENEW_BEFORE = timedelta(minutes=5)
"""A token with less time left is not used for another request."""


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
