"""Signing in: a token for Graph, asked for when it is needed and kept while it lasts."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx2

from emulator.azuread.faults import PluginError

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.azuread.cloud import Cloud
    from emulator.azuread.configuration import Identity
    from emulator.azuread.values import Values

RENEWED_BEFORE = 20 * 60.0
"""Seconds that a token must still last to be used (go-azure-sdk: sdk/auth/token.go)."""

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(slots=True)
class SignIn:
    """Gets the token of one identity at one cloud."""

    http: httpx2.AsyncClient
    cloud: Cloud
    identity: Identity
    now: Callable[[], float] = time.monotonic
    _token: str = field(default="", init=False, repr=False)
    _renew_at: float = field(default=0.0, init=False)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, init=False, repr=False)

    async def token(self) -> str:
        """Give a token that lasts, a new one only when there is none. :raises PluginError: when sign-in refuses."""
        async with self._turn:
            if not self._token or self.now() >= self._renew_at:
                await self._renew()
            return self._token

    async def object_id(self) -> str:
        """Tell the object id of the caller, from the token's ``oid``. :raises PluginError: when it has none."""
        object_id = _claims(await self.token()).get("oid")
        if not isinstance(object_id, str) or not object_id:
            raise PluginError(
                "Could not determine object ID of authenticated principal: oid claim in access token is empty"
            )
        return object_id

    async def _renew(self) -> None:
        url = f"{self.cloud.login}/{self.identity.tenant_id}/oauth2/v2.0/token"
        try:
            response = await self.http.post(url, data=self._form())
        except httpx2.TransportError as error:
            raise PluginError(f"could not acquire access token: {url} does not answer: {error}") from error
        if not response.is_success:
            raise PluginError(
                "could not acquire access token: clientCredentialsToken: received HTTP status"
                f" {response.status_code} with response: {response.text}"
            )
        answer = response.json()
        self._token = answer["access_token"]
        self._renew_at = self.now() + float(answer["expires_in"]) - RENEWED_BEFORE

    def _form(self) -> dict[str, str]:
        form = {
            "client_id": self.identity.client_id,
            "grant_type": "client_credentials",
            "scope": f"{self.cloud.graph}/.default",
        }
        if self.identity.secret:
            return form | {"client_secret": self.identity.secret}
        return form | {"client_assertion": self.identity.assertion, "client_assertion_type": JWT_BEARER}


def _claims(token: str) -> Values:
    # As in the official plugin, the token is read and not verified: verifying is Graph's affair.
    payload = token.split(".")[1]
    claims: Values = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims
