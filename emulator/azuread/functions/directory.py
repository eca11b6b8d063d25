"""Looking up the caller and the domains of the tenant (client_config_data_source.go, domains_data_source.go)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azuread.faults import PluginError, explaining
from emulator.azuread.functions.arguments import digest
from emulator.azuread.properties import Kind, Property, shown, texts

if TYPE_CHECKING:
    from emulator.azuread.graph import Graph
    from emulator.azuread.values import Values

FLAGS = {
    "adminManaged": "isAdminManaged",
    "default": "isDefault",
    "initial": "isInitial",
    "root": "isRoot",
    "verified": "isVerified",
}

DOMAIN = (
    *texts("authenticationType domainName=id"),
    *(Property(name, kind=Kind.FLAG, graph=graph) for name, graph in FLAGS.items()),
    Property("supportedServices", kind=Kind.LIST, graph="supportedServices"),
)

DEMANDS = {"adminManaged": "adminManaged", "onlyDefault": "default", "onlyInitial": "initial", "onlyRoot": "root"}
"""Arguments, and the flag of a domain that each demands."""


async def get_client_config(graph: Graph, arguments: Values) -> Values:  # noqa: ARG001 - it has no arguments
    """Tell who is signed in; nothing is asked of Graph, the token says it."""
    identity, object_id = graph.sign_in.identity, await graph.sign_in.object_id()
    return {
        "id": f"{identity.tenant_id}-{identity.client_id}-{object_id}",
        "clientId": identity.client_id,
        "objectId": object_id,
        "tenantId": identity.tenant_id,
    }


async def get_domains(graph: Graph, arguments: Values) -> Values:
    """List the domains that meet every demand; Graph has no filter for them."""
    with explaining("Could not list domains"):
        found = [shown(DOMAIN, domain) for domain in await graph.list("/domains")]
    domains = [domain for domain in found if _meets(domain, arguments)]
    if not domains:
        raise PluginError("No domains found for the provided filters")
    names = [domain["domainName"] for domain in domains]
    asked = {name: arguments.get(name, False) for name in (*DEMANDS, "includeUnverified")}
    return asked | {
        "id": f"domains#{graph.sign_in.identity.tenant_id}#{digest(names, '/')}",
        "domains": domains,
        "supportsServices": arguments.get("supportsServices", []),
    }


def _meets(domain: Values, arguments: Values) -> bool:
    return (
        all(domain[flag] for demand, flag in DEMANDS.items() if arguments.get(demand))
        and (domain["verified"] or arguments.get("includeUnverified", False))
        and set(arguments.get("supportsServices", [])) <= set(domain["supportedServices"])
    )
