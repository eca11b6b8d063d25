"""What a stack and the resources say alike about a synchronization job: each setting is declared here, once."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from provisioning.model.assignment import Assignment
from provisioning.model.connection import DeclaredConnection, Notification, Scope
from provisioning.model.credentials import SecretToken
from provisioning.model.declaration import Declaration, DeclaredSchema, OnDestroy, Status
from provisioning.model.identifiers import TemplateId
from provisioning.settings.base import Count, SettingsModel
from provisioning.settings.mappings import (
    FiltersByKind,
    MappingsByKind,
    declared_filters,
    declared_mappings,
)
from provisioning.settings.objects import AttributesByKind, ObjectsByKind


def _switch(written: object) -> object:
    """Accept what YAML 1.1 makes of on and off."""
    if isinstance(written, Status):
        return written
    return {"true": "on", "false": "off"}.get(str(written).lower(), written)


class JobSettings(SettingsModel):
    """How a synchronization job should be. What is not written stays as the service has it."""

    scope: Scope = Field(default=Scope.ASSIGNED, description="Who is considered: assigned or all.")
    status: Annotated[Status, BeforeValidator(_switch)] = Field(
        default=Status.ON, description="Provisioning status: on or off."
    )
    mappings: MappingsByKind = Field(default_factory=MappingsByKind, description="Attribute mappings.")
    filters: FiltersByKind = Field(default_factory=FiltersByKind, description="Scoping filters.")
    objects: ObjectsByKind = Field(default_factory=ObjectsByKind, description="Which kinds are provisioned, and how.")
    attributes: AttributesByKind = Field(
        default_factory=AttributesByKind,
        description="Attributes that the app does not list: the target's own, and extensions of the directory.",
    )
    template_id: str | None = Field(default=None, description="Synchronization template; the default one if not said.")
    delete_threshold: Count | None = Field(
        default=None, description="How many disables and deletions one cycle may bring; 0 switches it off."
    )
    skip_out_of_scope_deletions: bool | None = Field(
        default=None, description="Whether people who leave the scope keep their accounts."
    )
    accept_leavers: Count | None = Field(
        default=None, description="How many people a change may take away; the plan names the number."
    )
    accept_entrants: Count | None = Field(
        default=None, description="How many people a change may bring in; the plan names the number."
    )
    impact_limit: Count = Field(
        default=10_000, description="How many people are read to foresee whom a change touches; 0: none."
    )
    on_destroy: OnDestroy = Field(
        default=OnDestroy.REFUSE,
        description="What destroy does while people are provisioned: refuse, or retain their accounts as they are.",
    )

    @property
    def schema_part(self) -> DeclaredSchema:
        """The part that becomes the job's schema."""
        return DeclaredSchema(
            mappings=declared_mappings(self.mappings),
            filters=declared_filters(self.filters),
            objects=self.objects.switches(),
            actions=self.objects.actions(),
            attributes=self.attributes.declared(),
            sources=self.attributes.sources(),
        )

    @property
    def shared_part(self) -> dict[str, Any]:
        """What the resources are told of it, in canonical form: what was written, and scope and switch in any case.

        Those two were always told, so that a stack that writes neither sees no change.
        """
        always = {"scope": self.scope.value, "status": self.status.value}
        return always | self.model_dump(
            mode="json", by_alias=True, exclude_unset=True, include=set(JobSettings.model_fields)
        )

    def declaration_of(
        self,
        address: str,
        notification: Notification | None,
        token: SecretToken | None,
        assignments: tuple[Assignment, ...] | None,
    ) -> Declaration:
        """Give the model's value, with what a stack and the resources say each in its own way."""
        return Declaration(
            connection=DeclaredConnection(
                address=address,
                notification=notification,
                delete_threshold=self.delete_threshold,
                keeps_leavers=self.skip_out_of_scope_deletions,
                scope=self.scope,
            ),
            schema=self.schema_part,
            on=self.status is Status.ON,
            assignments=assignments,
            token=token,
            template=TemplateId(self.template_id) if self.template_id else None,
        )

    def canonical(self) -> dict[str, Any]:
        """Give what was written in its one canonical form: short forms long, expressions in canonical text."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)
