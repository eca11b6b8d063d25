"""Everything that Entra needs in order to provision people into Elium, in the order of Microsoft's tutorial."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_azuread as azuread

from provisioning.apps import ELIUM, App
from provisioning.components.directory import Principal, gallery_template_id, principals
from provisioning.components.late_settings import LateSettings
from provisioning.resources import ProvisioningPlan, SynchronizationJob
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
        template_id = gallery_template_id(settings.gallery_app, look_up)
        assigned = principals(settings.groups, settings.users, look_up)
        self.app = self._app(name, settings.display_name, template_id)
        declared = late.over(job_inputs(settings, self.app.service_principal_object_id))
        named = [{"principalId": each.id, "kind": each.kind.value, "name": each.name} for each in assigned]
        app = {"galleryTemplateId": template_id, "displayName": settings.display_name}
        self.plan = ProvisioningPlan(
            f"{name}-plan",
            {**declared, **app, "assignments": named, "role": settings.role},
            pulumi.ResourceOptions(parent=self),
        )
        names = _logical_names(assigned)
        self.assignments = [self._assignment(name, each, names[each.id]) for each in assigned]
        self.job = SynchronizationJob(
            f"{name}-job",
            {**declared, "assignments": [{**each, "role": self.plan.role_id} for each in named]},
            pulumi.ResourceOptions(parent=self, depends_on=[self.plan, *self.assignments]),
        )
        self.register_outputs({})

    def _app(self, name: str, display_name: str, template_id: str) -> azuread.ApplicationFromTemplate:
        """Add the app from the gallery.

        One that is replaced is deleted first, and with it, before anything else, its job: which refuses while it
        provisions people. The other way round, the refusal would come after the new app was made.
        """
        return azuread.ApplicationFromTemplate(
            f"{name}-app",
            display_name=display_name,
            template_id=template_id,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _assignment(self, name: str, principal: Principal, written: str) -> azuread.AppRoleAssignment:
        """Assign a group or user, under the name that people wrote; earlier releases named it by its object id."""
        return azuread.AppRoleAssignment(
            f"{name}-assignment-{written}",
            app_role_id=self.plan.role_id,
            principal_object_id=principal.id,
            resource_object_id=self.app.service_principal_object_id,
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[self.plan],
                aliases=[pulumi.Alias(name=f"{name}-assignment-{principal.id}")],
            ),
        )


def job_inputs(settings: Settings, service_principal_id: pulumi.Input[str]) -> dict[str, Any]:
    """Write the job's part of the settings as the inputs of its resource. What was not set is not mentioned."""
    token, is_secret = settings.token_input
    inputs: dict[str, Any] = {
        "servicePrincipalId": service_principal_id,
        "baseAddress": settings.tenant_url,
        "secretToken": pulumi.Output.secret(token) if is_secret else token,
    }
    if settings.notification_email:
        inputs["notification"] = {"email": settings.notification_email, "enabled": settings.notify_on_failure}
    return inputs | settings.shared_part


def _logical_names(principals: Sequence[Principal]) -> dict[str, str]:
    """Write names as parts of logical names, by object id; those that would be alike get a piece of the id as well."""
    written = {each.id: f"{each.kind.value}-{_slug(each.name)}" for each in principals}
    count = Counter(written.values())
    return {key: name if count[name] == 1 else f"{name}-{key[:8]}" for key, name in written.items()}


def _slug(name: str) -> str:
    """Leave small letters, digits and dashes; the name itself where that is nothing."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or name
