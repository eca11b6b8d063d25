"""What a change brings about besides itself, in words. Each rule is a function whose docstring says who says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from provisioning.model.mapping import FlowType, ObjectKind
from provisioning.model.connection import Scope
from provisioning.planning.active import ACTIVE, COMPUTED, disables
from provisioning.planning.changes import AddMapping, AlterMapping, RemoveMapping, SetFilter, SwitchObjects
from provisioning.planning.wording import SwitchScope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from provisioning.model.mapping import AttributeMapping
    from provisioning.planning.configuration import Configuration
    from provisioning.planning.touched import Impact
    from provisioning.planning.wording import PlannedChange


@dataclass(frozen=True, slots=True)
class Between:
    """Two configurations, and the changes that lead from one to the other."""

    before: Configuration
    after: Configuration
    changes: Sequence[PlannedChange]
    impact: Impact | None = None
    """Whom the changes touch; ``None`` when nobody was judged."""


Rule: TypeAlias = "Callable[[Between], Iterator[str]]"


def consequences_of(between: Between) -> tuple[str, ...]:
    """List what comes of the changes, one sentence each, the heaviest first."""
    return tuple(dict.fromkeys(sentence for rule in RULES for sentence in rule(between)))


def _restart(between: Between) -> Iterator[str]:
    """Say that a saved schema clears the watermark and keeps the links.

    Learn: how-provisioning-works#initial-cycle; customize-application-attributes; graph: synchronizationschema-update.
    """
    if any(not isinstance(change, SwitchScope) for change in between.changes):
        yield "Restarts the initial cycle: everybody in scope is looked at again; accounts stay linked."


def _scope_restart(between: Between) -> Iterator[str]:
    """Say that a new scope takes effect with a restart only (Learn: known-issues#changing-the-provisioning-scope)."""
    if any(isinstance(change, SwitchScope) for change in between.changes):
        when = "which follows at once" if between.after.is_on else "which follows when the job is switched on"
        yield f"The new scope takes effect with a restart, {when}."


def _matching(between: Between) -> Iterator[str]:
    """Say that matching decides about accounts without a link: links stay (Learn: customize-application-attributes)."""
    for change in between.changes:
        mappings = _touched(change)
        if mappings and any(mapping.match for mapping in mappings):
            yield (
                f"{mappings[-1].target} is a matching attribute: existing accounts may be matched differently. "
                "Accounts that are linked already stay linked."
            )


def _leaving(between: Between) -> Iterator[str]:
    """Say what happens to those who leave.

    Leaving turns ``IsSoftDeleted`` true, which the ``active`` mapping sends; without one, or with
    ``SkipOutOfScopeDeletions``, nothing is sent (Learn: how-provisioning-works#de-provisioning;
    skip-out-of-scope-deletions).
    """
    if not (between.impact.leaving if between.impact else _narrows(between)):
        return
    if between.after.keeps_leavers:
        yield "People who leave keep their accounts, because skipOutOfScopeDeletions says so."
    elif not _narrows(between):
        yield "People who leave are disabled at Elium although they are in scope; their accounts stay."
    elif not disables(between.after.schema.mappings(ObjectKind.USERS).get(ACTIVE)):
        yield "People who leave keep their accounts active: no mapping disables them."
    else:
        yield "People who leave are disabled at Elium; their accounts stay."


def _threshold(between: Between) -> Iterator[str]:
    """Say that a cycle which would disable too many holds them back (Learn: accidental-deletions)."""
    leaving = between.impact.leaving.count if between.impact else 0
    threshold = between.after.delete_threshold
    if threshold and leaving > threshold and not between.after.keeps_leavers:
        yield (
            f"{leaving:,} leave and deleteThreshold is {threshold:,}: Entra will disable nobody and put the job in "
            "quarantine, until somebody allows it."
        )


def _returning(between: Between) -> Iterator[str]:
    """Say that whoever comes back is enabled, while memberships are not sent again (Learn: how-provisioning-works)."""
    if between.impact.entering if between.impact else _widens(between):
        yield "Who comes back is enabled again at Elium; group memberships follow with the next restart only."


def _active(between: Between) -> Iterator[str]:
    """Say that ``active`` decides who is disabled (Learn: customize-application-attributes#IsSoftDeleted)."""
    before, after = (side.schema.mappings(ObjectKind.USERS).get(ACTIVE) for side in (between.before, between.after))
    if before != after:
        fate = "still disables" if disables(after) else "no longer disables"
        yield f"{ACTIVE} decides who is disabled at Elium; the new mapping {fate} people who leave."


def _removed(between: Between) -> Iterator[str]:
    """Say that a mapping that is gone leaves what it wrote (Learn: customize-application-attributes)."""
    targets = [change.mapping.target for change in between.changes if isinstance(change, RemoveMapping)]
    if targets:
        yield f"{_listed(targets)} will no longer be written; what Elium holds stays."


def _defaults(between: Between) -> Iterator[str]:
    """Say that a default is used at creation and never on update (Learn: customize-application-attributes)."""
    targets = [after.target for before, after in _altered(between) if before.default != after.default]
    if targets:
        yield f"The default of {_listed(targets)} counts for new accounts only."


def _once(between: Between) -> Iterator[str]:
    """Say that *only during creation* touches no account that is there (Learn: customize-application-attributes)."""
    for change in between.changes:
        match change:
            case AddMapping(_, after) if after.flow_type is FlowType.OBJECT_ADD_ONLY:
                yield f"{after.target} is written at creation only."
            case AlterMapping(_, before, after) if (
                after.flow_type is FlowType.OBJECT_ADD_ONLY and before.flow_type is not after.flow_type
            ):
                yield f"{after.target} is written at creation only; existing accounts keep what they have."
            case _:
                pass


def _empty(between: Between) -> Iterator[str]:
    """Say that null never flows (Learn: known-issues#null-values-cannot-be-provisioned)."""
    targets = [
        after.target for before, after in _altered(between) if before.source != after.source and _may_be_empty(after)
    ]
    if targets:
        yield f"Who has no value for {_listed(targets)} keeps the old one at Elium: empty values are not sent."


def _groups(between: Between) -> Iterator[str]:
    """Say what the switch and the filter of groups do (Learn: customize-application-attributes).

    What becomes of groups that are there is not documented; that nothing is sent about them is assumed.
    """
    for change in between.changes:
        match change:
            case SwitchObjects(ObjectKind.GROUPS, True):
                yield "Groups that are assigned are created at Elium, with their members."
            case SwitchObjects(ObjectKind.GROUPS, False):
                yield "Groups and their members are no longer kept up to date; those at Elium stay as they are."
            case SetFilter(ObjectKind.GROUPS):
                yield "Groups that leave the filter are deleted at Elium, where the app's flow allows deletions."
            case _:
                pass


RULES: tuple[Rule, ...] = (
    _leaving,
    _threshold,
    _active,
    _matching,
    _restart,
    _scope_restart,
    _returning,
    _removed,
    _empty,
    _defaults,
    _once,
    _groups,
)


def _narrows(between: Between) -> bool:
    """Tell whether somebody may leave."""
    return any(
        (isinstance(change, SetFilter) and change.kind is ObjectKind.USERS and change.after is not None)
        or (isinstance(change, SwitchScope) and change.after is Scope.ASSIGNED)
        for change in between.changes
    )


def _widens(between: Between) -> bool:
    """Tell whether somebody may come back."""
    return any(
        (isinstance(change, SetFilter) and change.kind is ObjectKind.USERS and change.before is not None)
        or (isinstance(change, SwitchScope) and change.after is Scope.ALL)
        for change in between.changes
    )


def _may_be_empty(mapping: AttributeMapping) -> bool:
    """Tell whether a mapping that keeps writing reads what somebody may lack."""
    read = mapping.source.attributes - COMPUTED if mapping.source else frozenset()
    return bool(read) and mapping.flow_type is not FlowType.OBJECT_ADD_ONLY


def _altered(between: Between) -> list[tuple[AttributeMapping, AttributeMapping]]:
    return [(change.before, change.after) for change in between.changes if isinstance(change, AlterMapping)]


def _touched(change: PlannedChange) -> tuple[AttributeMapping, ...]:
    match change:
        case AddMapping(_, mapping) | RemoveMapping(_, mapping):
            return (mapping,)
        case AlterMapping(_, before, after):
            return (before, after)
        case _:
            return ()


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
