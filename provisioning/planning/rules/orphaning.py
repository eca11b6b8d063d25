"""People who leave while there is no job that could disable them, although there may have been one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from provisioning.planning.rules.case import Case
from provisioning.planning.rules.counting import unread
from provisioning.planning.rules.finding import Finding, Weight
from provisioning.planning.rules.reach import removed_principals
from provisioning.planning.scope import is_in_scope
from provisioning.words import counted

FIRST = (
    "Run `pulumi refresh` and `pulumi up` with them still in: that makes a new job, which finds their accounts by the "
    "matching attribute. Take them out once it has had a cycle."
)


def left_without_a_job(case: Case) -> Iterator[Finding]:
    """Find people who lose their assignment while no job of this app is found, although it may have had one.

    The links of a job go with it, and a new job looks at nobody who is not in scope, so it disables none of them
    (graph: synchronizationjob-delete; Learn: how-provisioning-works). Even one of them is not few: the account stays
    open for ever, and there is a way on that closes it. By which filter the job took people is gone with it, so the
    declared one stands in for that.
    """
    if not case.may_have_lost_its_job or not removed_principals(case.before, case.after):
        return
    count = _orphans(case)
    if count == 0:
        return
    sentence = (
        "No job of this app is found, and there may have been one: then nobody disables the accounts of those who lose "
        f"their assignment now. {_about(count, case.why_uncounted)}"
    )
    yield Finding(Weight.ACCEPTABLE, sentence, hint=FIRST, number=count)


def _about(count: int | None, why_uncounted: str) -> str:
    if count is None:
        return " ".join(filter(None, ("How many people that is about is not known.", why_uncounted)))
    return f"That is about {counted(count, 'person', 'people')}."


def _orphans(case: Case) -> int | None:
    """Count those who are in scope by what is assigned now, and not by what is declared; ``None`` when nobody knows."""
    if case.people is None:
        return None
    before = replace(case.after, assignments=case.before.assignments)
    people = [each for each in case.people.persons if is_in_scope(before.rules, each)]
    beyond = 0 if case.people.is_complete else unread(case, before, case.after) or 0
    return sum(not is_in_scope(case.after.rules, each) for each in people) + beyond
