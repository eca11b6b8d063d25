from __future__ import annotations

import httpx2
import pytest

from provisioning.errors import ConfigurationError, UnavailableError
from provisioning.graph.clouds import CHINA, GLOBAL, Cloud, cloud_of

DOCUMENT = {
    "microsoftGraphResourceId": "https://localhost:8443/",
    "authentication": {"loginEndpoint": "https://localhost:8443"},
}


def answering(answer: httpx2.Response) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.MockTransport(lambda _: answer))


async def test_without_a_word_it_is_the_global_cloud() -> None:
    assert await cloud_of({}, answering(httpx2.Response(500))) is GLOBAL


async def test_a_cloud_is_named_as_azuread_names_it() -> None:
    assert await cloud_of({"ARM_ENVIRONMENT": "China"}, answering(httpx2.Response(500))) is CHINA


async def test_an_unknown_cloud_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        await cloud_of({"ARM_ENVIRONMENT": "mars"}, answering(httpx2.Response(500)))

    assert str(refusal.value) == "ARM_ENVIRONMENT: 'mars' is not a Microsoft cloud."
    assert "usgovernmentl4" in refusal.value.hint


async def test_a_metadata_host_describes_its_own_cloud() -> None:
    cloud = await cloud_of({"ARM_METADATA_HOSTNAME": "localhost:8443"}, answering(httpx2.Response(200, json=DOCUMENT)))

    assert cloud == Cloud("https://localhost:8443", "https://localhost:8443", is_described=True)


NOTHING = [
    httpx2.Response(503),
    httpx2.Response(200, json=[]),
    httpx2.Response(200, text=""),
    httpx2.Response(200, json={"authentication": {"loginEndpoint": None}, "microsoftGraphResourceId": "x"}),
    httpx2.Response(302),
]


@pytest.mark.parametrize("answer", NOTHING)
async def test_a_host_that_describes_nothing_is_told(answer: httpx2.Response) -> None:
    with pytest.raises(UnavailableError, match="localhost:8443 does not describe a cloud"):
        await cloud_of({"ARM_METADATA_HOSTNAME": "localhost:8443"}, answering(answer))
