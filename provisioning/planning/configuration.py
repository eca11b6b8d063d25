"""What decides who is provisioned and with which values: the two states that a plan lies between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from provisioning.errors import ExpressionError
from provisioning.language import Role, ScopingFilter
from provisioning.model.assignment import AppRole, Assignment
from provisioning.model.connection import Connection, Scope
from provisioning.model.mapping import AttributeDefinition, AttributeMapping, ObjectAction, ObjectKind
from provisioning.model.observed import Observed
from provisioning.model.schema import SynchronizationSchema, unknown_schema

DEFAULT_ROLE = "Default Assignment"
"""What ``appRoleAssignments`` calls a role that the app does not declare (graph 3.4)."""

UNREADABLE_FILTER = "The scoping filter that the service holds cannot be read."
"""Why nobody is counted where there are no rules."""


@dataclass(frozen=True)
class Configuration:
    """How provisioning is configured, all of it. Its rules are asked for often and made once: it has no slots."""

    schema: SynchronizationSchema
    connection: Connection = field(default_factory=Connection)
    is_on: bool = True
    assignments: tuple[Assignment, ...] = ()
    roles: tuple[AppRole, ...] = ()
    """The roles that the app declares, where they are known."""

    @classmethod
    def of(cls, observed: Observed) -> Configuration:
        """Take what the service holds; a job that is not there yet provisions nobody."""
        return cls(
            observed.schema or unknown_schema(),
            observed.connection,
            is_on=observed.job is not None and observed.job.is_switched_on,
            assignments=observed.assignments,
            roles=observed.roles,
        )

    @property
    def scope(self) -> Scope:
        """Who is considered."""
        return self.connection.scope

    @property
    def keeps_leavers(self) -> bool:
        """Whether people who leave the scope keep their accounts (``SkipOutOfScopeDeletions``)."""
        return self.connection.keeps_leavers

    @property
    def delete_threshold(self) -> int | None:
        """How many disables and deletions one cycle may bring; 0 and ``None`` set no limit."""
        return self.connection.delete_threshold

    def with_schema(self, schema: SynchronizationSchema) -> Configuration:
        """Give the same with another schema."""
        return replace(self, schema=schema)

    @cached_property
    def rules(self) -> Rules:
        """The part that judges people.

        :raises ExpressionError: when the service holds a scoping filter that cannot be read.
        """
        users = self.schema.of(ObjectKind.USERS)
        return Rules(
            scope=self.scope,
            filter=users.filter,
            mappings=users.mappings,
            definitions=users.targets,
            is_enabled=users.is_enabled,
            actions=users.actions,
            held=_held(self.assignments, self.roles),
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """Who is in scope, and how target attributes get their values."""

    scope: Scope
    filter: ScopingFilter | None
    mappings: Mapping[str, AttributeMapping]
    """By target attribute."""
    definitions: Mapping[str, AttributeDefinition]
    """What the app has, by name."""
    is_enabled: bool = True
    """Whether users are provisioned at all."""
    actions: frozenset[ObjectAction] = frozenset()
    """What may be done with accounts; empty when the service does not say."""
    held: Mapping[str, tuple[Role, ...]] = field(default_factory=dict)
    """The roles of each assigned principal, by its object id."""

    @property
    def matching(self) -> tuple[AttributeMapping, ...]:
        """The matching attributes in their order: the lowest number is tried first.

        Learn: customize-application-attributes#matching-users-in-the-source-and-target-systems.
        """
        used = [mapping for mapping in self.mappings.values() if mapping.match]
        return tuple(sorted(used, key=lambda mapping: mapping.match or 0))

    def brings(self, through: frozenset[str]) -> bool:
        """Tell whether one of these principals is assigned."""
        return not through.isdisjoint(self.held)

    def roles_of(self, through: frozenset[str]) -> tuple[Role, ...]:
        """Give the roles of somebody whom these principals bring along, each once."""
        roles = [role for principal in self.held if principal in through for role in self.held[principal]]
        return tuple({role["id"]: role for role in roles}.values())


def rules_of(side: Configuration) -> Rules | None:
    """Give the rules of a side; ``None`` when the service holds a scoping filter that cannot be read."""
    try:
        return side.rules
    except ExpressionError:
        return None


def rules_of_both(before: Configuration, after: Configuration) -> tuple[Rules, Rules] | None:
    """Give the rules of both sides; ``None`` when one has a scoping filter that cannot be read."""
    one, other = rules_of(before), rules_of(after)
    return None if one is None or other is None else (one, other)


def changed_targets(before: Rules, after: Rules) -> list[str]:
    """List the target attributes of users whose mapping differs, in a stable order."""
    targets = sorted(before.mappings.keys() | after.mappings.keys())
    return [target for target in targets if before.mappings.get(target) != after.mappings.get(target)]


def is_matching_changed(before: Rules, after: Rules) -> bool:
    """Tell whether people may be looked for in another way."""
    used = [[(mapping.target, mapping.source) for mapping in rules.matching] for rules in (before, after)]
    return used[0] != used[1]


def loses_updates(before: frozenset[ObjectAction], after: frozenset[ObjectAction]) -> bool:
    """Tell whether accounts would no longer be updated, nor disabled: disabling is an update.

    Learn: how-provisioning-works#de-provisioning; customize-application-attributes.
    """
    return ObjectAction.UPDATE in before and ObjectAction.UPDATE not in after


def gains_creation(before: frozenset[ObjectAction], after: frozenset[ObjectAction]) -> bool:
    """Tell whether accounts would be created that were not: whoever is in scope without one then gets one."""
    return ObjectAction.CREATE in after and ObjectAction.CREATE not in before


def _held(assignments: tuple[Assignment, ...], roles: tuple[AppRole, ...]) -> dict[str, tuple[Role, ...]]:
    declared: dict[str, Role] = {
        role.id: {"id": role.id, "value": role.value, "displayName": role.name} for role in roles
    }
    held: dict[str, tuple[Role, ...]] = {}
    for each in assignments:
        role = declared.get(each.role) or {"id": each.role, "value": None, "displayName": DEFAULT_ROLE}
        held[each.principal] = (*held.get(each.principal, ()), role)
    return held
