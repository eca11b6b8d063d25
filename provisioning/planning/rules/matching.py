"""Findings about the attributes by which existing accounts are found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from provisioning.model.mapping import AttributeMapping, ObjectKind
from provisioning.planning.rules.case import USERS, Case
from provisioning.planning.rules.counting import in_scope, most_of, too_many, whole_of
from provisioning.planning.rules.finding import Finding, Weight

UNFILTERABLE = frozenset({"Binary", "Boolean", "DateTime", "Reference"})
"""Types by whose values nobody is found."""


def no_matching_attribute(case: Case) -> Iterator[Finding]:
    """Find a kind of which nobody could be found at the app any more.

    Every object needs a value for at least one matching attribute (Learn: customize-application-attributes#matching).
    """
    for kind in ObjectKind:
        before, after = (_matching(side.schema.of(kind).mappings) for side in (case.before, case.after))
        if after or not (before or (kind in case.kinds and not case.is_partial)):
            continue
        would = "would be left" if before else "is there"
        lost = Weight.ACCEPTABLE if kind is USERS else Weight.REFUSED
        yield Finding(
            lost if before else Weight.WARNING,
            f"no matching attribute {would}, so no account could be found at {case.app}.",
            f"mappings.{kind.value}" + (f".{min(before)}" if before else ""),
            hint="Give one mapping match: 1.",
            number=in_scope(case) if before else None,
        )


def duplicate_matching(case: Case) -> Iterator[Finding]:
    """Find matching attributes that share their turn, so that nobody knows which is tried first."""
    for kind in case.kinds:
        declared = case.declared.mappings[kind]
        before, after = (_by_turn(side.schema.of(kind).mappings) for side in (case.before, case.after))
        for turn, targets in sorted(after.items()):
            if len(targets) > 1:
                target = next((target for target in targets if target in declared), targets[0])
                others = ", ".join(other for other in targets if other != target)
                yield Finding(
                    Weight.WARNING if before.get(turn) == targets else Weight.REFUSED,
                    f"{turn} is the turn of {others} already; each matching attribute needs its own.",
                    f"mappings.{kind.value}.{target}.match",
                )


def unfilterable_matching(case: Case) -> Iterator[Finding]:
    """Find matching attributes that the app cannot be asked for.

    The target must support filtering by it (Learn: customize-application-attributes#matching): one value, and a text.
    """
    for touched in case.touched():
        definition = touched.definition
        if touched.after is None or not touched.after.match or definition is None:
            continue
        if definition.multivalued:
            yield touched.mistake("accounts cannot be matched by an attribute of several values.", at=".match")
        elif definition.type in UNFILTERABLE:
            yield touched.mistake(f"accounts cannot be matched by a value of type {definition.type}.", at=".match")


def worthless_matching(case: Case) -> Iterator[Finding]:
    """Find matching attributes that have no value, or the same for everybody."""
    for touched in case.touched():
        mapping = touched.after
        if mapping is None or not mapping.match or mapping.unread:
            continue
        if mapping.source is None:
            yield touched.mistake("it is used to match, and has no source.", at=".source")
        elif not mapping.source.attributes:
            yield touched.warning(
                f"it is used to match, and {mapping.source} reads no attribute of the person.", at=".source"
            )


def changed_matching(case: Case) -> Iterator[Finding]:
    """Find whatever changes how accounts are found; links stay (Learn: customize-application-attributes#matching)."""
    for kind in ObjectKind if case.has_run else ():
        before, after = (side.schema.of(kind).mappings for side in (case.before, case.after))
        changed = [
            target for target in sorted(before.keys() | after.keys()) if _turn(before, target) != _turn(after, target)
        ]
        for target in changed if _matching(after) else ():
            yield Finding(
                Weight.WARNING,
                "existing accounts may be matched differently; accounts that are linked already stay linked.",
                f"mappings.{kind.value}.{target}",
            )


def many_matched_wrongly(case: Case) -> Iterator[Finding]:
    """Find many people who would be skipped, taken for somebody else, or looked for by another value.

    Everybody is many, in a small company too. Links stay, so another value alone is judged by the limit
    (Learn: concept-provisioning-logs, ``ImportSkipped`` and ``DuplicateSourceEntries``).
    """
    impact = case.impact
    if impact is None or not _matching(case.after.schema.of(USERS).mappings):
        return
    for group, fate, least in (
        (impact.unmatched, "would have no value for any matching attribute, and be skipped", whole_of(case)),
        (impact.colliding, "would be matched by the same value as somebody else", whole_of(case)),
        (impact.rematched, "would be matched by another value", most_of(case) + 1),
    ):
        if group.count > most_of(case) or 1 < least <= group.count:
            yield too_many(case, group, fate)


def _matching(mappings: Mapping[str, AttributeMapping]) -> list[str]:
    return [target for target, mapping in mappings.items() if mapping.match]


def _turn(mappings: Mapping[str, AttributeMapping], target: str) -> tuple[int, str] | None:
    mapping = mappings.get(target)
    return (mapping.match, mapping.written) if mapping and mapping.match else None


def _by_turn(mappings: Mapping[str, AttributeMapping]) -> dict[int, list[str]]:
    turns = defaultdict(list)
    for target, mapping in sorted(mappings.items()):
        if mapping.match:
            turns[mapping.match].append(target)
    return turns
