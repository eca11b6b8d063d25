"""A plan as people read it, and as a machine does. Whoever prints a plan prints these lines and no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import fill, indent

from provisioning.planning.plan import Plan
from provisioning.planning.rules import Weight
from provisioning.planning.rules.acceptance import accepted
from provisioning.planning.steps import describe_step
from provisioning.planning.touched import ChangedAttribute, Group, Impact
from provisioning.planning.values import Settled
from provisioning.planning.wording import NOTHING, THE_APP, describe
from provisioning.words import counted

NOTHING_TO_DO = "Nothing to do."

SAME = "where `pulumi up` prints the same word, it does the same"

FIRST = "of what is declared: what the app itself brings is not known before it is there"
"""What the word of a first preview stands for; the update then has more to compare with."""

WIDTH = 100
"""How long a line with names may be, in characters."""

_STICKY = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to print about a plan."""

    weight: Weight
    """``NOTE`` for what is good to know, ``WARNING`` for what may not be meant."""
    text: str


def notices(plan: Plan) -> tuple[Notice, ...]:
    """Give what is to be printed of a plan before it is carried out; that it is refused is an error of its own."""
    warnings = [str(finding) for finding in plan.findings if finding.weight is Weight.WARNING]
    if plan:
        warnings += accepted(plan.findings, plan.circumstances.acceptance)
    notes = _sections(plan) if plan else ()
    return (
        *(Notice(Weight.WARNING, text) for text in warnings),
        *(Notice(Weight.NOTE, text) for text in notes),
    )


def as_text(plan: Plan) -> str:
    """Write a plan as `pulumi preview` prints it under the resource, with the error that refuses it."""
    return text_of(plan, notices(plan))


def text_of(plan: Plan, told: Iterable[Notice]) -> str:
    """Write a plan with all that is *told* of it, its own notices among that."""
    parts = printed(told)
    if not plan:
        return "\n".join((NOTHING_TO_DO, *parts))
    return "\n".join((*parts, *filter(None, (_refused(plan),))))


def printed(told: Iterable[Notice]) -> tuple[str, ...]:
    """Write notices as Pulumi prints them: information without a word in front."""
    return tuple(f"warning: {each.text}" if each.weight is Weight.WARNING else each.text for each in told)


def _refused(plan: Plan) -> str:
    refusal = plan.refusal
    return "\n".join(filter(None, (f"error: {refusal.message}", refusal.hint))) if refusal else ""


def _sections(plan: Plan) -> Iterator[str]:
    """Give what is good to know of a plan that changes something, under the digest by which it is known again."""
    meaning = FIRST if plan.is_partial else SAME
    # Of several apps in one program, `pulumi preview --diff` prints the plans one below the other, without a heading.
    whose = f" for {plan.circumstances.app}" if plan.circumstances.app != THE_APP else ""
    title = f"plan {plan.digest}{whose} ({meaning})"
    notes = (str(finding) for finding in plan.findings if finding.weight is Weight.NOTE)
    for heading, lines in (
        (title, map(describe, plan.changes)),
        ("calls", map(describe_step, plan.steps)),
        ("people", _people_lines(plan.impact) if plan.impact else ()),
        ("good to know", notes),
    ):
        found = [indent(line, "  ") for line in lines]
        if found:
            yield "\n".join([heading, *found])


def _people_lines(impact: Impact) -> Iterator[str]:
    """Say whom a plan touches."""
    covered = "" if impact.is_complete else f"; this covers the first {counted(impact.judged, 'person', 'people')}"
    yield f"{_people(impact.in_scope_before)} in scope now, {_people(impact.in_scope_after)} afterwards{covered}."
    for group, fate in _fates(impact):
        if group:
            yield _wrapped(f"{group.count:,} {fate}: ", group)
    if sum(bool(attribute.people) for attribute in impact.attributes) > 1:
        yield f"{impact.changed.count:,} would get another value of one attribute or more:"
    for attribute in impact.attributes:
        yield from _attribute_lines(attribute)
    if impact.unreadable:
        yield f"Not compared, because Graph does not give it here: {', '.join(impact.unreadable)}."


def _fates(impact: Impact) -> tuple[tuple[Group, str], ...]:
    return (
        (impact.leaving, "would leave"),
        (impact.entering, "would enter"),
        (impact.in_between, "would be in scope in between, and not afterwards"),
        (impact.unmatched, "would be skipped, without a value to match by"),
        (impact.colliding, "would be matched by the same value as somebody else"),
        (impact.rematched, "would be matched by another value"),
        (impact.failing, "would fail, because an expression has no result for them"),
        (impact.still_failing, "fail already, because an expression has no result for them"),
        (impact.recovering, "fail now and would no longer"),
    )


def _attribute_lines(attribute: ChangedAttribute) -> Iterator[str]:
    if attribute.people or attribute.only_in_case:
        case = f", and {attribute.only_in_case:,} in case alone, which is not sent" if attribute.only_in_case else ""
        yield f"{attribute.target}: {_people(attribute.people.count)} would get another value{case}"
    for example in attribute.examples:
        yield f"  {example.name}: {_value(example.before)} → {_value(example.after)}"
    more = attribute.people.count - len(attribute.examples)
    if more > 0:
        yield f"  and {more:,} more"


def _wrapped(title: str, group: Group) -> str:
    """Name people in lines that can be read, and no name over two of them."""
    more = group.count - len(group.names)
    names = [name.replace(" ", _STICKY) for name in group.names]
    text = ", ".join(names) + (f", and {more:,} more" if more else "")
    return fill(title + text, WIDTH, subsequent_indent="    ", break_on_hyphens=False).replace(_STICKY, " ")


def _people(count: int) -> str:
    return counted(count, "person", "people") if count else "nobody"


def _value(value: Settled) -> str:
    match value:
        case None:
            return NOTHING
        case str():
            return f'"{value}"'
        case _:
            return ", ".join(f'"{item}"' for item in sorted(value))
