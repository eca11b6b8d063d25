"""What Entra has: the apps of a template, who is assigned, the jobs. Only read, never written."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from provisioning.errors import GraphError
from provisioning.graph.clouds import cloud_of
from provisioning.graph.patience import WallClock
from provisioning.graph.sign_in import SignIn
from provisioning.graph.transport import http_client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    import httpx2

    from provisioning.graph.exchange import TokenSource


@dataclass(frozen=True, slots=True)
class App:
    """An app that was made from the gallery; both are object ids."""

    application: str
    service_principal: str


@dataclass(frozen=True, slots=True)
class Assigned:
    """Somebody who holds a role of an app."""

    id: str
    principal: str
    """The object id of a group or user."""
    role: str
    name: str
    """What an administrator knows the group or user by."""


class Directory(Protocol):
    """What has to be known of Entra in order to find what a state lacks."""

    async def apps_of(self, template: str, display_name: str) -> Sequence[App]:
        """Find the apps of a gallery *template* that have exactly this display name."""

    async def assignments(self, service_principal: str) -> Sequence[Assigned]:
        """List who is assigned; nobody where the service principal does not exist."""

    async def jobs(self, service_principal: str) -> Sequence[str]:
        """List the ids of the jobs; none where the service principal does not exist."""


class GraphDirectory:
    """Entra, read over Microsoft Graph.

    Every verb raises :class:`~provisioning.errors.GraphError` when Graph says no.
    """

    def __init__(self, http: httpx2.AsyncClient, sign_in: TokenSource, root: str) -> None:
        self._http = http
        self._sign_in = sign_in
        self._root = f"{root}/v1.0"

    async def apps_of(self, template: str, display_name: str) -> Sequence[App]:
        """Find the apps (graph: serviceprincipal-list; its filter compares names without regard to case)."""
        only = quote(f"applicationTemplateId eq '{template}'")
        path = f"/servicePrincipals?$filter={only}&$select=id,appId,displayName"
        named = [node async for node in self._items(path) if node.get("displayName") == display_name]
        return [App(await self._application(node["appId"]), node["id"]) for node in named]

    async def assignments(self, service_principal: str) -> Sequence[Assigned]:
        """List who is assigned (graph: serviceprincipal-list-approleassignedto)."""
        path = f"/servicePrincipals/{service_principal}/appRoleAssignedTo"
        return [
            Assigned(node["id"], node["principalId"], node["appRoleId"], node.get("principalDisplayName") or "")
            async for node in self._items(path)
        ]

    async def jobs(self, service_principal: str) -> Sequence[str]:
        """List the jobs (graph: synchronization-serviceprincipal-list-jobs)."""
        path = f"/servicePrincipals/{service_principal}/synchronization/jobs"
        return [node["id"] async for node in self._items(path)]

    async def _application(self, app_id: str) -> str:
        """Give the object id; empty when another tenant owns the application, or it was deleted."""
        only = quote(f"appId eq '{app_id}'")
        async for node in self._items(f"/applications?$filter={only}&$select=id"):
            return str(node["id"])
        return ""

    async def _items(self, path: str) -> AsyncIterator[Mapping[str, Any]]:
        """Give what a collection holds, page after page; nothing where it does not exist."""
        url: str | None = f"{self._root}{path}"
        while url:
            token = await self._sign_in.token()
            answer = await self._http.get(url, headers={"Authorization": f"Bearer {token}"})
            if answer.status_code == 404:  # noqa: PLR2004 - not found
                return
            if not answer.is_success:
                asked = f"GET {path.partition('?')[0]}"
                raise GraphError(f"Graph answered {answer.status_code} to {asked}.", status=answer.status_code)
            page = answer.json()
            for node in page["value"]:
                yield node
            url = page.get("@odata.nextLink")


@asynccontextmanager
async def directory_of(environment: Mapping[str, str]) -> AsyncIterator[GraphDirectory]:
    """Open the directory of the cloud and identity that *environment* names, in azuread's words (``ARM_…``)."""
    async with http_client(environment) as http:
        cloud = await cloud_of(environment, http)
        yield GraphDirectory(http, SignIn(environment, cloud, WallClock()), cloud.graph)
