"""The requests to Microsoft Graph, as the official plugin sends them (go-azure-sdk: sdk/client/client.go)."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import httpx2

from emulator.azuread.cloud import require_loopback
from emulator.azuread.faults import GraphError, PluginError
from emulator.azuread.patience import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from emulator.azuread.cloud import Cloud
    from emulator.azuread.sign_in import SignIn
    from emulator.azuread.values import Values

STABLE, BETA = "v1.0", "beta"

HEADERS = {
    "Accept": "application/json; charset=utf-8; IEEE754Compatible=false",
    "Content-Type": "application/json; charset=utf-8",
    "OData-MaxVersion": "4.0",
    "OData-Version": "4.0",
}
"""What every request carries, those without a body too (go-azure-sdk: sdk/odata/query.go)."""

PAUSES = 5
"""How often in a row Graph may ask to wait; such waiting is not held against our patience."""

RETRIED = frozenset({408, 424, 429})
"""Statuses after which a request is sent again, besides those from 500 on except 501."""


@dataclass(frozen=True, slots=True)
class Graph:
    """One door to Graph, signed in."""

    http: httpx2.AsyncClient
    cloud: Cloud
    sign_in: SignIn
    patience: Patience = field(default_factory=Patience)

    async def close(self) -> None:
        """Hang up."""
        await self.http.aclose()

    async def get(self, path: str, *, version: str = STABLE, select: Sequence[str] = ()) -> Values:
        """Read one object. :raises GraphError: when it is not there, or not to be seen."""
        return await self._send("GET", self._url(version, path, {"$select": ",".join(select)}))

    async def find(self, path: str, *, version: str = STABLE, select: Sequence[str] = ()) -> Values | None:
        """Read one object, or ``None`` when it does not exist."""
        try:
            return await self.get(path, version=version, select=select)
        except GraphError as error:
            if error.is_not_found:
                return None
            raise

    async def list(
        self, path: str, *, version: str = STABLE, where: str = "", select: Sequence[str] = ()
    ) -> list[Values]:
        """Read a collection, page after page, with an OData filter in *where*."""
        url: str | None = self._url(version, path, {"$filter": where, "$select": ",".join(select)})
        items: list[Values] = []
        while url:
            page = await self._send("GET", url)
            items.extend(page.get("value", []))
            url = page.get("@odata.nextLink")
            if url:
                require_loopback(url)
        return items

    async def post(
        self, path: str, body: Values, *, version: str = STABLE, again: Callable[[GraphError], bool] | None = None
    ) -> Values:
        """Create something; a refusal that *again* accepts is taken for a delay, and the request is repeated."""
        return await self._send("POST", self._url(version, path), body, again)

    async def patch(
        self, path: str, body: Values, *, version: str = STABLE, again: Callable[[GraphError], bool] | None = None
    ) -> None:
        """Change some properties of an object."""
        await self._send("PATCH", self._url(version, path), body, again)

    async def put(self, path: str, body: Values, *, version: str = STABLE) -> None:
        """Replace a value."""
        await self._send("PUT", self._url(version, path), body)

    async def delete(self, path: str, *, version: str = STABLE) -> None:
        """Delete something. :raises GraphError: when it is not there, as the official plugin takes it."""
        await self._send("DELETE", self._url(version, path))

    async def wait_until_gone(self, path: str, *, version: str = STABLE) -> None:
        """Look until an object that was deleted cannot be found. :raises PluginError: when time ran out."""

        async def gone() -> bool | None:
            return True if await self.find(path, version=version) is None else None

        if not await self.patience.until(gone):
            raise PluginError(f"Waiting for deletion of {path}: timed out")

    def reference(self, object_id: str, *, version: str = STABLE) -> Values:
        """Point to a directory object, in the body of a ``$ref`` request."""
        return {"@odata.id": self.object_address(object_id, version=version)}

    def object_address(self, object_id: str, *, version: str = STABLE) -> str:
        """Tell the address of a directory object, as references write it."""
        return f"{self.cloud.graph}/{version}/directoryObjects/{object_id}"

    def _url(self, version: str, path: str, query: dict[str, str] | None = None) -> str:
        # Go encodes a query sorted by name, "$" as %24 and a blank as "+"; path segments are not escaped.
        given = sorted((name, value) for name, value in (query or {}).items() if value)
        return f"{self.cloud.graph}/{version}{path}" + (f"?{urlencode(given)}" if given else "")

    async def _send(
        self, method: str, url: str, body: Values | None = None, again: Callable[[GraphError], bool] | None = None
    ) -> Values:
        refusals: list[GraphError] = []

        async def attempt() -> Values | None:
            for _ in range(PAUSES):
                response = await self._request(method, url, body)
                if response.is_success:
                    answer: Values = response.json() if response.content else {}
                    return answer
                refusals.append(_error_of(response))
                if not (_is_passing(response.status_code) or (again is not None and again(refusals[-1]))):
                    raise refusals[-1]
                if not await self._paused(response):
                    break
            return None

        answer = await self.patience.until(attempt)
        if answer is None:
            raise refusals[-1]
        return answer

    async def _request(self, method: str, url: str, body: Values | None) -> httpx2.Response:
        headers = HEADERS | {"Authorization": f"Bearer {await self.sign_in.token()}"}
        try:
            return await self.http.request(method, url, headers=headers, json=body)
        except httpx2.TransportError as error:
            raise PluginError(f"{method} {url}: Graph does not answer: {error}") from error

    async def _paused(self, response: httpx2.Response) -> bool:
        """Wait as long as Graph asks, and tell whether it asked."""
        seconds = response.headers.get("Retry-After", "")
        if seconds.isascii() and seconds.isdigit():
            await self.patience.sleep(float(seconds))
        return bool(seconds.isascii() and seconds.isdigit())


def _is_passing(status: int) -> bool:
    return status in RETRIED or (status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.NOT_IMPLEMENTED)


def _error_of(response: httpx2.Response) -> GraphError:
    try:
        said = response.json()["error"]
        message = said["message"]
    except (ValueError, KeyError, TypeError):
        return GraphError(response.status_code, "", "")
    # An older form of the envelope has the text one level deeper (go-azure-sdk: sdk/odata/errors.go).
    text = message.get("value", "") if isinstance(message, dict) else message
    return GraphError(response.status_code, str(said.get("code", "")), str(text))
