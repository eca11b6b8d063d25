"""The names by which Microsoft Graph knows things, as types, so that one cannot stand in for another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from provisioning.errors import ConfigurationError

ServicePrincipalId = NewType("ServicePrincipalId", str)
"""The object id of a service principal; never its app id (graph: serviceprincipal-get)."""

TemplateId = NewType("TemplateId", str)
"""A synchronization template of a service principal, such as ``elium``; not a gallery (application) template."""

JobId = NewType("JobId", str)
"""A synchronization job, such as ``elium.7a1d5f0c….5c0e7d11-…``. Opaque; it contains dots and no slash."""


@dataclass(frozen=True, slots=True)
class JobAddress:
    """Where a job lives: under which service principal, and its id there."""

    service_principal: ServicePrincipalId
    job: JobId

    @classmethod
    def parse(cls, text: str) -> JobAddress:
        """Read ``<servicePrincipalId>/<jobId>``, the form that ``pulumi import`` takes.

        :raises ConfigurationError: when *text* has another form.
        """
        service_principal, slash, job = text.strip().partition("/")
        if not (service_principal and slash and job) or "/" in job:
            raise ConfigurationError(
                f"{text!r} does not name a synchronization job.",
                hint="Write it as <servicePrincipalId>/<jobId>, with the object id of the service principal.",
            )
        return cls(ServicePrincipalId(service_principal), JobId(job))

    def __str__(self) -> str:
        return f"{self.service_principal}/{self.job}"
