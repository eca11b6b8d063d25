"""Everything that Entra needs in order to provision people into Elium, in the order of Microsoft's tutorial."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_azuread as azuread

from provisioning.apps import ELIUM, App
from provisioning.components.directory import gallery_template_id, principals
from provisioning.components.judged import judged_role
from provisioning.components.late_settings import LateSettings
from provisioning.operations.lookups import Principal
from provisioning.operations.resource_names import ResourceNames
from provisioning.resources import ProvisioningPlan, SynchronizationJob, once_done
from provisioning.settings.inputs import inputs_of_job, inputs_of_plan, job_inputs
from provisioning.settings.stack import Settings


class EliumProvisioning(pulumi.ComponentResource):
    """The gallery app, who is assigned to it, and its synchronization job.

    What belongs to azuread is azuread's: the app, its service principal, the role assignments. The rest is a
    :class:`ProvisioningPlan`, on which the assignments depend, so that what is refused is refused before anybody is
    touched, and a :class:`SynchronizationJob`, which depends on them, so that its initial cycle finds everybody
    assigned, and so that a destroy asks it first.

    :raises ConfigurationError: when something that the settings name does not exist, every name at once.
    """

    app: azuread.ApplicationFromTemplate
    """Application and service principal, made from the gallery."""
    plan: ProvisioningPlan
    assignments: list[azuread.AppRoleAssignment]
    """One for each group and user."""
    job: SynchronizationJob

    def __init__(
        self,
        name: str,
        settings: Settings | Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
        *,
        kind: App = ELIUM,
    ) -> None:
        """Declare all of it.

        *settings* are those of a stack, or a table of them by name, in which address, token, e-mail and threshold may
        be outputs of other resources.
        """
        super().__init__(kind.type, name, {}, opts)
        late = LateSettings.of(settings)
        settings = late.settings
        look_up = pulumi.InvokeOptions(parent=self)
        names = ResourceNames(name)
        template_id = gallery_template_id(settings.gallery_app, look_up)
        assigned = principals(settings.groups, settings.users, look_up)
        self.app = self._app(names.app, settings.display_name, template_id)
        declared = late.over(job_inputs(settings, self.app.service_principal_object_id))
        named = [each.inputs for each in assigned]
        self.plan = ProvisioningPlan(
            names.plan,
            inputs_of_plan(settings, declared, template_id=template_id, assigned=named),
            pulumi.ResourceOptions(parent=self),
        )
        role = pulumi.Output.all(self.plan.role_id, self.plan.judged).apply(lambda held: judged_role(named, *held))
        self.assignments = [self._assignment(names, each, role) for each in assigned]
        self.job = SynchronizationJob(
            names.job,
            inputs_of_job(declared, assigned=named, role=role),
            pulumi.ResourceOptions(parent=self, depends_on=list(map(once_done, (self.plan, *self.assignments)))),
        )
        self.register_outputs({})

    def _app(self, name: str, display_name: str, template_id: str) -> azuread.ApplicationFromTemplate:
        """Add the app from the gallery.

        One that is replaced is deleted first, and with it, before anything else, its job: which refuses while it
        provisions people. The other way round, the refusal would come after the new app was made.
        """
        return azuread.ApplicationFromTemplate(
            name,
            display_name=display_name,
            template_id=template_id,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _assignment(
        self, names: ResourceNames, principal: Principal, role: pulumi.Output[str]
    ) -> azuread.AppRoleAssignment:
        """Assign a group or user."""
        return azuread.AppRoleAssignment(
            names.assignment(principal.id),
            app_role_id=role,
            principal_object_id=principal.id,
            resource_object_id=self.app.service_principal_object_id,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[once_done(self.plan)]),
        )
