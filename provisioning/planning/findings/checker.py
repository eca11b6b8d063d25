"""The rules, in the order in which their findings are told. Each is a function whose docstring says who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from provisioning.errors import ConfigurationError
from provisioning.planning.findings import leaving, matching, scoping, sources, targets, types
from provisioning.planning.findings.case import Case
from provisioning.planning.findings.finding import Finding, Severity, Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from provisioning.model.declaration import DeclaredSchema
    from provisioning.model.schema import SynchronizationSchema
    from provisioning.model.connection import Scope

Rule: TypeAlias = "Callable[[Case], Iterator[Finding]]"

RULES: tuple[Rule, ...] = (
    targets.unknown_kinds,
    targets.unknown_targets,
    targets.read_only_targets,
    targets.required_targets,
    targets.added_attributes,
    sources.unknown_attributes,
    sources.useless_constants,
    sources.empty_conditions,
    sources.long_expressions,
    sources.unread_sources,
    types.mismatched_types,
    matching.no_matching_attribute,
    matching.duplicate_matching,
    matching.unfilterable_matching,
    matching.worthless_matching,
    matching.changed_matching,
    leaving.active_follows,
    leaving.missing_actions,
    scoping.unreadable_filters,
    scoping.refused_operands,
    scoping.unknown_operands,
    scoping.roles_of_everybody,
    scoping.nested_groups,
    scoping.managers_out_of_scope,
)


def findings(
    observed: SynchronizationSchema,
    declared: DeclaredSchema,
    *,
    scope: Scope | None = None,
    surroundings: Surroundings | None = None,
) -> tuple[Finding, ...]:
    """List everything that is wrong with what is *declared* about the *observed*, errors before warnings.

    Only what is declared is judged. What the service has like that already is a warning, since it was accepted once.
    """
    case = Case(observed, declared, scope, surroundings or Surroundings())
    found = dict.fromkeys(finding for rule in RULES for finding in rule(case))
    return tuple(sorted(found, key=lambda finding: finding.severity is not Severity.ERROR))


def refuse(found: Iterable[Finding]) -> None:
    """Refuse what has errors; those that the guard judges are left to it.

    :raises ConfigurationError: with every error, each with its place.
    """
    reasons = [str(finding) for finding in found if finding.refuses]
    if reasons:
        raise ConfigurationError(reasons)
