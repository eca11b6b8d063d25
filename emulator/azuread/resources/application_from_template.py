"""An application of the gallery, and its service principal (azuread_application_from_template)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azuread.faults import explaining, quoted
from emulator.azuread.identifiers import APPLICATION, SERVICE_PRINCIPAL, Shape
from emulator.azuread.properties import Property, Role, required
from emulator.azuread.resources.resource import Resource

if TYPE_CHECKING:
    from emulator.azuread.graph import Graph
    from emulator.azuread.values import Values

IDENTIFIER = Shape("/applicationTemplates/{templateId}/instantiate/{applicationId}/{servicePrincipalId}")


class ApplicationFromTemplate(Resource):
    """Instantiates a template. Deleting the application takes its service principal along, which is Graph's doing."""

    table = (
        required("displayName"),
        required("templateId", replaces=True, is_id=True),
        Property("applicationId", Role.OUTPUT),
        Property("applicationObjectId", Role.OUTPUT),
        Property("servicePrincipalId", Role.OUTPUT),
        Property("servicePrincipalObjectId", Role.OUTPUT),
    )

    async def create(self, graph: Graph, inputs: Values) -> str:
        """Instantiate the template; the answer holds both objects."""
        template = inputs["templateId"]
        path = f"/applicationTemplates/{template}/instantiate"
        with explaining(f"creating Application Template (Application Template: {quoted(template)})"):
            made = await graph.post(path, {"displayName": inputs["displayName"]})
        return IDENTIFIER.of(template, made["application"]["id"], made["servicePrincipal"]["id"])

    async def read(self, graph: Graph, identifier: str) -> Values | None:
        """Read the application; that the service principal exists is not asked, as in the official plugin."""
        template, application, principal = IDENTIFIER.parts(identifier)
        with explaining(f"retrieving {identifier}"):
            found = await graph.find(f"/applications/{application}")
        if found is None:
            return None
        return {
            "displayName": found.get("displayName") or "",
            "templateId": template,
            "applicationId": APPLICATION.of(application),
            "applicationObjectId": application,
            "servicePrincipalId": SERVICE_PRINCIPAL.of(principal),
            "servicePrincipalObjectId": principal,
        }

    async def update(self, graph: Graph, identifier: str, before: Values, after: Values) -> None:  # noqa: ARG002 - all but the name replaces
        """Rename the application."""
        _, application, _ = IDENTIFIER.parts(identifier)
        with explaining(f"updating {identifier}"):
            await graph.patch(
                f"/applications/{application}",
                {"@odata.type": "#microsoft.graph.application", "displayName": after["displayName"]},
            )

    async def delete(self, graph: Graph, identifier: str) -> None:
        """Delete the application once; it goes to the recycle bin and nobody waits for that."""
        _, application, _ = IDENTIFIER.parts(identifier)
        with explaining(f"deleting {identifier}"):
            await graph.delete(f"/applications/{application}")
