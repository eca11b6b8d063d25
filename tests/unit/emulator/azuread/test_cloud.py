from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from emulator.azuread.cloud import Cloud, discover, require_loopback
from emulator.azuread.faults import PluginError

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "GET /metadata/endpoints?api-version=2022-09-01"


async def discovered(transport: httpx2.AsyncBaseTransport, host: str = "localhost:8443") -> Cloud:
    async with httpx2.AsyncClient(transport=transport) as http:
        return await discover(http, host)


async def test_the_cloud_is_what_the_metadata_host_says(transport_with: Callable[[Any], Any]) -> None:
    expected = Cloud(login="https://localhost:8443", graph="https://localhost:8443")

    assert await discovered(transport_with({})) == expected


@pytest.mark.parametrize(
    ("graph", "login"),
    [
        ("https://graph.microsoft.com", "https://localhost"),
        ("https://127.0.0.1", "https://login.microsoftonline.com"),
        ("https://localhost.example.com", "https://localhost"),
    ],
)
async def test_a_cloud_elsewhere_is_refused(transport_with: Callable[[Any], Any], graph: str, login: str) -> None:
    document = {"microsoftGraphResourceId": graph, "authentication": {"loginEndpoint": login}}

    with pytest.raises(PluginError, match="speaks to loopback addresses only and not to https://"):
        await discovered(transport_with({KEY: document}))


@pytest.mark.parametrize("host", ["", "management.azure.com", "10.0.0.1:8443"])
async def test_a_metadata_host_elsewhere_is_not_even_asked(
    transport_with: Callable[[Any], Any], sent: list[httpx2.Request], host: str
) -> None:
    with pytest.raises(PluginError, match="pulumi plugin install resource azuread"):
        await discovered(transport_with({}), host)
    assert sent == []


@pytest.mark.parametrize(
    "address", ["http://localhost:1/x", "https://127.8.0.1", "https://[::1]:2", "https://a.localhost"]
)
def test_loopback_has_many_names(address: str) -> None:
    require_loopback(address)


async def test_a_document_without_a_graph_is_refused(transport_with: Callable[[Any], Any]) -> None:
    document = {"authentication": {"loginEndpoint": "https://localhost"}}

    with pytest.raises(PluginError, match='the metadata document has no "microsoftGraphResourceId"'):
        await discovered(transport_with({KEY: document}))


async def test_a_list_of_clouds_is_refused_as_the_official_plugin_does(transport_with: Callable[[Any], Any]) -> None:
    with pytest.raises(PluginError, match="one JSON object was expected"):
        await discovered(transport_with({KEY: (200, [])}))


async def test_a_host_that_refuses_is_told_with_its_status(transport_with: Callable[[Any], Any]) -> None:
    with pytest.raises(PluginError, match="Azure MetaData service: received HTTP status 503"):
        await discovered(transport_with({KEY: (503, {})}))


async def test_a_host_that_is_silent_is_named() -> None:
    def refuse(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("connection refused", request=request)

    with pytest.raises(PluginError, match=r"localhost:8443/metadata/endpoints.* does not answer: connection refused"):
        await discovered(httpx2.MockTransport(refuse))
