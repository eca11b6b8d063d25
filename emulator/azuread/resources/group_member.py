"""One membership of a group (azuread_group_member)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azuread.faults import PluginError, explaining, quoted
from emulator.azuread.graph import BETA
from emulator.azuread.identifiers import Shape
from emulator.azuread.properties import required
from emulator.azuread.resources.resource import Resource

if TYPE_CHECKING:
    from emulator.azuread.graph import Graph
    from emulator.azuread.values import Values

IDENTIFIER = Shape("{groupObjectId}/member/{memberObjectId}")


class GroupMember(Resource):
    """Adds a member and never changes: every property replaces it."""

    table = (
        required("groupObjectId", replaces=True, is_id=True),
        required("memberObjectId", replaces=True, is_id=True),
    )

    async def create(self, graph: Graph, inputs: Values) -> str:
        """Add the member, unless it is one already: then it must be imported."""
        group, member = inputs["groupObjectId"], inputs["memberObjectId"]
        title, identifier = f"Group (Group: {quoted(group)})", IDENTIFIER.of(group, member)
        with explaining(f"Retrieving {title}"):
            if await graph.find(f"/groups/{group}", version=BETA) is None:
                raise PluginError(f"{title} was not found")
        with explaining(f"Listing existing members for {title}"):
            members = await graph.list(f"/groups/{group}/members", version=BETA)
        if any(known["id"].lower() == member.lower() for known in members):
            raise PluginError(
                f"A resource with the ID {quoted(identifier)} already exists - to be managed via Terraform this"
                " resource needs to be imported into the State. Please see the resource documentation for"
                ' "azuread_group_member" for more information.'
            )
        with explaining(f"Adding {identifier}"):
            await graph.post(f"/groups/{group}/members/$ref", graph.reference(member, version=BETA), version=BETA)
        return identifier

    async def read(self, graph: Graph, identifier: str) -> Values | None:
        """Look for the member among the group's."""
        group, member = IDENTIFIER.parts(identifier)
        with explaining(f"Retrieving member {quoted(member)} for group with object ID: {quoted(group)}"):
            if await graph.find(f"/groups/{group}", version=BETA) is None:
                return None
            found = await graph.list(f"/groups/{group}/members", version=BETA, where=f"id eq '{member}'")
        if not any(known["id"].lower() == member.lower() for known in found):
            return None
        return {"groupObjectId": group, "memberObjectId": member}

    async def update(self, graph: Graph, identifier: str, before: Values, after: Values) -> None:
        """Do nothing: every change replaces it."""

    async def delete(self, graph: Graph, identifier: str) -> None:
        """Remove the member, and look until it is gone."""
        group, member = IDENTIFIER.parts(identifier)
        with explaining(f"Removing {identifier}"):
            await graph.delete(f"/groups/{group}/members/{member}/$ref", version=BETA)

            async def gone() -> bool | None:
                return True if await self.read(graph, identifier) is None else None

            if not await graph.patience.until(gone):
                raise PluginError(f"Waiting for removal of {identifier}: timed out")
