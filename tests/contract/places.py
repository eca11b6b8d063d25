"""Where the contract is held against: the emulator in this program, on a port, and over Microsoft's own client."""

from __future__ import annotations

import ssl
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx
import httpx2
from asking import elium_app, token_of
from azure.identity import ClientSecretCredential
from contract.graph_contract import Place
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_service_client import GraphServiceClient
from msgraph_core import GraphClientFactory  # type: ignore[import-untyped]  # Microsoft ships it without types

from provisioning.graph.client import GraphClient
from provisioning.graph.clouds import cloud_of
from provisioning.graph.sign_in import SignIn
from provisioning.graph.transport import http_client
from provisioning.model.credentials import Credentials, SecretToken
from provisioning.model.identifiers import ServicePrincipalId

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from identities import Contract

    from emulator.premises import Premises
    from provisioning.graph.patience import Clock


class KnownToken:
    """A sign-in that happened already."""

    def __init__(self, emulator: Premises, name: str = "elium-deployer") -> None:
        self._known = token_of(emulator, name)

    async def token(self) -> str:
        return self._known

    def forget(self) -> None:
        """Keep it: there is no other."""


async def new_app(emulator: Premises) -> ServicePrincipalId:
    """Make an app from Elium's gallery entry."""
    headers = {"authorization": f"Bearer {token_of(emulator)}"}
    transport = httpx2.ASGITransport(emulator.app)
    async with httpx2.AsyncClient(transport=transport, base_url=f"{emulator.origin}/v1.0", headers=headers) as http:
        return ServicePrincipalId((await elium_app(http))["servicePrincipal"]["id"])


def credentials_of(environment: Mapping[str, str]) -> Credentials:
    """Read what Elium's security page shows out of an environment."""
    return Credentials(f"{environment['ELIUM_TENANT_URL']}/scim/v2", SecretToken(environment["ELIUM_SECRET_TOKEN"]))


@asynccontextmanager
async def signed_in(environment: Mapping[str, str], clock: Clock) -> AsyncIterator[GraphClient]:
    """Open our own client, as an environment says."""
    async with http_client(environment) as http:
        cloud = await cloud_of(environment, http)
        yield GraphClient(http, SignIn(environment, cloud, clock), cloud.graph, clock)


@asynccontextmanager
async def sdk_client(contract: Contract) -> AsyncIterator[GraphServiceClient]:
    """Open Microsoft's client with its default middleware, as somebody would who has one."""
    who, served = contract.identity, contract.served
    credential = ClientSecretCredential(
        who.tenant,
        who.client,
        who.secret,
        authority=served.origin,
        disable_instance_discovery=True,
        connection_verify=served.ca_file,
    )
    provider = AzureIdentityAuthenticationProvider(
        credential, scopes=["https://graph.microsoft.com/.default"], allowed_hosts=["127.0.0.1"]
    )
    # The middleware does not close what it wraps.
    wire = httpx.AsyncHTTPTransport(verify=ssl.create_default_context(cafile=served.ca_file))
    async with wire, httpx.AsyncClient(transport=wire, timeout=20) as http:
        adapter = GraphRequestAdapter(provider, GraphClientFactory.create_with_default_middleware(client=http))
        adapter.base_url = f"{served.origin}/v1.0"
        yield GraphServiceClient(request_adapter=adapter)


async def place_of(emulator: Premises, graph: GraphClient, clock: Clock) -> Place:
    """Describe an emulator as a place."""
    site = emulator.seed.elium[0]
    address = f"{emulator.origin}/elium/{site.name}/scim/v2"
    return Place(graph, await new_app(emulator), Credentials(address, SecretToken(site.token or "")), clock)
