"""The inputs of the resource ``entrasync:index:SynchronizationJob``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, EmailStr, Field

from provisioning.model.base_address import base_address_of
from provisioning.model.credentials import Credentials, SecretToken
from provisioning.model.declaration import Declaration, DeclaredSchema
from provisioning.model.identifiers import ServicePrincipalId, TemplateId
from provisioning.model.secrets import Notification, Scope
from provisioning.settings.mistakes import told
from provisioning.settings.written import (
    Written,
    WrittenFilters,
    WrittenMappings,
    declared_filters,
    declared_mappings,
)
from provisioning.settings.written_objects import WrittenAttributes, WrittenObjects


class WrittenNotification(Written):
    """Whom Entra writes to when provisioning fails."""

    email: EmailStr = Field(description="One address, a person's or a group's.")
    enabled: bool = Field(default=True, description="Send an e-mail when a failure occurs.")


class JobInputs(Written):
    """How a synchronization job should be. What is not written stays as the service has it."""

    service_principal_id: str = Field(min_length=1, description="Object id of the app's service principal.")
    template_id: str | None = Field(default=None, description="Synchronization template; the default one if not said.")
    base_address: Annotated[str, AfterValidator(told(base_address_of))] = Field(
        description="Where Elium answers SCIM.", examples=["https://acme.elium.com/scim/v2"]
    )
    secret_token: str = Field(min_length=1, description="Elium's SCIM token; only its fingerprint is kept.")
    notification: WrittenNotification | None = Field(default=None, description="Who is told of failures.")
    delete_threshold: int | None = Field(
        default=None, ge=0, description="How many disables and deletions one cycle may bring; 0 switches it off."
    )
    skip_out_of_scope_deletions: bool | None = Field(
        default=None, description="Whether people who leave the scope keep their accounts."
    )
    scope: Scope = Field(default=Scope.ASSIGNED, description="Who is considered: assigned or all.")
    mappings: WrittenMappings = Field(default=WrittenMappings(), description="Attribute mappings.")
    filters: WrittenFilters = Field(default=WrittenFilters(), description="Scoping filters.")
    objects: WrittenObjects = Field(default=WrittenObjects(), description="Which kinds are provisioned, and how.")
    attributes: WrittenAttributes = Field(default=WrittenAttributes(), description="Attributes of Elium's own.")
    status: Literal["on", "off"] = Field(default="on", description="Whether the job runs.")
    accept_leavers: int | None = Field(
        default=None, ge=0, description="How many people a change may take away; the guard names the number."
    )
    impact_limit: int = Field(
        default=10_000, ge=0, description="How many people are read to foresee whom a change touches; 0: none."
    )

    @property
    def principal(self) -> ServicePrincipalId:
        """The service principal that the job belongs to."""
        return ServicePrincipalId(self.service_principal_id)

    @property
    def schema_part(self) -> DeclaredSchema:
        """The part that becomes the job's schema."""
        return DeclaredSchema(
            mappings=declared_mappings(self.mappings),
            filters=declared_filters(self.filters),
            objects=self.objects.switches(),
            actions=self.objects.actions(),
            attributes=self.attributes.declared(),
        )

    def declaration(self, token: SecretToken) -> Declaration:
        """Give the model's value. The inputs hold a fingerprint; *token* is the token itself."""
        written = self.notification
        return Declaration(
            credentials=Credentials(self.base_address, token),
            template=TemplateId(self.template_id) if self.template_id else None,
            notification=Notification(written.email, enabled=written.enabled) if written else None,
            delete_threshold=self.delete_threshold,
            skip_out_of_scope_deletions=self.skip_out_of_scope_deletions,
            scope=self.scope,
            schema=self.schema_part,
            on=self.status == "on",
        )

    def canonical(self) -> dict[str, Any]:
        """Give the inputs in their one canonical form: short forms made long, expressions in canonical text."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)
