"""A plan as people read it, and as a machine does."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING, Any

from provisioning.planning.guard import SETTING, dangers_of, refusal_of
from provisioning.planning.wording import NOTHING, describe, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provisioning.planning.plan import Plan
    from provisioning.planning.touched import ChangedAttribute, Group, Impact
    from provisioning.planning.values import Settled

NOTHING_TO_DO = "Nothing to do."


def as_text(plan: Plan) -> str:
    """Write a plan for people: what changes, what comes of it, whom it touches."""
    if not plan:
        return NOTHING_TO_DO
    parts = [
        f"plan {plan.digest}",
        _section("Changes", map(describe, plan.changes)),
        _section("Consequences", (f"! {sentence}" for sentence in plan.consequences)),
        _section("Findings", (f"! {line}" for line in finding_lines(plan))),
        _section("People", people_lines(plan)),
        _section("Acceptance", acceptance_lines(plan)),
        _section("Refused", refusal_lines(plan)),
    ]
    return "\n\n".join(filter(None, parts))


def as_json(plan: Plan) -> dict[str, Any]:
    """Write a plan for machines."""
    return {
        "digest": plan.digest,
        "changes": [{"place": place_of(change), "text": describe(change)} for change in plan.changes],
        "consequences": list(plan.consequences),
        "findings": [{"place": finding.place, "text": str(finding)} for finding in plan.findings],
        "people": _impact(plan.impact) if plan.impact else None,
        "whyUncounted": plan.why_uncounted or None,
        "dangers": [{"text": danger.sentence, "acceptedBy": danger.number} for danger in dangers_of(plan)],
        "acceptLeavers": plan.accepted_leavers,
    }


def finding_lines(plan: Plan) -> Iterator[str]:
    """Say what may be wrong, each with the place where it was written; a picture of an expression takes more lines."""
    for finding in plan.findings:
        yield str(finding)


def people_lines(plan: Plan) -> Iterator[str]:
    """Say whom a plan touches, or why nobody knows."""
    if plan.impact is None:
        yield from [plan.why_uncounted] if plan.why_uncounted else []
        return
    impact = plan.impact
    covered = "" if impact.is_complete else f"; this covers the first {impact.judged:,} people"
    yield f"{_people(impact.in_scope_before)} in scope now, {_people(impact.in_scope_after)} afterwards{covered}."
    for group, fate in _fates(impact):
        if group:
            yield f"{group.count:,} {fate}: {_named(group)}"
    for attribute in impact.attributes:
        yield from _attribute_lines(attribute)
    if impact.unreadable:
        yield f"Not compared, because Graph does not give it here: {', '.join(impact.unreadable)}."


def acceptance_lines(plan: Plan) -> Iterator[str]:
    """Say what was accepted, and whether that was needed."""
    if plan.accepted_leavers is None:
        return
    dangers = dangers_of(plan)
    if not dangers:
        yield f"{SETTING}: {plan.accepted_leavers} is set and accepts nothing here; take it out again."
        return
    known = [danger.number for danger in dangers if danger.number is not None]
    this = f"{max(known):,}" if known else "an unknown number"
    if refusal_of(plan):
        yield f"{SETTING}: {plan.accepted_leavers} does not accept this plan, which has {this}."
        return
    yield f"{SETTING}: {plan.accepted_leavers} accepts this plan, which has {this}."
    yield from (danger.sentence for danger in dangers)


def refusal_lines(plan: Plan) -> Iterator[str]:
    """Say why the plan would be refused, and the words that accept it."""
    refusal = refusal_of(plan)
    if refusal:
        yield from refusal.message.splitlines()
        yield refusal.hint


def _fates(impact: Impact) -> tuple[tuple[Group, str], ...]:
    return (
        (impact.leaving, "would leave"),
        (impact.entering, "would enter"),
        (impact.unmatched, "would be skipped, without a value to match by"),
        (impact.colliding, "would be matched by the same value as somebody else"),
        (impact.rematched, "would be matched by another value"),
        (impact.failing, "would fail, because an expression has no result for them"),
        (impact.still_failing, "fail already, because an expression has no result for them"),
        (impact.recovering, "fail now and would no longer"),
        (impact.changed, "would get another value"),
    )


def _attribute_lines(attribute: ChangedAttribute) -> Iterator[str]:
    if attribute.people or attribute.only_in_case:
        case = f", and {attribute.only_in_case:,} in case alone, which is not sent" if attribute.only_in_case else ""
        yield f"  {attribute.target}: {_people(attribute.people.count)}{case}"
    for example in attribute.examples:
        yield f"    {example.name}: {_value(example.before)} → {_value(example.after)}"


def _section(title: str, lines: Iterator[str] | map[str]) -> str:
    found = list(lines)
    return "\n".join([title, *(indent(line, "  ") for line in found)]) if found else ""


def _named(group: Group) -> str:
    more = group.count - len(group.names)
    return ", ".join(group.names) + (f", and {more:,} more" if more else "")


def _people(count: int) -> str:
    return {0: "nobody", 1: "1 person"}.get(count, f"{count:,} people")


def _value(value: Settled) -> str:
    match value:
        case None:
            return NOTHING
        case str():
            return f'"{value}"'
        case _:
            return ", ".join(f'"{item}"' for item in sorted(value))


def _impact(impact: Impact) -> dict[str, Any]:
    groups = {
        "leaving": impact.leaving,
        "entering": impact.entering,
        "changed": impact.changed,
        "failing": impact.failing,
        "stillFailing": impact.still_failing,
        "recovering": impact.recovering,
        "unmatched": impact.unmatched,
        "colliding": impact.colliding,
        "rematched": impact.rematched,
    }
    return {
        "judged": impact.judged,
        "isComplete": impact.is_complete,
        "inScopeBefore": impact.in_scope_before,
        "inScopeAfter": impact.in_scope_after,
        **{name: {"count": group.count, "names": list(group.names)} for name, group in groups.items()},
        "attributes": {attribute.target: attribute.people.count for attribute in impact.attributes},
        "unreadable": list(impact.unreadable),
    }
