"""What a configuration declares about provisioning. What it does not name stays as it is at the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from provisioning.language import ScopingFilter
from provisioning.model.assignment import Assignment
from provisioning.model.connection import DeclaredConnection
from provisioning.model.credentials import SecretToken
from provisioning.model.identifiers import TemplateId
from provisioning.model.mapping import AttributeDefinition, DeclaredMapping, ObjectAction, ObjectKind


class OnDestroy(Enum):
    """What becomes of a job's people when the job is destroyed."""

    REFUSE = "refuse"
    """The job is not destroyed while people whom it provisioned are active and assigned."""
    RETAIN = "retain"
    """The job is destroyed, and their accounts stay as they are."""


class Status(Enum):
    """The Provisioning Status of the portal: whether the job runs."""

    ON = "on"
    """Cycles run."""
    OFF = "off"
    """No cycle runs: nobody is provisioned, updated or disabled."""


@dataclass(frozen=True, slots=True)
class DeclaredSchema:
    """The part of a declaration that becomes the job's schema."""

    mappings: Mapping[ObjectKind, Mapping[str, DeclaredMapping | None]] = field(default_factory=dict)
    """By kind and target attribute; ``None`` removes the mapping."""
    filters: Mapping[ObjectKind, ScopingFilter | None] = field(default_factory=dict)
    """By kind; ``None`` removes the filter."""
    objects: Mapping[ObjectKind, bool] = field(default_factory=dict)
    """Which kinds are provisioned."""
    actions: Mapping[ObjectKind, frozenset[ObjectAction]] = field(default_factory=dict)
    """What may be done with the objects of a kind."""
    attributes: Mapping[ObjectKind, Mapping[str, AttributeDefinition]] = field(default_factory=dict)
    """Attributes that the app has and does not list, by kind and name."""
    sources: Mapping[ObjectKind, Mapping[str, AttributeDefinition]] = field(default_factory=dict)
    """Attributes that the tenant added to Entra, such as directory extensions, by kind and name."""

    def __bool__(self) -> bool:
        nested = (self.mappings, self.attributes, self.sources)
        return any(any(each.values()) for each in nested) or bool(self.filters or self.objects or self.actions)


@dataclass(frozen=True, slots=True)
class Declaration:
    """How provisioning should be, all of it."""

    connection: DeclaredConnection = field(default_factory=DeclaredConnection)
    schema: DeclaredSchema = field(default_factory=DeclaredSchema)
    on: bool | None = None
    """Whether the job runs; ``None`` leaves it as it is."""
    assignments: tuple[Assignment, ...] | None = None
    """Who is assigned; ``None`` when the program does not say."""
    token: SecretToken | None = None
    """The app's token; ``None`` when it is not known here, so that nothing can be saved."""
    template: TemplateId | None = None
    """The synchronization template; ``None`` takes the default one of the service principal."""
