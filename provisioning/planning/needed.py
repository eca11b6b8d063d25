"""What must be known of people, so that a change of rules can be judged: the source attributes, and their mappings."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from provisioning.model.mapping import AttributeMapping
from provisioning.model.person import People
from provisioning.planning.active import ACTIVE, COMPUTED
from provisioning.planning.configuration import Rules, changed_targets


def deciding(before: Rules, after: Rules, *, with_matching: bool) -> Iterator[str]:
    """List the attributes that decide who is in scope, disabled or, *with_matching*, matched."""
    for rules in (before, after):
        yield from rules.filter.attributes if rules.filter else ()
        mappings = [*rules.matching] if with_matching else []
        if before.mappings.get(ACTIVE) != after.mappings.get(ACTIVE) and ACTIVE in rules.mappings:
            mappings.append(rules.mappings[ACTIVE])
        for mapping in mappings:
            yield from (mapping.source.attributes if mapping.source else frozenset()) - COMPUTED


def flowing(before: Rules, after: Rules) -> Iterator[str]:
    """List the attributes that the changed mappings read, and those by which a newcomer would be matched."""
    targets = changed_targets(before, after)
    for rules in (before, after):
        for mapping in (rules.mappings[target] for target in targets if target in rules.mappings):
            yield from mapping.source.attributes if mapping.source else ()
    for mapping in after.matching:
        yield from (mapping.source.attributes if mapping.source else frozenset()) - COMPUTED


def unread_matching(before: Rules, after: Rules) -> AttributeMapping | None:
    """Find a matching attribute whose source is not understood; ``None`` when there is none."""
    return next((mapping for mapping in (*before.matching, *after.matching) if mapping.unread), None)


def why_unjudged(people: People, attributes: Collection[str]) -> str:
    """Say that people cannot be judged, for want of *attributes* that decide; empty when they can be."""
    missing = sorted(people.unreadable.intersection(attributes))
    return f"People cannot be judged without {', '.join(missing)}, which Graph does not give." if missing else ""
