"""Take a job away. Accounts at Elium stay as they are (graph: synchronizationjob-delete)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioning.model.identifiers import JobAddress
    from provisioning.operations.port import Synchronization


async def remove(graph: Synchronization, address: JobAddress) -> None:
    """Pause the job, so that no new cycle begins, and delete it. Safe to repeat."""
    await graph.pause(address)
    await graph.delete_job(address)
