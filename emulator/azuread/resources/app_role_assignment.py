"""The assignment of a principal to an app role (azuread_app_role_assignment)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from emulator.azuread.faults import GraphError, PluginError, explaining, quoted
from emulator.azuread.identifiers import Shape
from emulator.azuread.properties import Role, required, shown, texts
from emulator.azuread.resources.resource import Resource

if TYPE_CHECKING:
    from emulator.azuread.graph import Graph
    from emulator.azuread.values import Values

IDENTIFIER = Shape("/servicePrincipals/{servicePrincipalId}/appRoleAssignedTo/{appRoleAssignmentId}")


class AppRoleAssignment(Resource):
    """Assigns once and never changes: every property replaces it."""

    table = (
        required("appRoleId", replaces=True, is_id=True),
        required("principalObjectId", graph="principalId", replaces=True, is_id=True),
        required("resourceObjectId", graph="resourceId", replaces=True, is_id=True),
        *texts("principalDisplayName principalType resourceDisplayName", Role.OUTPUT),
    )

    async def create(self, graph: Graph, inputs: Values) -> str:
        """See that the resource is there, and assign; what is not replicated yet is tried again."""
        resource = inputs["resourceObjectId"]
        await _require_service_principal(graph, resource)
        body = {
            "@odata.type": "#microsoft.graph.appRoleAssignment",
            "appRoleId": inputs["appRoleId"],
            "principalId": inputs["principalObjectId"],
            "resourceId": resource,
        }
        path = f"/servicePrincipals/{resource}/appRoleAssignedTo"
        with explaining("Could not create app role assignment"):
            made = await graph.post(path, body, again=_is_not_replicated)
        return IDENTIFIER.of(made["resourceId"], made["id"])

    async def read(self, graph: Graph, identifier: str) -> Values | None:
        """Read the assignment."""
        with explaining(f"retrieving {identifier}"):
            found = await graph.find(_path(identifier))
        return None if found is None else shown(self.table, found)

    async def update(self, graph: Graph, identifier: str, before: Values, after: Values) -> None:
        """Do nothing: every change replaces it."""

    async def delete(self, graph: Graph, identifier: str) -> None:
        """Delete the assignment once; that it is gone already is an error."""
        with explaining(f"Deleting {identifier}"):
            await graph.delete(_path(identifier))


async def _require_service_principal(graph: Graph, object_id: str) -> None:
    try:
        await graph.get(f"/servicePrincipals/{object_id}")
    except GraphError as error:
        summary = "Service principal not found" if error.is_not_found else "Could not retrieve service principal"
        raise PluginError(f"{summary} for resource (Object ID: {quoted(object_id)}): {error}") from error


def _is_not_replicated(error: GraphError) -> bool:
    # A principal that was just created is unknown to some replicas for a while (terraform-provider-azuread#763).
    return error.is_not_found or (
        error.status == HTTPStatus.BAD_REQUEST and "Not a valid reference update" in error.message
    )


def _path(identifier: str) -> str:
    # The id is the path, once it is known to have the right form.
    return IDENTIFIER.of(*IDENTIFIER.parts(identifier))
