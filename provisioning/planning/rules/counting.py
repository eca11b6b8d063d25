"""How many people a change may touch before somebody must accept it, and what is counted.

What counts as too many is the larger of five people and one in twenty of those in scope. Acceptance repeats the
number, so that a flag forgotten in a file accepts no more than it once did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from provisioning.planning.configuration import Configuration
from provisioning.planning.rules.case import Case
from provisioning.planning.rules.finding import AcceptingSetting, Finding, Weight
from provisioning.planning.rules.reach import (
    lets_anybody_in,
    may_bring_in,
    may_make_leave,
    narrows,
    removed_principals,
    touches_everybody,
)
from provisioning.planning.touched import Group, Impact
from provisioning.words import counted

FEW = 5
"""So many people may always leave, or enter."""

PERCENT = 5
"""So many in a hundred of those in scope may."""

RAISE = "Set impactLimit higher, and everybody is counted."


def limit_of(in_scope: int) -> int:
    """Tell how many may leave or enter at once, beside so many in scope."""
    return max(FEW, in_scope * PERCENT // 100)


def in_scope(case: Case) -> int | None:
    """Count those whom a broken job would be about; ``None`` when nobody was judged."""
    return max(whole_of(case), 1) if case.impact else None


def whole_of(case: Case) -> int:
    """Count those in scope: now, or afterwards where nobody is yet."""
    impact = case.impact
    return (impact.in_scope_before if case.has_run else impact.in_scope_after) if impact else 0


def most_of(case: Case) -> int:
    """Tell how many may be touched at once."""
    return limit_of(whole_of(case))


def too_many(case: Case, group: Group, fate: str) -> Finding:
    """Say that more people meet a *fate* than may at once, or that everybody does."""
    whole = f"{counted(whole_of(case), 'person', 'people')} in scope"
    if case.impact and not case.impact.is_complete:
        whole += f", among the first {case.impact.judged:,}"
    why = limit_sentence(case) if group.count > most_of(case) else "that is everybody"
    return Finding(Weight.ACCEPTABLE, f"{group.count:,} of {whole} {fate}; {why}.", number=group.count)


def limit_sentence(case: Case) -> str:
    """Say how many may be touched at once, and why."""
    return f"the limit is {most_of(case):,}, the larger of {FEW} and {PERCENT} %"


def uncounted(case: Case) -> Iterator[Finding]:
    """Find changes of which nobody knows whom they touch, because people were not read or could not be."""
    if case.impact is not None or not case.has_run:
        return
    why = case.why_uncounted or "Nobody was counted."
    takes, brings = may_make_leave(case.before, case.after), may_bring_in(case.before, case.after)
    if takes:
        yield Finding(Weight.ACCEPTABLE, f"How many people this takes away from is not known. {why}")
    if brings:
        sentence = "How many people this brings in is not known." + ("" if takes else f" {why}")
        yield Finding(Weight.ACCEPTABLE, sentence, accepts=AcceptingSetting.ENTRANTS)


def uncounted_without_harm(case: Case) -> Iterator[Finding]:
    """Find a reason why nobody was judged, where it takes nobody's access away and brings nobody in."""
    is_harmless = not (may_make_leave(case.before, case.after) or may_bring_in(case.before, case.after))
    if case.impact is None and case.why_uncounted and (is_harmless or not case.has_run):
        yield Finding(Weight.WARNING, case.why_uncounted)


def judged_partly(case: Case) -> Iterator[Finding]:
    """Find people who may leave, be disabled or enter beyond those who were judged: reading ended at ``impactLimit``.

    Where only assignments change, those whom they bring along are read first, so the others do not matter.
    """
    impact = case.impact
    if impact is None or impact.is_complete or not case.has_run:
        return
    before, after = case.before, case.after
    if may_make_leave(before, after):
        beyond = (
            unread(case, before, after) if narrows(before, after) and not touches_everybody(before, after) else None
        )
        yield from _partly(impact, impact.leaving, beyond, AcceptingSetting.LEAVERS)
    if may_bring_in(before, after):
        beyond = None if lets_anybody_in(before, after) else unread(case, after, before)
        yield from _partly(impact, impact.entering, beyond, AcceptingSetting.ENTRANTS)


def _partly(impact: Impact, group: Group, beyond: int | None, setting: AcceptingSetting) -> Iterator[Finding]:
    if beyond != 0:
        first = counted(impact.judged, "person was", "people were")
        sentence = f"Only the first {first} judged, those who are assigned before others."
        number = max(group.count + (beyond or 0), 1)
        yield Finding(Weight.ACCEPTABLE, sentence, hint=RAISE, number=number, accepts=setting)


def unread(case: Case, more: Configuration, fewer: Configuration) -> int | None:
    """Count those whom assignments bring in *more* and not in *fewer*, and who were not judged.

    ``None`` when it is not assignments alone that make the difference.
    """
    one, other = more.rules, fewer.rules
    if case.people is None or (one.scope, one.filter, one.is_enabled) != (other.scope, other.filter, other.is_enabled):
        return None
    judged = Counter(principal for person in case.people.persons for principal in person.through)
    members = {group.id: group.members for group in case.people.groups}
    return sum(max(members.get(each, 1) - judged[each], 0) for each in removed_principals(more, fewer))
