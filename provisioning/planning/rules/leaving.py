"""Whether people who leave are disabled, and would still be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from provisioning.errors import ExpressionError
from provisioning.model.mapping import AttributeMapping, ObjectAction
from provisioning.planning.active import ACTIVE, disables, reads_account_alone
from provisioning.planning.configuration import Configuration, loses_updates
from provisioning.planning.rules.assigning import accounts
from provisioning.planning.rules.case import USERS, Case
from provisioning.planning.rules.counting import in_scope, most_of, too_many
from provisioning.planning.rules.finding import Finding, Weight
from provisioning.planning.rules.reach import may_make_leave, narrows

NO_LONGER = "it would no longer follow IsSoftDeleted, so nobody who leaves would be disabled."
NOT_AT_ALL = "it does not follow IsSoftDeleted, so nobody who leaves is disabled."
BY_ACCOUNT = (
    "it reads accountEnabled alone, and Microsoft's documents contradict each other on whether that disables people "
    "who leave."
)
NOT_UPDATED = ", because accounts are not updated"
NOT_DISABLED = ", because no mapping disables people who leave"

WITHOUT = {
    ObjectAction.CREATE: "nobody new gets an account at {app}.",
    ObjectAction.UPDATE: "accounts would no longer be updated, so nobody who leaves would be disabled.",
    ObjectAction.DELETE: "accounts of people who are deleted in Entra stay at {app}.",
}
"""What it means to leave an action out (Learn: how-provisioning-works#de-provisioning)."""


def active_follows(case: Case) -> Iterator[Finding]:
    """Find a mapping of ``active`` that says nothing, or the wrong thing, of people who leave.

    ``IsSoftDeleted`` is true of whoever is unassigned, filtered out, disabled or deleted; ``active`` must say False of
    them, and True of the others (Learn: customize-application-attributes#IsSoftDeleted). Of ``accountEnabled`` in its
    place one note at Microsoft says that it disables, and the table of what is sent says that it does not
    (Learn: how-provisioning-works#de-provisioning).
    """
    before, after = case.sides(ACTIVE)
    place = f"mappings.{USERS.value}.{ACTIVE}"
    if disables(after):
        if before != after:
            sentence = f"it decides who is disabled at {case.app}; the new mapping still disables people who leave."
            yield Finding(Weight.NOTE, sentence, place)
    elif _is_judged(case):
        is_lost = before is not None and (disables(before) or before.unread is not None)
        yield Finding(
            Weight.ACCEPTABLE if is_lost else Weight.WARNING,
            BY_ACCOUNT if reads_account_alone(after) else NO_LONGER if is_lost else NOT_AT_ALL,
            place,
            hint='Write Switch([IsSoftDeleted], , "False", "True", "True", "False").',
            number=in_scope(case) if is_lost else None,
        )


def missing_actions(case: Case) -> Iterator[Finding]:
    """Find actions on users that are no longer allowed. Disabling is an update.

    Learn: how-provisioning-works#de-provisioning.
    """
    lost = case.before.schema.of(USERS).actions - case.after.schema.of(USERS).actions
    for action in (action for action in ObjectAction if action in lost):
        sentence = f"without {action.value}, {WITHOUT[action].format(app=case.app)}"
        weight = Weight.ACCEPTABLE if action is ObjectAction.UPDATE else Weight.WARNING
        number = in_scope(case) if weight is Weight.ACCEPTABLE else None
        yield Finding(weight, sentence, f"objects.{USERS.value}.actions", number=number)


def leavers_fate(case: Case) -> Iterator[Finding]:
    """Find what becomes of the accounts of people who leave.

    Leaving turns ``IsSoftDeleted`` true, which the ``active`` mapping sends; without one, without updates, while the
    job is off, or with ``SkipOutOfScopeDeletions``, nothing is sent (Learn: how-provisioning-works#de-provisioning;
    skip-out-of-scope-deletions; known-issues).
    """
    leaving = case.impact.leaving.count if case.impact else 0
    if case.has_run and (leaving if case.impact else _may_leave_scope(case)):
        sentence = _fate_in_words(case, leaving)
        if sentence:
            yield Finding(Weight.WARNING, sentence)


def many_leave(case: Case) -> Iterator[Finding]:
    """Find more people who leave than may at once.

    What counts as many is our own limit (see :func:`provisioning.planning.rules.counting.limit_of`).
    """
    impact = case.impact
    if impact is None or not case.has_run or impact.leaving.count <= most_of(case):
        return
    yield too_many(case, impact.leaving, _fate(case))


def stays_open(case: Case) -> bool:
    """Tell whether accounts stay open when their people leave the scope."""
    return bool(_reason(case))


def is_closed(case: Case) -> bool:
    """Tell whether accounts are disabled when their people leave, at the latest when the job is switched on."""
    return not stays_open(replace(case, after=replace(case.after, is_on=True)))


def why_open(case: Case) -> str:
    """Say why accounts stay open when their people leave; empty when another rule says so, or when they do not."""
    reason = _reason(case)
    if reason == NOT_UPDATED and loses_updates(*(side.schema.of(USERS).actions for side in (case.before, case.after))):
        return ""
    return "" if reason == NOT_DISABLED and _is_judged(case) else reason


def why_left_open(side: Configuration) -> str:
    """Say why a job that runs leaves the accounts of people who leave open; empty when it closes them, or may."""
    users = side.schema.of(USERS)
    if side.keeps_leavers:
        return ", because skipOutOfScopeDeletions says so"
    if not users.is_enabled:
        return ", because users are no longer provisioned"
    if users.actions and ObjectAction.UPDATE not in users.actions:
        return NOT_UPDATED
    active = users.mappings.get(ACTIVE)
    return "" if _doubt(active) or disables(active) else NOT_DISABLED


def why_doubtful(side: Configuration) -> str:
    """Say why nobody knows whether a job disables people who leave; empty when that is known."""
    doubt = _doubt(side.schema.of(USERS).mappings.get(ACTIVE))
    return f", because {doubt}" if doubt else ""


def closes_what_was_kept(before: Configuration, after: Configuration) -> bool:
    """Tell whether accounts that may have stayed open when their people left are to be closed from now on."""
    was_open = why_left_open(before) or why_doubtful(before)
    return bool(was_open) and not (why_left_open(after) or why_doubtful(after))


def _reason(case: Case) -> str:
    if not case.after.is_on:
        return " until the job is switched on"
    why = why_left_open(case.after)
    lost = loses_updates(*(side.schema.of(USERS).actions for side in (case.before, case.after)))
    return NOT_UPDATED if lost and why in ("", NOT_DISABLED) else why


def _fate_in_words(case: Case, leaving: int) -> str:
    """Say what becomes of the accounts; empty where the sentence that counts too many says so, or another rule."""
    is_counted = leaving > most_of(case)
    doubt = "" if _is_judged(case) else _doubt(case.sides(ACTIVE)[1])
    if not _may_leave_scope(case):
        sentence = f"People who leave are disabled at {case.app} although they are in scope; their accounts stay."
        return "" if is_counted else sentence
    if doubt:
        return f"Whether people who leave are disabled is not known: {doubt}."
    if not stays_open(case):
        return f"People who leave are disabled at {case.app}; their accounts stay."
    if is_counted or not why_open(case):
        return ""
    who = accounts(leaving) if leaving else "Accounts of people who leave stay"
    return f"{who} open at {case.app}{why_open(case)}."


def _fate(case: Case) -> str:
    if not _may_leave_scope(case):
        return "would be disabled although they are in scope"
    open_there = f", and their accounts stay open at {case.app}{why_open(case)}"
    return "would leave" + (open_there if stays_open(case) else "")


def _may_leave_scope(case: Case) -> bool:
    """Tell whether somebody may leave the scope, as opposed to being disabled within it."""
    try:
        return narrows(case.before, case.after)
    except ExpressionError:
        return may_make_leave(case.before, case.after)


def _is_judged(case: Case) -> bool:
    """Tell whether it is said of ``active`` that it disables nobody: it is declared or changed, and can be read."""
    before, after = case.sides(ACTIVE)
    is_declared = ACTIVE in case.declared.mappings.get(USERS, {})
    is_known = ACTIVE in case.targets(USERS) or before is not None or after is not None
    is_asked = before != after or (is_declared if case.is_partial else USERS in case.kinds)
    return is_asked and is_known and not (after and after.unread)


def _doubt(active: AttributeMapping | None) -> str:
    """Say why nobody knows whether ``active`` disables people who leave; empty when that is known."""
    if active and active.unread:
        return f"{ACTIVE} is {active.unread}, which cannot be read here"
    return f"{ACTIVE} reads accountEnabled alone" if reads_account_alone(active) else ""
