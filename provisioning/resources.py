"""The Pulumi resource class of our own plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi

if TYPE_CHECKING:
    from collections.abc import Mapping

OUTPUTS = ("jobId", "templateId", "schemaVersion", "replacedSchemaVersion", "jobStatus", "portalUrl")
"""What the service tells."""


class SynchronizationJob(pulumi.CustomResource):
    """The synchronization job of a gallery app: credentials, notification, mappings, filters, scope and status.

    One resource, because order matters: test, save, map, start is one story with one owner. Its inputs are those of
    :class:`provisioning.settings.job.JobInputs`; what they do not name stays as the service has it. Import it as
    ``<servicePrincipalId>/<jobId>``.
    """

    def __init__(self, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        """Declare the job. *inputs* are in camel case, as the plugin reads them."""
        outputs = dict.fromkeys(OUTPUTS)
        super().__init__("entrasync:index:SynchronizationJob", name, {**outputs, **inputs}, opts)

    @property
    def job_id(self) -> pulumi.Output[str]:
        """The job's id at the service."""
        return self._output("jobId")

    @property
    def template_id(self) -> pulumi.Output[str]:
        """The synchronization template that it was made from."""
        return self._output("templateId")

    @property
    def schema_version(self) -> pulumi.Output[str]:
        """The version of its schema when it was last read; empty when it never was."""
        return self._output("schemaVersion")

    @property
    def replaced_schema_version(self) -> pulumi.Output[str | None]:
        """The version of the schema that was last replaced; nothing when none was."""
        return self._output("replacedSchemaVersion")

    @property
    def job_status(self) -> pulumi.Output[Mapping[str, str]]:
        """``code`` and, in quarantine, ``quarantineReason``, as last seen."""
        return self._output("jobStatus")

    @property
    def portal_url(self) -> pulumi.Output[str]:
        """The provisioning page of this app in the portal."""
        return self._output("portalUrl")

    def _output(self, name: str) -> pulumi.Output[Any]:
        """Give an output by the plugin's name; Pulumi's own translation would rename attributes in mappings too."""
        output: pulumi.Output[Any] = pulumi.get(self, name)
        return output
