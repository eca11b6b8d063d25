"""The rules, in the order in which their findings are told. Each is a function whose docstring says who says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from provisioning.errors import ConfigurationError
from provisioning.planning.rules import (
    assigning,
    counting,
    entering,
    flowing,
    leaving,
    matching,
    orphaning,
    running,
    scoping,
    sources,
    targets,
    types,
)
from provisioning.planning.rules.case import Case
from provisioning.planning.rules.finding import Finding, Weight

Rule: TypeAlias = Callable[[Case], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    targets.unknown_kinds,
    targets.unlisted_attributes,
    targets.unknown_targets,
    targets.read_only_targets,
    targets.required_targets,
    targets.added_attributes,
    targets.useless_attributes,
    sources.unknown_attributes,
    sources.useless_constants,
    sources.empty_conditions,
    sources.long_expressions,
    sources.unread_sources,
    sources.slow_patterns,
    types.mismatched_types,
    matching.no_matching_attribute,
    matching.duplicate_matching,
    matching.unfilterable_matching,
    matching.worthless_matching,
    matching.changed_matching,
    leaving.missing_actions,
    leaving.active_follows,
    leaving.many_leave,
    leaving.leavers_fate,
    orphaning.left_without_a_job,
    entering.many_enter,
    entering.created_from_now_on,
    entering.in_between,
    entering.nobody_in_scope,
    matching.many_matched_wrongly,
    counting.uncounted,
    counting.uncounted_without_harm,
    counting.judged_partly,
    scoping.unreadable_filters,
    scoping.refused_operands,
    scoping.unknown_operands,
    scoping.misfitting_operators,
    scoping.slow_filters,
    scoping.roles_of_everybody,
    scoping.missing_managers,
    assigning.groups_that_bring_nobody,
    assigning.nobody_is_assigned,
    assigning.unassigned_in_scope,
    running.threshold,
    running.let_go,
    running.switched,
    running.moved_address,
    running.restart,
    running.scope_restart,
    running.kept_accounts,
    entering.returning,
    running.groups,
    flowing.removed_mappings,
    flowing.empty_values,
    flowing.changed_defaults,
    flowing.written_once,
)

_ORDER = tuple(Weight)


def findings_of(case: Case) -> tuple[Finding, ...]:
    """List everything that is to be said of a change, each once, the heaviest first.

    Only what is declared is judged as a mistake. What the service has like that already is a warning, since it was
    accepted once.
    """
    found = dict.fromkeys(finding for rule in RULES for finding in rule(case))
    return tuple(sorted(found, key=lambda finding: _ORDER.index(finding.weight)))


def refuse(found: Iterable[Finding]) -> None:
    """Refuse what is wrong; what somebody may accept is left to :func:`refusal_of`.

    :raises ConfigurationError: with every reason at once, each with its place.
    """
    reasons = [str(finding) for finding in found if finding.weight is Weight.REFUSED]
    if reasons:
        raise ConfigurationError(reasons)
