"""What a configuration declares about one synchronization job. What it does not name stays as it is at the service."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Self

from provisioning.model.mapping import AttributeMapping, DeclaredMapping, ObjectKind
from provisioning.model.secrets import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provisioning.language import ScopingFilter
    from provisioning.model.credentials import Credentials
    from provisioning.model.identifiers import TemplateId
    from provisioning.model.mapping import ObjectAction
    from provisioning.model.schema import AttributeDefinition, SynchronizationSchema
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
    actions: Mapping[ObjectKind, frozenset[ObjectAction]] = field(default_factory=dict)
    """What may be done with the objects of a kind."""
    attributes: Mapping[ObjectKind, Mapping[str, AttributeDefinition]] = field(default_factory=dict)
    """Attributes of its own that Elium has, by kind and name."""
    sources: Mapping[ObjectKind, Mapping[str, AttributeDefinition]] = field(default_factory=dict)
    """Source attributes that the tenant added to those that Entra lists, by kind and name."""

    def __bool__(self) -> bool:
        return bool(
            any(self.mappings.values()) or any(self.attributes.values()) or self.filters or self.objects or self.actions
        )

    @classmethod
    def resetting(cls, observed: SynchronizationSchema, template: SynchronizationSchema) -> Self:
        """Declare everything that a reset of *observed* brings about: what the *template* has, and nothing else.

        A reset puts mappings, scoping filters and switches back (graph: synchronizationschema-delete).
        """
        kinds = [kind for kind in ObjectKind if observed.has(kind) and template.has(kind)]
        return cls(
            mappings={kind: _all_mappings(kind, observed, template) for kind in kinds},
            filters={kind: template.filter(kind) for kind in kinds},
            objects={kind: template.is_enabled(kind) for kind in kinds},
            actions={kind: template.actions(kind) for kind in kinds},
        )


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


def _all_mappings(
    kind: ObjectKind, observed: SynchronizationSchema, template: SynchronizationSchema
) -> dict[str, DeclaredMapping | None]:
    wanted = {
        target: DeclaredMapping(target, {each.name: getattr(mapping, each.name) for each in fields(AttributeMapping)})
        for target, mapping in template.mappings(kind).items()
    }
    return dict.fromkeys(observed.mappings(kind)) | wanted
