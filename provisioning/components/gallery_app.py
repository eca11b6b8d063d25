"""Everything that Entra needs in order to provision people into an app of its gallery, in the order of a tutorial."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import pulumi
import pulumi_azuread as azuread
from pulumi.runtime.resource import all_aliases

from provisioning.components.args import AppArgs
from provisioning.components.assignees import Assignee, found, made
from provisioning.components.directory import gallery_template_id, principals
from provisioning.components.judged import judged_role
from provisioning.components.late_settings import LateSettings
from provisioning.components.stack import errors_as_sentences
from provisioning.operations.resource_names import APP_TYPE, ASSIGNMENT_TYPE, JOB_TYPE, PLAN_TYPE, ResourceNames
from provisioning.resources import ProvisioningPlan, SynchronizationJob, once_done
from provisioning.settings.gallery_app import GalleryAppSettings
from provisioning.settings.inputs import inputs_of_job, inputs_of_plan, job_inputs


class GalleryAppProvisioning(pulumi.ComponentResource):
    """A gallery app that takes a tenant URL and a secret token, who is assigned to it, and its synchronization job.

    What belongs to azuread is azuread's: the app, its service principal, the role assignments. The rest is a
    :class:`ProvisioningPlan`, on which the assignments depend, so that what is refused is refused before anybody is
    touched, and a :class:`SynchronizationJob`, which depends on them, so that its initial cycle finds everybody
    assigned, and so that a destroy asks it first.

    A setting may be an output of another resource, but for the name of the app in the gallery. Groups and users are
    names, object ids, or the resources that make them, such as an ``azuread.Group``.

    :raises pulumi.RunError: when settings cannot be, or something that they name does not exist, all of it at once, as
        sentences; its cause is an error of :mod:`provisioning.errors`.
    """

    TYPE: ClassVar[str] = "entrasync:index:GalleryAppProvisioning"
    """Its type in Pulumi's state."""
    SETTINGS: ClassVar[type[GalleryAppSettings]] = GalleryAppSettings
    """What may be written of it."""

    app: azuread.ApplicationFromTemplate
    """Application and service principal, made from the gallery."""
    plan: ProvisioningPlan
    """What judges the whole before anybody is touched."""
    assignments: list[azuread.AppRoleAssignment]
    """One for each group and user."""
    job: SynchronizationJob
    """What provisions the people."""

    def __init__(
        self,
        name: str,
        settings: GalleryAppSettings | AppArgs | Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare all of it. A table of settings has the names of a stack's file: ``tenantUrl``, ``secretToken``, …."""
        super().__init__(self.TYPE, name, {}, opts)
        with errors_as_sentences():
            self._declare(name, self._late(settings))

    def _declare(self, name: str, late: LateSettings) -> None:
        settings = late.settings
        look_up = pulumi.InvokeOptions(parent=self)
        names = ResourceNames(name)
        template_id = gallery_template_id(settings.gallery_app, look_up, before=settings.place)
        assigned = found(principals(settings.groups, settings.users, look_up, before=settings.place))
        assigned += [each for kind, several in late.made.items() for each in made(kind, several)]
        self.app = self._app(names.app, late.display_name, template_id)
        declared = late.over(job_inputs(settings, self.app.service_principal_object_id))
        named = [each.inputs for each in assigned]
        planned = inputs_of_plan(settings, declared, template_id=template_id, assigned=named)
        self.plan = ProvisioningPlan(names.plan, late.over_the_plan(planned), self._part(names.plan, PLAN_TYPE))
        role = pulumi.Output.all(named, self.plan.role_id, self.plan.judged).apply(lambda held: judged_role(*held))
        self.assignments = [self._assignment(names, each, role) for each in assigned]
        self.job = SynchronizationJob(
            names.job,
            inputs_of_job(declared, assigned=named, role=role),
            self._part(names.job, JOB_TYPE, after=(self.plan, *self.assignments)),
        )
        self.register_outputs(self.outputs)

    @property
    def application_id(self) -> pulumi.Output[str]:
        """The object id of the application."""
        return self.app.application_object_id

    @property
    def service_principal_id(self) -> pulumi.Output[str]:
        """The object id of its service principal."""
        return self.app.service_principal_object_id

    @property
    def job_id(self) -> pulumi.Output[str]:
        """The id of its synchronization job."""
        return self.job.job_id

    @property
    def job_status(self) -> pulumi.Output[Mapping[str, str]]:
        """``code`` and, in quarantine, ``quarantineReason``, as last seen."""
        return self.job.job_status

    @property
    def portal_url(self) -> pulumi.Output[str]:
        """The provisioning page of this app in the portal."""
        return self.job.portal_url

    @property
    def outputs(self) -> dict[str, pulumi.Output[Any]]:
        """What programs in every language read of it, by the names that it has there."""
        return {
            "applicationId": self.application_id,
            "servicePrincipalId": self.service_principal_id,
            "jobId": self.job_id,
            "jobStatus": self.job_status,
            "portalUrl": self.portal_url,
        }

    def _late(self, settings: GalleryAppSettings | AppArgs | Mapping[str, Any]) -> LateSettings:
        return LateSettings.of(settings, self.SETTINGS, os.environ)

    def _app(self, name: str, display_name: pulumi.Input[str], template_id: str) -> azuread.ApplicationFromTemplate:
        """Add the app from the gallery.

        One that is replaced is deleted first, and with it, before anything else, its job: which refuses while it
        provisions people. The other way round, the refusal would come after the new app was made.
        """
        options = pulumi.ResourceOptions(delete_before_replace=True)
        return azuread.ApplicationFromTemplate(
            name,
            display_name=display_name,
            template_id=template_id,
            opts=pulumi.ResourceOptions.merge(self._part(name, APP_TYPE), options),
        )

    def _assignment(
        self, names: ResourceNames, assignee: Assignee, role: pulumi.Output[str]
    ) -> azuread.AppRoleAssignment:
        """Assign a group or user."""
        name = names.assignment(assignee.key)
        return azuread.AppRoleAssignment(
            name,
            app_role_id=role,
            principal_object_id=assignee.inputs["principalId"],
            resource_object_id=self.app.service_principal_object_id,
            opts=self._part(name, ASSIGNMENT_TYPE, after=[self.plan]),
        )

    def _part(self, name: str, kind: str, *, after: Iterable[pulumi.Resource] = ()) -> pulumi.ResourceOptions:
        """Give the options of a part, which is known by every name that the component has or had.

        Pulumi's engine finds parts by what a component was called before in the run that renames it alone (pulumi
        3.259: pkg/resource/deploy, generateAliases). When that run is refused, the next one would make every part anew
        beside the one that is there, were they not named here.
        """
        return pulumi.ResourceOptions(
            parent=self, depends_on=list(map(once_done, after)), aliases=all_aliases(None, name, kind, self)
        )
