"""Everything that Entra needs in order to provision people into Elium, in the order of Microsoft's tutorial."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_azuread as azuread

from provisioning.components.directory import gallery_template_id, principals, role_id
from provisioning.components.stack import told_by_pulumi
from provisioning.resources import SynchronizationJob

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_azuread.outputs import GetServicePrincipalAppRoleResult

    from provisioning.settings.stack import Settings


class EliumProvisioning(pulumi.ComponentResource):
    """The gallery app, who is assigned to it, and its synchronization job.

    What belongs to azuread is azuread's: the app, its service principal, the role assignments. The rest is one
    :class:`SynchronizationJob`, which is made last, so that its initial cycle finds everybody assigned.

    :raises ConfigurationError: when something that the settings name does not exist, every name at once.
    """

    app: azuread.ApplicationFromTemplate
    """Application and service principal, made from the gallery."""
    assignments: list[azuread.AppRoleAssignment]
    """One for each group and user."""
    job: SynchronizationJob

    def __init__(self, name: str, settings: Settings, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("elium:index:EliumProvisioning", name, {}, opts)
        below = pulumi.ResourceOptions(parent=self)
        look_up = pulumi.InvokeOptions(parent=self)

        template_id = gallery_template_id(settings.gallery_app, look_up)
        assigned = principals(settings.groups, settings.users, look_up)
        self.app = azuread.ApplicationFromTemplate(
            f"{name}-app", display_name=settings.display_name, template_id=template_id, opts=below
        )
        service_principal = azuread.get_service_principal_output(
            object_id=self.app.service_principal_object_id, opts=pulumi.InvokeOutputOptions(parent=self)
        )
        role = service_principal.app_roles.apply(lambda roles: _role_id(roles, settings.role))
        self.assignments = [
            azuread.AppRoleAssignment(
                f"{name}-assignment-{principal}",
                app_role_id=role,
                principal_object_id=principal,
                resource_object_id=self.app.service_principal_object_id,
                opts=below,
            )
            for principal in assigned
        ]
        self.job = SynchronizationJob(
            f"{name}-job",
            job_inputs(settings, self.app.service_principal_object_id),
            pulumi.ResourceOptions(parent=self, depends_on=self.assignments),
        )
        self.register_outputs({})


def _role_id(roles: Sequence[GetServicePrincipalAppRoleResult], name: str) -> str:
    """Find the role once the app exists. Pulumi calls this later, so its error must be told from here."""
    with told_by_pulumi():
        return role_id(roles, name)


def job_inputs(settings: Settings, service_principal_id: pulumi.Input[str]) -> dict[str, Any]:
    """Write the job's part of the settings as the inputs of its resource. What was not set is not mentioned."""
    inputs: dict[str, Any] = {
        "servicePrincipalId": service_principal_id,
        "baseAddress": settings.tenant_url,
        "secretToken": pulumi.Output.secret(settings.token.reveal()),
        "scope": settings.scope.value,
        "status": settings.status,
    }
    if settings.notification_email:
        inputs["notification"] = {"email": settings.notification_email, "enabled": settings.notify_on_failure}
    optional = settings.model_dump(
        mode="json",
        by_alias=True,
        exclude_unset=True,
        include={
            *("mappings", "filters", "objects", "attributes", "template_id", "delete_threshold"),
            *("skip_out_of_scope_deletions", "accept_leavers", "impact_limit"),
        },
    )
    return inputs | optional
