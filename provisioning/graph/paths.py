"""Where things of the synchronization service lie (graph 5)."""

from __future__ import annotations

from provisioning.model.identifiers import JobAddress, ServicePrincipalId


def templates_of(principal: ServicePrincipalId) -> str:
    """Give the path of what jobs can be made from."""
    return f"{_synchronization(principal)}/templates"


def secrets_of(principal: ServicePrincipalId) -> str:
    """Give the path of the synchronization secrets: one set for all jobs."""
    return f"{_synchronization(principal)}/secrets"


def jobs_of(principal: ServicePrincipalId) -> str:
    """Give the path of the jobs."""
    return f"{_synchronization(principal)}/jobs"


def job_at(address: JobAddress) -> str:
    """Give the path of one job; its id needs no escaping (graph 5.2)."""
    return f"{jobs_of(address.service_principal)}/{address.job}"


def schema_at(address: JobAddress) -> str:
    """Give the path of the schema of a job."""
    return f"{job_at(address)}/schema"


def _synchronization(principal: ServicePrincipalId) -> str:
    return f"/servicePrincipals/{principal}/synchronization"
