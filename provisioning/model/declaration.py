"""What a configuration declares about one synchronization job. What it does not name stays as it is at the service."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from provisioning.model.secrets import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provisioning.language import ScopingFilter
    from provisioning.model.credentials import Credentials
    from provisioning.model.identifiers import TemplateId
    from provisioning.model.mapping import DeclaredMapping, ObjectKind
    from provisioning.model.secrets import Notification


@dataclass(frozen=True, slots=True)
class DeclaredSchema:
    """The part of a declaration that becomes the job's schema."""

    mappings: Mapping[ObjectKind, Mapping[str, DeclaredMapping | None]] = field(default_factory=dict)
    """By kind and target attribute; ``None`` removes the mapping."""
    filters: Mapping[ObjectKind, ScopingFilter | None] = field(default_factory=dict)
    """By kind; ``None`` removes the filter."""
    objects: Mapping[ObjectKind, bool] = field(default_factory=dict)
    """Which kinds are provisioned."""

    def __bool__(self) -> bool:
        return bool(any(self.mappings.values()) or self.filters or self.objects)


@dataclass(frozen=True, slots=True)
class Declaration:
    """How a synchronization job should be."""

    credentials: Credentials
    template: TemplateId | None = None
    """``None`` takes the default template of the service principal."""
    notification: Notification | None = None
    delete_threshold: int | None = None
    """How many disables and deletions one cycle may bring; 0 switches the threshold off."""
    skip_out_of_scope_deletions: bool | None = None
    scope: Scope = Scope.ASSIGNED
    schema: DeclaredSchema = field(default_factory=DeclaredSchema)
    on: bool = True
