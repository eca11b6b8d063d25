"""What the job does next: restarts, the switch, the threshold, groups."""

from __future__ import annotations

from collections.abc import Iterator

from provisioning.model.assignment import PrincipalKind
from provisioning.planning.changes import SetFilter, SwitchObjects
from provisioning.planning.rules.case import GROUPS, Case
from provisioning.planning.rules.counting import in_scope
from provisioning.planning.rules.finding import Finding, Weight
from provisioning.planning.rules.leaving import (
    closes_what_was_kept,
    is_closed,
    why_doubtful,
    why_left_open,
)
from provisioning.planning.rules.reach import moves, place_of, removed_principals
from provisioning.words import counted


def threshold(case: Case) -> Iterator[Finding]:
    """Find a cycle that would disable and delete too many, and so is held back.

    Groups that leave count as well as people (Learn: accidental-deletions).
    """
    people = case.impact.leaving.count if case.impact and is_closed(case) else 0
    groups = len(_leaving_groups(case))
    most = case.after.delete_threshold
    if most and people + groups > most and case.has_run:
        leaving = counted(people + groups, "leaves", "leave")
        among = f", among them {counted(groups, 'group')}" if groups else ""
        sentence = (
            f"{leaving}{among}, and deleteThreshold is {most:,}: Entra will disable nobody and put the "
            "job in quarantine, until somebody allows it."
        )
        yield Finding(Weight.WARNING, sentence)


def let_go(case: Case) -> Iterator[Finding]:
    """Find a higher threshold for a job that holds disables back: its next cycle may send them.

    That only an allowance releases them is documented (Learn: accidental-deletions), that a higher threshold does not
    is said nowhere.
    """
    held, most = case.before.delete_threshold, case.after.delete_threshold
    if held == most or (most and most < (held or 0)):
        return
    if case.holds_back:
        said = "The job holds disables back, because they were more than deleteThreshold allows."
    elif held and case.has_run and (case.is_in_quarantine or not case.before.is_on):
        state = "in another quarantine" if case.is_in_quarantine else "off"
        said = (
            f"The job is {state}, so it does not say whether it holds disables back that were more than "
            "deleteThreshold."
        )
    else:
        return
    sentence = f"{said} With a higher one the next cycle may disable these people, who are not counted here."
    yield Finding(Weight.ACCEPTABLE, sentence, hint="The provisioning logs name them (StagedDelete).")


def switched(case: Case) -> Iterator[Finding]:
    """Find a job that is switched on or off, or changed while it is off: then nothing is sent (Learn: known-issues)."""
    was_on, is_on = case.before.is_on, case.after.is_on
    if was_on and not is_on and case.has_run:
        sentence = "The job is switched off: nobody gets an account, and nobody who leaves is disabled, until it is on."
        yield Finding(Weight.WARNING, sentence)
    elif is_on and not was_on and case.has_run:
        yield Finding(Weight.NOTE, "The job is switched on: what changed meanwhile follows with its first cycle.")
    elif not is_on and case.changes and not (case.has_run and case.impact and case.impact.leaving):
        yield Finding(Weight.NOTE, f"The job is off: none of this reaches {case.app} before it is switched on.")


def moved_address(case: Case) -> Iterator[Finding]:
    """Find an address of another place for a job that has run: its accounts are at the old one, and nobody asks there.

    A job sends to the address that is saved; that it would close anything at an earlier one is said nowhere.
    """
    if case.has_run and moves(case.before, case.after):
        places = [place_of(side) for side in (case.before, case.after)]
        is_other_host = places[0].host != places[1].host
        old, new = (each.host if is_other_host else each.host + each.path for each in places)
        sentence = (
            f"Accounts at {old} stay as they are, and nobody disables them any more when people leave; at {new} "
            "everybody in scope is looked for by the matching attribute, and created where nobody is found."
        )
        hint = "To close them, take everybody out first, and move after a cycle."
        yield Finding(Weight.ACCEPTABLE, sentence, hint=hint, number=in_scope(case))


def restart(case: Case) -> Iterator[Finding]:
    """Find a schema that is saved, which clears the watermark and keeps the links.

    Learn: how-provisioning-works#initial-cycle; customize-application-attributes; graph: synchronizationschema-update.
    """
    if case.changes_schema and case.has_run and case.after.is_on:
        yield Finding(
            Weight.NOTE, "Restarts the initial cycle: everybody in scope is looked at again; accounts stay linked."
        )


def scope_restart(case: Case) -> Iterator[Finding]:
    """Find a new scope, which takes effect with a restart only.

    Learn: known-issues#changing-the-provisioning-scope.
    """
    if case.before.scope is not case.after.scope and case.has_run:
        when = "which follows at once" if case.after.is_on else "which follows when the job is switched on"
        yield Finding(Weight.NOTE, f"The new scope takes effect with a restart, {when}.")


def kept_accounts(case: Case) -> Iterator[Finding]:
    """Find accounts that were left open when their people left, where leavers are to be disabled from now on.

    What was not sent is made good when everybody is looked at again, and not before (Learn: skip-out-of-scope-
    deletions; that a plain cycle does not do it, and that it is so for whatever kept them open, is assumed). So a plan
    restarts the job. Entra does not tell whose accounts these are: they are in nobody's scope, and cannot be counted.
    """
    if not case.has_run or not closes_what_was_kept(case.before, case.after):
        return
    why = why_left_open(case.before) or why_doubtful(case.before)
    when = "by the restart" if case.after.is_on else "once the job is switched on"
    yield Finding(
        Weight.ACCEPTABLE,
        f"Accounts of people who left may have stayed open until now{why}. They are disabled {when}, and are not "
        "counted here.",
        hint="Where nobody has left, 1 is enough.",
    )


def groups(case: Case) -> Iterator[Finding]:
    """Find the switch and the filter of groups (Learn: customize-application-attributes).

    What becomes of groups that are there is not documented; that nothing is sent about them is assumed.
    """
    for change in case.changes:
        match change:
            case SwitchObjects(kind, True) if kind is GROUPS:
                yield Finding(Weight.NOTE, f"Groups that are assigned are created at {case.app}, with their members.")
            case SwitchObjects(kind, False) if kind is GROUPS and case.has_run:
                yield Finding(
                    Weight.WARNING,
                    f"Groups and their members are no longer kept up to date; those at {case.app} stay as they are.",
                )
            case SetFilter(kind) if kind is GROUPS and case.has_run:
                yield Finding(
                    Weight.WARNING,
                    f"Groups that leave the filter are deleted at {case.app}, where the app's flow allows deletions.",
                )
            case _:
                pass


def _leaving_groups(case: Case) -> list[str]:
    """List the groups that are no longer assigned, where groups are provisioned."""
    removed = removed_principals(case.before, case.after) if case.after.schema.of(GROUPS).is_enabled else frozenset()
    kinds = {each.principal: each.kind for each in case.before.assignments}
    return sorted(principal for principal in removed if kinds[principal] is PrincipalKind.GROUP)
