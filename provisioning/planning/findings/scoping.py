"""Findings about who is in scope: filters, roles, nested groups, managers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioning.errors import ExpressionError
from provisioning.model.mapping import ObjectKind
from provisioning.model.connection import Scope
from provisioning.planning.findings.case import nearest
from provisioning.planning.findings.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provisioning.planning.findings.case import Case

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
            case.observed.filter(kind)
        except ExpressionError as error:
            yield Finding(
                Severity.ERROR,
                f"filters.{kind.value}",
                f"the filter that the service holds cannot be read. {error.problem}",
                hint="Remove it in the portal first.",
            )


def refused_operands(case: Case) -> Iterator[Finding]:
    """Find clauses on attributes by which Entra does not filter (Learn: define-conditional-rules; known-issues)."""
    for kind, wanted in case.declared.filters.items():
        sources = case.observed.source_attributes(kind)
        several = [name for name, definition in sources.items() if definition.multivalued]
        dates = [name for name, definition in sources.items() if definition.type == _DATES]
        for refused in wanted.refused_operands(several=several, dates=dates) if wanted else ():
            yield Finding(Severity.ERROR, f"filters.{kind.value}", f"{refused} The clause is: {refused.clause}.")


def unknown_operands(case: Case) -> Iterator[Finding]:
    """Find clauses on attributes that Entra does not list; their case counts (azure-docs#58604)."""
    for kind, wanted in case.declared.filters.items():
        known = case.observed.source_attributes(kind)
        for name in sorted(wanted.attributes - known.keys()) if wanted and known else ():
            close = nearest(name, known)
            yield Finding(
                Severity.ERROR,
                f"filters.{kind.value}",
                f"There is no source attribute {name}{f'; the nearest is {close}' if close else ''}.",
            )


def roles_of_everybody(case: Case) -> Iterator[Finding]:
    """Find role functions where everybody is considered: only who is assigned has a role.

    Learn: customize-application-attributes#provisioning-a-role-to-a-scim-app.
    """
    if case.scope is not Scope.ALL:
        return
    declared = case.declared.mappings.get(ObjectKind.USERS, {})
    for target, mapping in sorted(case.after(ObjectKind.USERS).items()):
        called = sorted(mapping.source.functions & ROLES) if mapping.source else []
        if called:
            is_ours = target in declared
            yield Finding(
                Severity.ERROR if is_ours else Severity.WARNING,
                f"mappings.{ObjectKind.USERS.value}.{target}.source" if is_ours else "scope",
                f"{called[0]} gives roles, which only people who are assigned have, and the scope is all.",
                hint="Set the scope to assigned.",
            )


def nested_groups(case: Case) -> Iterator[Finding]:
    """Find assigned groups with groups inside, whose members Entra passes over (Learn: how-provisioning-works)."""
    for name in case.surroundings.nested_groups:
        sentence = f"{name} holds other groups, and their members are not provisioned: only direct members are."
        yield Finding(Severity.WARNING, "groups", sentence, hint="Assign those groups themselves.")


def managers_out_of_scope(case: Case) -> Iterator[Finding]:
    """Find managers who are not in scope: the reference to them is not sent (provisioning-service 1.8)."""
    names = case.surroundings.managers_out_of_scope
    for target, mapping in sorted(case.after(ObjectKind.USERS).items()):
        if names and mapping.source and "manager" in mapping.source.attributes:
            more = f", and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
            listed = ", ".join(names[:MOST_NAMES]) + more
            yield Finding(
                Severity.WARNING,
                f"mappings.{ObjectKind.USERS.value}.{target}",
                f"these managers are out of scope, so people have none at Elium: {listed}.",
                hint="Assign them as well.",
            )


MOST_NAMES = 10
"""How many people are named; the others are counted."""
