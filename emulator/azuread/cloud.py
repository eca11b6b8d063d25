"""Where the cloud is: the two addresses that it says of itself, neither of which may leave this machine."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2

from emulator.azuread.faults import PluginError, quoted

if TYPE_CHECKING:
    from emulator.azuread.values import Values

MICROSOFT_GRAPH = "https://graph.microsoft.com"
"""Where the official plugin goes when no metadata host is given."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """The addresses of sign-in and of Graph, without a slash at the end."""

    login: str
    graph: str


async def discover(http: httpx2.AsyncClient, metadata_host: str) -> Cloud:
    """Ask the metadata host where sign-in and Graph are (go-azure-sdk: sdk/internal/metadata/client.go).

    :raises PluginError: when any of the addresses is not on loopback, before anything is sent to it.
    """
    if not metadata_host:
        raise _refusal(MICROSOFT_GRAPH)
    source = f"https://{metadata_host}"
    require_loopback(source)
    url = f"{source}/metadata/endpoints?api-version=2022-09-01"
    try:
        response = await http.get(url)
    except httpx2.TransportError as error:
        raise PluginError(
            f"retrieving environments from Azure MetaData service: {url} does not answer: {error}"
        ) from error
    if response.status_code != httpx2.codes.OK:
        raise PluginError(
            f"retrieving environments from Azure MetaData service: received HTTP status {response.status_code}"
        )
    return _cloud(response.json())


def require_loopback(address: str) -> None:
    """Refuse every address that would leave this machine. :raises PluginError: saying which, and what to do."""
    host = urlsplit(address).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return
    try:
        if ip_address(host).is_loopback:
            return
    except ValueError:
        pass
    raise _refusal(address)


def _cloud(document: object) -> Cloud:
    if not isinstance(document, dict):
        raise PluginError("unmarshaling the metadata document: one JSON object was expected")
    cloud = Cloud(
        login=_endpoint(document.get("authentication") or {}, "loginEndpoint"),
        graph=_endpoint(document, "microsoftGraphResourceId").rstrip("/"),
    )
    for address in (cloud.login, cloud.graph):
        require_loopback(address)
    return cloud


def _endpoint(document: Values, name: str) -> str:
    address = document.get(name)
    if not isinstance(address, str) or not address:
        raise PluginError(f"the metadata document has no {quoted(name)}")
    return address


def _refusal(address: str) -> PluginError:
    return PluginError(
        f"This is the stand-in for the azuread plugin, which speaks to loopback addresses only and not to {address};"
        " for a real tenant install the official one: pulumi plugin install resource azuread"
    )
