"""What a stack tells when it is up."""

from __future__ import annotations

import pulumi

from provisioning.components.elium import EliumProvisioning


def export_outputs(elium: EliumProvisioning) -> None:
    """Export the ids of app, service principal and job, how the job is, and where the portal shows it."""
    pulumi.export("applicationId", elium.app.application_object_id)
    pulumi.export("servicePrincipalId", elium.app.service_principal_object_id)
    pulumi.export("jobId", elium.job.job_id)
    pulumi.export("jobStatus", elium.job.job_status)
    pulumi.export("portalUrl", elium.job.portal_url)
