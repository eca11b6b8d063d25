"""See how a job is configured at the service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provisioning.model.identifiers import JobAddress
    from provisioning.model.job import Job
    from provisioning.model.schema import SynchronizationSchema
    from provisioning.operations.port import Synchronization


@dataclass(frozen=True, slots=True)
class Observed:
    """What the service holds."""

    job: Job
    secrets: Mapping[str, str]
    """Sensitive values are masked."""
    schema: SynchronizationSchema | None
    """``None`` when it was not asked for."""


async def observe(graph: Synchronization, address: JobAddress, *, with_schema: bool) -> Observed | None:
    """Read a job, its secrets and, where something is declared about it, its schema; ``None`` when the job is gone."""
    job = await graph.job(address)
    if job is None:
        return None
    secrets = await graph.secrets(address.service_principal)
    schema = await graph.schema(address) if with_schema else None
    return Observed(job, secrets, schema)
