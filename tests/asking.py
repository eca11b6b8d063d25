"""A client of the emulator without a socket, signed in as one of the seed's applications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2

from emulator.company.store import Kind
from emulator.identity.sign_in import Asked, sign_in

if TYPE_CHECKING:
    from emulator.company.store import DirectoryObject
    from emulator.premises import Premises

SCOPE = "https://graph.microsoft.com/.default"


def token_of(emulator: Premises, name: str = "elium-deployer") -> str:
    """Sign in as an application of the seed."""
    client = next(known for known in emulator.seed.clients if known.display_name == name)
    form = {"grant_type": "client_credentials", "client_id": client.app_id, "scope": SCOPE}
    form["client_secret"] = client.secret or ""
    asked = Asked(emulator.seed.tenant.id, form, emulator.origin)
    answer = sign_in(emulator.world, emulator.entra.desk, asked)
    return str(answer["access_token"])


def graph_of(emulator: Premises, name: str = "elium-deployer", version: str = "v1.0") -> httpx2.AsyncClient:
    """Open Graph as an application of the seed; paths start after the version."""
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(emulator.app),
        base_url=f"{emulator.origin}/{version}",
        headers={"authorization": f"Bearer {token_of(emulator, name)}"},
    )


def named(emulator: Premises, kind: Kind, name: str) -> DirectoryObject:
    """Find an object of the made-up company by its display name."""
    directory = emulator.world.tenant(emulator.seed.tenant.id).directory
    return next(found for found in directory.all(kind) if found.properties["displayName"] == name)


async def elium_app(graph: httpx2.AsyncClient, name: str = "Elium (prod)") -> dict[str, Any]:
    """Make an application from Elium's gallery entry and give both of its objects."""
    found = await graph.get("/applicationTemplates", params={"$filter": "displayName eq 'Elium'"})
    template = found.json()["value"][0]["id"]
    made = await graph.post(f"/applicationTemplates/{template}/instantiate", json={"displayName": name})
    pair: dict[str, Any] = made.json()
    return pair


async def elium_job(emulator: Premises, graph: httpx2.AsyncClient) -> str:
    """Assign "Elium users" to Elium, connect and start a job, and tell where it is."""
    tenant = emulator.seed.elium[0]
    principal = (await elium_app(graph))["servicePrincipal"]
    at = f"/servicePrincipals/{principal['id']}/synchronization"
    pairs = {"BaseAddress": f"{emulator.origin}/elium/{tenant.name}/scim/v2", "SecretToken": tenant.token}
    group = named(emulator, Kind.GROUP, "Elium users").id
    role = {"principalId": group, "resourceId": principal["id"], "appRoleId": principal["appRoles"][0]["id"]}
    await graph.post(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", json=role)
    job = (await graph.post(f"{at}/jobs", json={"templateId": "elium"})).json()["id"]
    await graph.put(f"{at}/secrets", json={"value": [{"key": key, "value": value} for key, value in pairs.items()]})
    await graph.post(f"{at}/jobs/{job}/start")
    return f"{at}/jobs/{job}"
