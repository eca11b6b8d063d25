"""What decides who is provisioned and with which values: the two states that a plan lies between."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from provisioning.model.mapping import ObjectAction, ObjectKind
from provisioning.model.secrets import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provisioning.language import ScopingFilter
    from provisioning.model.assignment import Assignment
    from provisioning.model.declaration import Declaration, DeclaredSchema
    from provisioning.model.mapping import AttributeMapping
    from provisioning.model.schema import AttributeDefinition, SynchronizationSchema


@dataclass(frozen=True, slots=True)
class Configuration:
    """How a job is configured, as far as people notice it."""

    schema: SynchronizationSchema
    scope: Scope = Scope.ASSIGNED
    keeps_leavers: bool = False
    """Whether people who leave the scope keep their accounts (``SkipOutOfScopeDeletions``)."""
    is_on: bool = True
    delete_threshold: int | None = None
    """How many disables and deletions one cycle may bring; 0 and ``None`` set no limit."""
    assignments: tuple[Assignment, ...] = ()
    """Who is assigned to the app."""

    def with_schema(self, schema: SynchronizationSchema) -> Configuration:
        """Give the same with another schema."""
        return replace(self, schema=schema)

    @property
    def rules(self) -> Rules:
        """The part that judges people.

        :raises ExpressionError: when the service holds a scoping filter that cannot be read.
        """
        return Rules(
            scope=self.scope,
            filter=self.schema.filter(ObjectKind.USERS),
            mappings=self.schema.mappings(ObjectKind.USERS),
            definitions=self.schema.target_attributes(ObjectKind.USERS),
            is_enabled=self.schema.is_enabled(ObjectKind.USERS),
            actions=self.schema.actions(ObjectKind.USERS),
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """Who is in scope, and how target attributes get their values."""

    scope: Scope
    filter: ScopingFilter | None
    mappings: Mapping[str, AttributeMapping]
    """By target attribute."""
    definitions: Mapping[str, AttributeDefinition]
    """What Elium has, by name."""
    is_enabled: bool = True
    """Whether users are provisioned at all."""
    actions: frozenset[ObjectAction] = frozenset()
    """What may be done with accounts; empty when the service does not say."""

    @property
    def matching(self) -> tuple[AttributeMapping, ...]:
        """The matching attributes in their order: the lowest number is tried first.

        Learn: customize-application-attributes#matching-users-in-the-source-and-target-systems.
        """
        used = [mapping for mapping in self.mappings.values() if mapping.match]
        return tuple(sorted(used, key=lambda mapping: mapping.match or 0))


def loses_updates(before: frozenset[ObjectAction], after: frozenset[ObjectAction]) -> bool:
    """Tell whether accounts would no longer be updated, nor disabled: disabling is an update.

    Learn: how-provisioning-works#de-provisioning; customize-application-attributes.
    """
    return ObjectAction.UPDATE in before and ObjectAction.UPDATE not in after


@dataclass(frozen=True, slots=True)
class Desired:
    """What is declared of all that. What is not declared stays as it is."""

    schema: DeclaredSchema
    scope: Scope | None = None
    keeps_leavers: bool | None = None
    is_on: bool | None = None
    delete_threshold: int | None = None
    accepted_leavers: int | None = None
    """How many people may leave, where somebody has said so."""

    @classmethod
    def of(cls, declaration: Declaration) -> Desired:
        """Take the part of a declaration that people notice."""
        return cls(
            declaration.schema,
            declaration.scope,
            declaration.skip_out_of_scope_deletions,
            declaration.on,
            declaration.delete_threshold,
        )
