"""What to do with one object, decided from what is known and before anything is sent.

The rows of the leaving table carry their letters in the comments of :func:`_of_leaver`
(Learn: how-provisioning-works#deprovisioning; skip-out-of-scope-deletions; customize-application-attributes).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.engine.job import Link
    from emulator.engine.plan import ObjectPlan
    from emulator.engine.scope import Verdict
    from emulator.moods.knobs import Knobs


class Decision(Enum):
    """What becomes of an object in this cycle."""

    PROVISION = "provision"
    """Match, then create or update."""
    DISABLE = "disable"
    """Update what depends on the scope."""
    DELETE = "delete"
    FORGET = "forget"
    """Drop the link; nothing is sent."""
    IGNORE = "ignore"
    """Not even a line in the log."""
    NO_MATCHING_VALUE = "no matching value"
    """Skipped as ``ImportSkipped``, the scope not asked."""
    PASSED_OVER = "passed over"
    """A filter keeps it out of the job's sight, whether it is linked or not."""
    UNDECIDED = "undecided"
    """The filter cannot be asked about it, so that it fails."""
    OUT_OF_SCOPE = "out of scope"
    """Skipped; it never was in scope, or has left already."""
    LEAVING_NOT_SENT = "leaving not sent"
    """Skipped; it leaves, and the configuration says that nothing is sent."""

    @property
    def removes(self) -> bool:
        """Whether it counts against accidental deletion."""
        return self in {Decision.DISABLE, Decision.DELETE}


@dataclass(frozen=True, slots=True)
class Situation:
    """What a decision rests on."""

    plan: ObjectPlan
    link: Link | None
    verdict: Verdict | None
    """``None`` when the scope was not asked."""
    has_matching_value: bool = True
    passed_over: bool = False
    """Whether a filter keeps it out whose leavers are not deprovisioned (graph: filter, inputFilterGroups)."""
    purged: bool = False
    """Whether the source object is gone for good."""
    purged_at_once: bool = False
    """Whether that happened since it was last seen alive."""
    skip_out_of_scope: bool = False
    """The secret ``SkipOutOfScopeDeletions``."""


def decide(situation: Situation, knobs: Knobs) -> Decision:
    """Decide what to do with one object."""
    if situation.purged:
        return _of_purged(situation, knobs)
    if situation.passed_over:
        return Decision.PASSED_OVER
    if not situation.has_matching_value:
        return Decision.NO_MATCHING_VALUE
    if situation.verdict is not None and situation.verdict.in_scope:
        return Decision.PROVISION
    if situation.link is None:
        # k: never linked and out of scope.
        return Decision.OUT_OF_SCOPE
    return _of_leaver(situation, situation.link, knobs)


def _of_purged(situation: Situation, knobs: Knobs) -> Decision:
    link = situation.link
    if link is None:
        return Decision.IGNORE
    if not situation.plan.deletes:
        # The action Delete is off: a hard delete is ignored (graph: synchronization-objectmapping, flowTypes).
        return Decision.IGNORE
    if link.unassigned and knobs.delete_after_unassign == "never":
        # f: disputed.
        return Decision.FORGET
    if situation.purged_at_once and knobs.lost_fast_purge:
        # g: observed once.
        return Decision.FORGET
    # e
    return Decision.DELETE


def _of_leaver(situation: Situation, link: Link, knobs: Knobs) -> Decision:
    plan = situation.plan
    if plan.kind == "Group":
        # i: groups know no soft delete.
        return Decision.DELETE if plan.deletes else Decision.LEAVING_NOT_SENT
    if not link.in_scope:
        # f: whoever has left is no longer managed until a hard delete, or until coming back.
        return Decision.OUT_OF_SCOPE
    if situation.skip_out_of_scope:
        # a to d: suppressed together, as How provisioning works lists them.
        return Decision.LEAVING_NOT_SENT
    if not knobs.supports_soft_delete:
        return Decision.DELETE if plan.deletes else Decision.LEAVING_NOT_SENT
    switched_off = knobs.account_enabled_disables and situation.verdict is not None and not situation.verdict.active
    if not plan.updates or not (plan.leaving or (switched_off and plan.switched)):
        # A disable is an update of what IsSoftDeleted is mapped to.
        return Decision.LEAVING_NOT_SENT
    # a to d, j
    return Decision.DISABLE
