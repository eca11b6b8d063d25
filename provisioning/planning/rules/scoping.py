"""Who is in scope: filters, roles of those who are assigned, managers."""

from __future__ import annotations

from collections.abc import Iterator

from provisioning.errors import ExpressionError
from provisioning.language import ScopingFilter
from provisioning.language.scoping import RefusedOperand
from provisioning.model.connection import Scope
from provisioning.model.mapping import ObjectKind
from provisioning.planning.rules.case import USERS, Case, listed, unknown_source
from provisioning.planning.rules.finding import Finding, Weight
from provisioning.planning.rules.sources import FASTER, slow_sentence
from provisioning.planning.scope import managers_out_of_scope

ROLES = "appRoleAssignments"
"""The source attribute that holds the roles of those who are assigned."""

_DATES = "DateTime"


def unreadable_filters(case: Case) -> Iterator[Finding]:
    """Find filters at the service that cannot be compared with what is declared."""
    for kind in case.declared.filters:
        try:
            _ = case.before.schema.of(kind).filter
        except ExpressionError as error:
            yield Finding(
                Weight.REFUSED,
                f"the filter that the service holds cannot be read. {error.problem}",
                f"filters.{kind.value}",
                hint="Remove it in the portal first.",
            )


def refused_operands(case: Case) -> Iterator[Finding]:
    """Find clauses on attributes by which Entra does not filter (Learn: define-conditional-rules; known-issues)."""
    for kind, wanted in _filters(case):
        for refused in _refused(case, kind, wanted):
            yield Finding(Weight.REFUSED, f"{refused} The clause is: {refused.clause}.", f"filters.{kind.value}")


def unknown_operands(case: Case) -> Iterator[Finding]:
    """Find clauses on attributes that Entra does not list; their case counts (azure-docs#58604)."""
    for kind, wanted in _filters(case):
        for name in sorted(wanted.attributes):
            unknown = unknown_source(case, kind, name)
            if unknown:
                yield Finding(Weight.REFUSED, unknown.problem, f"filters.{kind.value}", unknown.hint)


def misfitting_operators(case: Case) -> Iterator[Finding]:
    """Find operators that are not for the type of their attribute, so that nobody passes.

    Graph lists the types that each operator takes (graph: synchronization-filteroperatorschema).
    """
    for kind, wanted in _filters(case):
        types = {name: definition.type for name, definition in case.sources(kind).items()}
        others = {refused.clause for refused in _refused(case, kind, wanted)}
        for misfit in (each for each in wanted.misfits(types) if each.clause not in others):
            weight = Weight.WARNING if misfit.is_disputed else Weight.REFUSED
            yield Finding(weight, f"{misfit} The clause is: {misfit.clause}.", f"filters.{kind.value}", misfit.hint)


def slow_filters(case: Case) -> Iterator[Finding]:
    """Find regular expressions that can take for ever; whether the service has a limit is not documented."""
    for kind, wanted in _filters(case):
        for pattern in wanted.slow_patterns:
            yield Finding(Weight.WARNING, slow_sentence(pattern), f"filters.{kind.value}", FASTER)


def roles_of_everybody(case: Case) -> Iterator[Finding]:
    """Find roles that are read where everybody is considered: only people who are assigned have one.

    Learn: customize-application-attributes#provisioning-a-role-to-a-scim-app.
    """
    if case.after.scope is not Scope.ALL:
        return
    declared = case.declared.mappings.get(USERS, {})
    for target, mapping in sorted(case.after.schema.of(USERS).mappings.items()):
        if mapping.source and ROLES in mapping.source.attributes:
            is_ours = target in declared
            yield Finding(
                Weight.REFUSED if is_ours else Weight.WARNING,
                f"[{ROLES}] gives roles, which only people who are assigned have, and the scope is all.",
                f"mappings.{USERS.value}.{target}.source" if is_ours else "scope",
                hint="Set the scope to assigned.",
            )


def missing_managers(case: Case) -> Iterator[Finding]:
    """Find managers who are not in scope: the reference to them is not sent (provisioning-service 1.8)."""
    mappings = sorted(case.after.schema.of(USERS).mappings.items())
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


def _filters(case: Case) -> Iterator[tuple[ObjectKind, ScopingFilter]]:
    for kind, wanted in case.declared.filters.items():
        if wanted is not None and case.before.schema.of(kind).is_there:
            yield kind, wanted


def _refused(case: Case, kind: ObjectKind, wanted: ScopingFilter) -> tuple[RefusedOperand, ...]:
    sources = case.sources(kind)
    several = [name for name, definition in sources.items() if definition.multivalued]
    dates = [name for name, definition in sources.items() if definition.type == _DATES]
    return wanted.refused_operands(several=several, dates=dates)
