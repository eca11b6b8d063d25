"""Looking up an application of the gallery (application_template_data_source.go)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azuread.faults import PluginError, explaining, quoted
from emulator.azuread.functions.arguments import equals, no_matches, single, the_one_of

if TYPE_CHECKING:
    from emulator.azuread.graph import Graph
    from emulator.azuread.values import Values


async def get_application_template(graph: Graph, arguments: Values) -> Values:
    """Find a template by its id, or by its display name whatever the case."""
    if the_one_of(arguments, ("templateId", "displayName")) == "templateId":
        found = await _by_id(graph, arguments["templateId"])
    else:
        found = await _by_name(graph, arguments["displayName"])
    return {
        "id": found["id"],
        "categories": found.get("categories") or [],
        "displayName": found.get("displayName") or "",
        "homepageUrl": found.get("homePageUrl") or "",
        "logoUrl": found.get("logoUrl") or "",
        "publisher": found.get("publisher") or "",
        "supportedProvisioningTypes": found.get("supportedProvisioningTypes") or [],
        "supportedSingleSignOnModes": found.get("supportedSingleSignOnModes") or [],
        "templateId": found["id"],
    }


async def _by_id(graph: Graph, template: str) -> Values:
    with explaining(f"Retrieving Application Template with ID {quoted(template)}"):
        found = await graph.find(f"/applicationTemplates/{template}")
    if found is None:
        raise PluginError(f"Application Template with ID {quoted(template)} was not found")
    return found


async def _by_name(graph: Graph, name: str) -> Values:
    where = equals("displayName", name)
    with explaining(f"Listing application templates for filter {quoted(where)}"):
        found = single(
            await graph.list("/applicationTemplates", where=where), *no_matches("application template", where)
        )
    if found["displayName"].lower() != name.lower():
        raise PluginError(
            f"Bad API Response: DisplayName does not match ({quoted(found['displayName'])} != {quoted(name)})"
            f" for application tempate matching filter: {quoted(where)}"
        )
    return found
