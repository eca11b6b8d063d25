"""People who are in scope only while a change is carried out, because its parts are not saved at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from provisioning.planning.configuration import Configuration, Rules, rules_of_both
from provisioning.planning.rules.case import Case, listed
from provisioning.planning.rules.counting import limit_sentence, most_of
from provisioning.planning.rules.finding import AcceptingSetting, Finding, Weight
from provisioning.planning.rules.reach import removed_principals
from provisioning.planning.scope import is_in_scope

NARROW_FIRST = "Two runs avoid that: the narrower filter or scope first, then the groups and users that are new."
UNASSIGN_FIRST = "Two runs avoid that: take the groups and users out first, and widen filter or scope then."


def pass_through(case: Case) -> Iterator[Finding]:
    """Find people who are in scope neither now nor afterwards, but in between.

    Groups are assigned before the job's steps and taken away after them, as Pulumi orders resources, and the schema is
    saved before the scope (:mod:`provisioning.planning.steps`). A cycle that begins meanwhile goes by what it finds,
    and a run that is cut leaves it so. Nobody leaves in between: who passes both filters and both scopes passes each.
    """
    ends = rules_of_both(case.before, case.after)
    if case.people is None or not case.has_run or ends is None or _judges_alike(*ends):
        return
    between = [side.rules for side in _between(case)]
    passing = [
        person
        for person in case.people.persons
        if any(is_in_scope(rules, person) for rules in between)
        and not any(is_in_scope(rules, person) for rules in ends)
    ]
    if not passing:
        return
    entering = case.impact.entering.count if case.impact else 0
    number, is_few = entering + len(passing), entering + len(passing) <= most_of(case)
    names = listed(person.name for person in passing)
    who = "1 person is" if len(passing) == 1 else f"{len(passing):,} people are"
    limit = "" if is_few else f" With those who enter that is {number:,}; {limit_sentence(case)}."
    yield Finding(
        Weight.WARNING if is_few else Weight.ACCEPTABLE,
        f"{who} in scope neither now nor afterwards, but while this is carried out, and if it is cut until it is "
        f"finished: {names}.{limit}",
        hint=NARROW_FIRST if removed_principals(case.after, case.before) else UNASSIGN_FIRST,
        number=None if is_few else number,
        accepts=AcceptingSetting.ENTRANTS,
    )


def _judges_alike(before: Rules, after: Rules) -> bool:
    """Tell whether both sides differ in assignments alone, if at all: each is made or taken away at one moment."""
    return (before.scope, before.filter, before.is_enabled) == (after.scope, after.filter, after.is_enabled)


def _between(case: Case) -> Iterator[Configuration]:
    """Give how provisioning is configured between two steps, as long as the job runs then."""
    before, after = case.before, case.after
    principals = {each.principal for each in before.assignments}
    new = tuple(each for each in after.assignments if each.principal not in principals)
    everybody = (*before.assignments, *new)
    if before.is_on:
        yield replace(before, assignments=everybody)
    if before.is_on and after.is_on:
        yield replace(before, schema=after.schema, assignments=everybody)
    if after.is_on:
        yield replace(after, assignments=everybody)
