"""The inputs of the resource ``entrasync:index:ProvisioningPlan``: what a job will be told, and which app it is of."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from provisioning.model.assignment import Assignment
from provisioning.model.credentials import SecretToken
from provisioning.model.declaration import Declaration
from provisioning.model.identifiers import ServicePrincipalId
from provisioning.settings.job import DeclaredJob, PrincipalSettings, in_order
from provisioning.settings.mistakes import reporting


class PlanInputs(DeclaredJob):
    """What is to become of an app's provisioning, so that it can be judged before anything is touched."""

    service_principal_id: str | None = Field(
        default=None, description="Object id of the app's service principal; absent while there is no app yet."
    )
    assignments: Annotated[list[PrincipalSettings], AfterValidator(reporting(in_order))] | None = Field(
        default=None, description="Who is to be assigned."
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

    def assigned(self, role: str = "") -> tuple[Assignment, ...] | None:
        """Give who is to be assigned, holding the app role of the id *role*; ``None`` when nobody says."""
        return None if self.assignments is None else tuple(each.assignment(role) for each in self.assignments)

    def declaration(self, token: SecretToken | None, role: str = "") -> Declaration:
        """Give the model's value."""
        return self.declared(token, self.assigned(role))
