"""Who is in scope: filters, roles of those who are assigned, managers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioning.errors import ExpressionError
from provisioning.model.connection import Scope
from provisioning.planning.impact import managers_out_of_scope
from provisioning.planning.rules.case import USERS, listed, nearest
from provisioning.planning.rules.finding import Finding, Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provisioning.planning.rules.case import Case

ROLES = frozenset(
    {
        "AppRoleAssignments",
        "AppRoleAssignmentsComplex",
        "AssertiveAppRoleAssignmentsComplex",
        "SingleAppRoleAssignment",
    }
)
"""Functions that give the roles of those who are assigned."""

_DATES = "DateTime"


def unreadable_filters(case: Case) -> Iterator[Finding]:
    """Find filters at the service that cannot be compared with what is declared."""
    for kind in case.declared.filters:
        try:
            case.before.schema.filter(kind)
        except ExpressionError as error:
            yield Finding(
                Weight.REFUSED,
                f"the filter that the service holds cannot be read. {error.problem}",
                f"filters.{kind.value}",
                hint="Remove it in the portal first.",
            )


def refused_operands(case: Case) -> Iterator[Finding]:
    """Find clauses on attributes by which Entra does not filter (Learn: define-conditional-rules; known-issues)."""
    for kind, wanted in case.declared.filters.items():
        sources = case.sources(kind)
        several = [name for name, definition in sources.items() if definition.multivalued]
        dates = [name for name, definition in sources.items() if definition.type == _DATES]
        for refused in wanted.refused_operands(several=several, dates=dates) if wanted else ():
            yield Finding(Weight.REFUSED, f"{refused} The clause is: {refused.clause}.", f"filters.{kind.value}")


def unknown_operands(case: Case) -> Iterator[Finding]:
    """Find clauses on attributes that Entra does not list; their case counts (azure-docs#58604)."""
    for kind, wanted in case.declared.filters.items():
        known = case.sources(kind)
        for name in sorted(wanted.attributes - known.keys()) if wanted and known else ():
            close = nearest(name, known)
            yield Finding(
                Weight.REFUSED,
                f"There is no source attribute {name}{f'; the nearest is {close}' if close else ''}.",
                f"filters.{kind.value}",
            )


def roles_of_everybody(case: Case) -> Iterator[Finding]:
    """Find role functions where everybody is considered: only who is assigned has a role.

    Learn: customize-application-attributes#provisioning-a-role-to-a-scim-app.
    """
    if case.after.scope is not Scope.ALL:
        return
    declared = case.declared.mappings.get(USERS, {})
    for target, mapping in sorted(case.after.schema.mappings(USERS).items()):
        called = sorted(mapping.source.functions & ROLES) if mapping.source else []
        if called:
            is_ours = target in declared
            yield Finding(
                Weight.REFUSED if is_ours else Weight.WARNING,
                f"{called[0]} gives roles, which only people who are assigned have, and the scope is all.",
                f"mappings.{USERS.value}.{target}.source" if is_ours else "scope",
                hint="Set the scope to assigned.",
            )


def missing_managers(case: Case) -> Iterator[Finding]:
    """Find managers who are not in scope: the reference to them is not sent (provisioning-service 1.8)."""
    mappings = sorted(case.after.schema.mappings(USERS).items())
    targets = [name for name, each in mappings if each.source and "manager" in each.source.attributes]
    if not targets or case.impact is None or case.people is None:
        return
    names = managers_out_of_scope(case.after.rules, case.people)
    for target in targets if names else ():
        yield Finding(
            Weight.WARNING,
            f"these managers are out of scope, so people have none at {case.app}: {listed(names)}.",
            f"mappings.{USERS.value}.{target}",
            hint="Assign them as well.",
        )
