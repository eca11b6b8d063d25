"""Findings about people who leave: whether they would still be disabled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioning.model.mapping import ObjectAction, ObjectKind
from provisioning.planning.active import ACTIVE, disables
from provisioning.planning.findings.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provisioning.planning.findings.case import Case

USERS = ObjectKind.USERS

WITHOUT = {
    ObjectAction.CREATE: "nobody new gets an account at Elium.",
    ObjectAction.UPDATE: "accounts would no longer be updated, so nobody who leaves would be disabled.",
    ObjectAction.DELETE: "accounts of people who are deleted in Entra stay at Elium.",
}
"""What it means to leave an action out (Learn: how-provisioning-works#de-provisioning)."""


def active_follows(case: Case) -> Iterator[Finding]:
    """Find a mapping of ``active`` that says nothing, or the wrong thing, of people who leave.

    ``IsSoftDeleted`` is true of whoever is unassigned, filtered out, disabled or deleted; ``active`` must say False of
    them, and True of the others (Learn: customize-application-attributes#IsSoftDeleted).
    """
    if USERS not in case.kinds:
        return
    before, after = case.before(USERS).get(ACTIVE), case.after(USERS).get(ACTIVE)
    is_known = ACTIVE in case.targets(USERS) or before or after
    if not is_known or (after and after.unread):
        return
    place = f"mappings.{USERS.value}.{ACTIVE}"
    if disables(after):
        if before != after:
            sentence = f"{ACTIVE} decides who is disabled at Elium; the new mapping still disables people who leave."
            yield Finding(Severity.WARNING, place, sentence)
        return
    is_lost = before is not None and (disables(before) or before.unread is not None)
    would = "would no longer follow" if is_lost else "does not follow"
    yield Finding(
        Severity.ERROR if is_lost else Severity.WARNING,
        place,
        f"{ACTIVE} {would} IsSoftDeleted, so nobody who leaves would be disabled.",
        hint='Write Switch([IsSoftDeleted], , "False", "True", "True", "False").',
        is_acceptable=is_lost,
    )


def missing_actions(case: Case) -> Iterator[Finding]:
    """Find actions on users that are no longer allowed. Disabling is an update."""
    wanted = case.declared.actions.get(USERS)
    if wanted is None or not case.observed.has(USERS):
        return
    lost = case.observed.actions(USERS) - wanted
    for action in (action for action in ObjectAction if action in lost):
        is_update = action is ObjectAction.UPDATE
        severity = Severity.ERROR if is_update else Severity.WARNING
        sentence = f"without {action.value}, {WITHOUT[action]}"
        yield Finding(severity, f"objects.{USERS.value}.actions", sentence, is_acceptable=is_update)
