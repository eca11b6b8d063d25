"""The inputs of the resource ``entrasync:index:ProvisioningPlan``: what a job will be told, but for its token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field

from provisioning.model.identifiers import ServicePrincipalId
from provisioning.settings.job import BaseAddress, WrittenNotification, WrittenPrincipal, in_order
from provisioning.settings.mistakes import told
from provisioning.settings.shared import JobSettings

if TYPE_CHECKING:
    from provisioning.model.assignment import Assignment
    from provisioning.model.connection import Notification


class PlanInputs(JobSettings):
    """What is to become of an app's provisioning, so that it can be judged before anything is touched."""

    service_principal_id: str | None = Field(
        default=None, description="Object id of the app's service principal; absent while there is no app yet."
    )
    base_address: BaseAddress
    notification: WrittenNotification | None = Field(default=None, description="Who is told of failures.")
    assignments: Annotated[list[WrittenPrincipal], AfterValidator(told(in_order))] = Field(
        default=[], description="Who is to be assigned."
    )
    role: str | None = Field(
        default=None, description="The app role that they hold: its display name, value or id; unknown if not said."
    )
    gallery_template_id: str | None = Field(
        default=None, description="Id of the gallery's application template that the app is made from."
    )
    display_name: str | None = Field(default=None, description="Name of the enterprise application.")

    @property
    def principal(self) -> ServicePrincipalId | None:
        """The app's service principal; ``None`` while there is no app yet."""
        return ServicePrincipalId(self.service_principal_id) if self.service_principal_id else None

    @property
    def notified(self) -> Notification | None:
        """Who is told of failures."""
        return self.notification.declared() if self.notification else None

    def assigned(self, role: str = "") -> tuple[Assignment, ...]:
        """Give who is to be assigned, holding the app role of the id *role*; empty when it is not known."""
        return tuple(each.assignment(role) for each in self.assignments)
