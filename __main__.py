"""Provision users from Microsoft Entra ID into Elium: one environment, as its ``Pulumi.<stack>.yaml`` declares it."""

import pulumi

from provisioning.components import EliumProvisioning, errors_as_sentences, settings_of_stack

with errors_as_sentences():
    settings = settings_of_stack()
    elium = EliumProvisioning("elium", settings)

    pulumi.export("applicationId", elium.app.application_object_id)
    pulumi.export("servicePrincipalId", elium.app.service_principal_object_id)
    pulumi.export("jobId", elium.job.job_id)
    pulumi.export("jobStatus", elium.job.job_status)
    pulumi.export("portalUrl", elium.job.portal_url)
