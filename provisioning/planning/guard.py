"""The guard: a change that takes accounts away from people is refused, unless the configuration accepts the number.

What counts as too many is the larger of five people and one in twenty of those in scope. Acceptance repeats the
number, so that a flag forgotten in a file accepts no more than it once did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from provisioning.errors import UnsafeChangeError
from provisioning.model.mapping import ObjectKind
from provisioning.model.connection import Scope
from provisioning.planning.active import ACTIVE, disables
from provisioning.planning.configuration import loses_updates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provisioning.model.mapping import AttributeMapping
    from provisioning.planning.plan import Plan
    from provisioning.planning.touched import Group, Impact

FEW = 5
"""So many people may always leave."""

PERCENT = 5
"""So many in a hundred of those in scope may leave."""

SETTING = "elium:acceptLeavers"


@dataclass(frozen=True, slots=True)
class Danger:
    """One reason to refuse."""

    sentence: str
    number: int | None
    """The number that accepts it; ``None`` when nobody knows, and any number does that somebody stands for."""


def limit_of(in_scope: int) -> int:
    """Tell how many of those in scope may leave."""
    return max(FEW, in_scope * PERCENT // 100)


def check(plan: Plan) -> None:
    """Let a plan pass.

    :raises UnsafeChangeError: with the numbers, the limit and the words that accept it.
    """
    refusal = refusal_of(plan)
    if refusal:
        raise refusal


def refusal_of(plan: Plan) -> UnsafeChangeError | None:
    """Say why a plan is refused; ``None`` when it may pass."""
    dangers = [danger for danger in dangers_of(plan) if not _is_accepted(danger, plan.accepted_leavers)]
    if not dangers:
        return None
    numbers = [danger.number for danger in dangers if danger.number is not None]
    words = f"{SETTING}: {max(numbers)}" if numbers else f"{SETTING}: and the highest number that you stand for"
    return UnsafeChangeError(
        "\n".join(danger.sentence for danger in dangers), hint=f"If that is meant, accept it by name: {words}"
    )


def dangers_of(plan: Plan) -> tuple[Danger, ...]:
    """List what makes a plan dangerous."""
    return tuple(_dangers(plan)) if plan.may_make_leave else ()


def _is_accepted(danger: Danger, accepted: int | None) -> bool:
    return accepted is not None and accepted >= (danger.number or 1)


def _dangers(plan: Plan) -> Iterator[Danger]:
    in_scope = max(plan.impact.in_scope_before, 1) if plan.impact else None
    yield from _broken(plan, in_scope)
    if plan.impact is None:
        reason = plan.why_uncounted or "Nobody was counted."
        yield Danger(f"How many people this takes away from is not known. {reason}", None)
        return
    yield from _too_many(plan.impact)
    if not plan.impact.is_complete and (plan.before.scope, plan.after.scope) == (Scope.ALL, Scope.ASSIGNED):
        sentence = f"Only the first {plan.impact.judged:,} people were judged, those who are assigned before others."
        yield Danger(sentence, max(plan.impact.leaving.count, 1))


def _broken(plan: Plan, in_scope: int | None) -> Iterator[Danger]:
    """Say what no longer works, whatever the number of people."""
    before, after = (side.schema.mappings(ObjectKind.USERS) for side in (plan.before, plan.after))
    if loses_updates(*(side.schema.actions(ObjectKind.USERS) for side in (plan.before, plan.after))):
        yield Danger("Accounts would no longer be updated, so nobody who leaves would be disabled.", in_scope)
    if _may_disable(before.get(ACTIVE)) and not _may_disable(after.get(ACTIVE)):
        yield Danger(
            f"{ACTIVE} would no longer follow IsSoftDeleted, so nobody who leaves would be disabled.", in_scope
        )
    if any(mapping.match for mapping in before.values()) and not any(mapping.match for mapping in after.values()):
        yield Danger("No matching attribute would be left, so nobody could be found at Elium.", in_scope)


def _may_disable(mapping: AttributeMapping | None) -> bool:
    """Tell whether a mapping disables people, or may, because the service holds what cannot be read here."""
    return disables(mapping) or (mapping is not None and mapping.unread is not None)


def _too_many(impact: Impact) -> Iterator[Danger]:
    limit = limit_of(impact.in_scope_before)
    for group, fate in (
        (impact.leaving, "would leave"),
        (impact.unmatched, "would have no value for any matching attribute, and be skipped"),
        (impact.colliding, "would be matched by the same value as somebody else"),
        (impact.rematched, "would be matched by another value"),
    ):
        if group.count > limit:
            yield Danger(_sentence(group, fate, impact, limit), group.count)


def _sentence(group: Group, fate: str, impact: Impact, limit: int) -> str:
    whole = f"{impact.in_scope_before:,} people in scope"
    if not impact.is_complete:
        whole += f", among the first {impact.judged:,}"
    return f"{group.count:,} of {whole} {fate}; the limit is {limit:,}, the larger of {FEW} and {PERCENT} %."
