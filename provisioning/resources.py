"""The Pulumi resource class of our own plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi

if TYPE_CHECKING:
    from collections.abc import Mapping


class SynchronizationJob(pulumi.CustomResource):
    """The synchronization job of a gallery app: credentials, notification, mappings, filters, scope and status.

    One resource, because order matters: test, save, map, start is one story with one owner. Its inputs are those of
    :class:`provisioning.settings.job.JobInputs`; what they do not name stays as the service has it. Import it as
    ``<servicePrincipalId>/<jobId>``.
    """

    job_id: pulumi.Output[str]
    """The job's id at the service."""
    template_id: pulumi.Output[str]
    """The synchronization template that it was made from."""
    schema_version: pulumi.Output[str]
    """The version of its schema when it was last read; empty when it never was."""
    job_status: pulumi.Output[Mapping[str, str]]
    """``code`` and, in quarantine, ``quarantineReason``, as last seen."""
    portal_url: pulumi.Output[str]
    """The provisioning page of this app in the portal."""

    def __init__(self, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        """Declare the job. *inputs* are in camel case, as the plugin reads them."""
        outputs = dict.fromkeys(("jobId", "templateId", "schemaVersion", "jobStatus", "portalUrl"))
        super().__init__("entrasync:index:SynchronizationJob", name, {**outputs, **inputs}, opts)

    def translate_output_property(self, prop: str) -> str:
        """Give the attribute for one of Pulumi's property names: ``jobId`` is ``job_id``."""
        return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in prop)
