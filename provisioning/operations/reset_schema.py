"""Put a job's schema back to its template's: mappings and scoping filters alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioning.model.identifiers import JobAddress
    from provisioning.operations.port import Synchronization
    from provisioning.operations.save_schema import Shelf


async def reset_schema(graph: Synchronization, address: JobAddress, shelf: Shelf | None = None) -> str:
    """Reset the schema and give the version that was replaced; the schema itself goes to the *shelf*.

    The initial cycle starts anew, and people whom a filter kept out enter
    (graph: synchronization-synchronizationschema-delete).
    """
    schema = await graph.schema(address)
    if shelf:
        shelf.keep(address, schema)
    await graph.reset_schema(address)
    return schema.version
