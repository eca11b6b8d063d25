"""Findings about the attributes by which existing accounts are found."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from provisioning.model.mapping import ObjectKind
from provisioning.planning.findings.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from provisioning.model.mapping import AttributeMapping
    from provisioning.planning.findings.case import Case

UNFILTERABLE = frozenset({"Binary", "Boolean", "DateTime", "Reference"})
"""Types by whose values nobody is found."""


def no_matching_attribute(case: Case) -> Iterator[Finding]:
    """Find a kind of which nobody could be found at Elium any more.

    Every object needs a value for at least one matching attribute (Learn: customize-application-attributes#matching).
    """
    for kind in case.kinds:
        if _matching(case.after(kind)):
            continue
        lost = sorted(_matching(case.before(kind)))
        place = f"mappings.{kind.value}" + (f".{lost[0]}" if lost else "")
        yield Finding(
            Severity.ERROR if lost else Severity.WARNING,
            place,
            f"no matching attribute {'would be left' if lost else 'is there'}, so no account could be found at Elium.",
            hint="Give one mapping match: 1.",
            is_acceptable=bool(lost) and kind is ObjectKind.USERS,
        )


def duplicate_matching(case: Case) -> Iterator[Finding]:
    """Find matching attributes that share their turn, so that nobody knows which is tried first."""
    for kind in case.kinds:
        declared = case.declared.mappings[kind]
        before = _by_turn(case.before(kind))
        for turn, targets in sorted(_by_turn(case.after(kind)).items()):
            if len(targets) > 1:
                target = next((target for target in targets if target in declared), targets[0])
                others = ", ".join(other for other in targets if other != target)
                yield Finding(
                    Severity.WARNING if before.get(turn) == targets else Severity.ERROR,
                    f"mappings.{kind.value}.{target}.match",
                    f"{turn} is the turn of {others} already; each matching attribute needs its own.",
                )


def unfilterable_matching(case: Case) -> Iterator[Finding]:
    """Find matching attributes that Elium cannot be asked for.

    The target must support filtering by it (Learn: customize-application-attributes#matching): one value, and a text.
    """
    for touched in case.touched():
        definition = touched.definition
        if touched.after is None or not touched.after.match or definition is None:
            continue
        if definition.multivalued:
            yield touched.finding("accounts cannot be matched by an attribute of several values.", at=".match")
        elif definition.type in UNFILTERABLE:
            yield touched.finding(f"accounts cannot be matched by a value of type {definition.type}.", at=".match")


def worthless_matching(case: Case) -> Iterator[Finding]:
    """Find matching attributes that have no value, or the same for everybody."""
    for touched in case.touched():
        mapping = touched.after
        if mapping is None or not mapping.match or mapping.unread:
            continue
        if mapping.source is None:
            yield touched.finding("it is used to match, and has no source.", at=".source")
        elif not mapping.source.attributes:
            yield touched.warning(
                f"it is used to match, and {mapping.source} reads no attribute of the person.", at=".source"
            )


def changed_matching(case: Case) -> Iterator[Finding]:
    """Find whatever changes how accounts are found; links stay (Learn: customize-application-attributes#matching)."""
    for touched in case.touched():
        sides = [(side.match, side.written) for side in (touched.before, touched.after) if side and side.match]
        if sides and (len(sides) == 1 or sides[0] != sides[1]):
            yield touched.warning(
                f"{touched.target} is a matching attribute: existing accounts may be matched differently. "
                "Accounts that are linked already stay linked."
            )


def _matching(mappings: Mapping[str, AttributeMapping]) -> list[str]:
    return [target for target, mapping in mappings.items() if mapping.match]


def _by_turn(mappings: Mapping[str, AttributeMapping]) -> dict[int, list[str]]:
    turns = defaultdict(list)
    for target, mapping in sorted(mappings.items()):
        if mapping.match:
            turns[mapping.match].append(target)
    return turns
