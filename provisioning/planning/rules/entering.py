"""People who come in: whether too many do at once, whether anybody does, and what becomes of those who come back."""

from __future__ import annotations

from collections.abc import Iterator

from provisioning.planning.configuration import gains_creation
from provisioning.planning.rules.case import USERS, Case
from provisioning.planning.rules.counting import limit_sentence, most_of
from provisioning.planning.rules.finding import AcceptingSetting, Finding, Weight
from provisioning.planning.rules.reach import may_bring_in, narrows
from provisioning.words import counted

IN_TURN = "Make two runs of it: in the first what takes people out, in the second what brings them in."


def many_enter(case: Case) -> Iterator[Finding]:
    """Find more people who enter than may at once. A first deployment is meant to bring people in.

    What counts as many is our own limit (see :func:`provisioning.planning.rules.counting.limit_of`).
    """
    impact = case.impact
    if impact is None or not case.has_run or impact.entering.count <= most_of(case):
        return
    entering = counted(impact.entering.count, "person", "people")
    among = "" if impact.is_complete else f", among the first {impact.judged:,} who were judged"
    fate = "would enter" if narrows(case.after, case.before) else "in scope, whom active disables now, would be enabled"
    sentence = f"{entering} {fate}, beside {impact.in_scope_before:,} in scope now{among}; {limit_sentence(case)}."
    yield Finding(Weight.ACCEPTABLE, sentence, number=impact.entering.count, accepts=AcceptingSetting.ENTRANTS)


def created_from_now_on(case: Case) -> Iterator[Finding]:
    """Find a job that may create accounts and might not before: whoever is in scope without one gets one.

    Whom the app has already is not known here, so everybody in scope is counted (Learn: customize-application-
    attributes; graph: synchronization-objectmapping, flowTypes).
    """
    actions = (side.schema.of(USERS).actions for side in (case.before, case.after))
    number = case.impact.in_scope_after if case.impact else 0
    if not (case.has_run and number and gains_creation(*actions)):
        return
    weight = Weight.ACCEPTABLE if number > most_of(case) else Weight.WARNING
    who = counted(number, "person is", "people are")
    sentence = f"with create, everybody in scope who has no account at {case.app} gets one, and {who} in scope."
    place = f"objects.{USERS.value}.actions"
    yield Finding(weight, sentence, place, number=number, accepts=AcceptingSetting.ENTRANTS)


def in_between(case: Case) -> Iterator[Finding]:
    """Find people who get an account although they are in scope neither before nor afterwards.

    A cycle may begin between any two calls of a run, saving a schema begins one at once, and a run may end there.
    """
    impact = case.impact
    if impact is None or not impact.in_between or not (case.before.is_on or case.after.is_on):
        return
    number = impact.entering.count + impact.in_between.count
    who = counted(impact.in_between.count, "person is", "people are")
    sentence = (
        f"{who} in scope neither before nor afterwards, but in between, and a cycle that begins then makes their "
        "accounts: groups and users are assigned before the job is changed, and taken out after it; its filter is "
        "saved before its scope."
    )
    weight = Weight.ACCEPTABLE if number > most_of(case) else Weight.WARNING
    yield Finding(weight, sentence, hint=IN_TURN, number=number, accepts=AcceptingSetting.ENTRANTS)


def nobody_in_scope(case: Case) -> Iterator[Finding]:
    """Find a change after which nobody would be provisioned: a typing error in a filter does that.

    Whoever is not in scope gets no account (Learn: how-provisioning-works#scoping).
    """
    impact = case.impact
    if impact is None or not impact.judged or impact.in_scope_after:
        return
    looked_at = counted(impact.judged, "person was looked at", "people were looked at")
    if not case.has_run:
        sentence = f"{looked_at}, and nobody would be provisioned."
        yield Finding(Weight.ACCEPTABLE, sentence, number=impact.judged)
    elif not impact.in_scope_before:
        yield Finding(Weight.WARNING, f"{looked_at}, and nobody is provisioned.")
    elif impact.leaving.count <= most_of(case):
        who = (
            "The one person"
            if impact.in_scope_before == 1
            else f"All {counted(impact.in_scope_before, 'person', 'people')}"
        )
        sentence = f"{who} in scope would leave it, and nobody would be provisioned any more."
        yield Finding(Weight.ACCEPTABLE, sentence, number=impact.in_scope_before)


def returning(case: Case) -> Iterator[Finding]:
    """Find people who may come back: they are enabled, and memberships are not sent again.

    Learn: how-provisioning-works.
    """
    if case.has_run and (case.impact.entering if case.impact else may_bring_in(case.before, case.after)):
        follows = "group memberships follow with the next restart only"
        yield Finding(Weight.NOTE, f"People who come back are enabled again at {case.app}; {follows}.")
