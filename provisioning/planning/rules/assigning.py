"""Who is assigned: groups that bring fewer people than they seem to, and assignments that do not count."""

from __future__ import annotations

from collections.abc import Iterator

from provisioning.model.connection import Scope
from provisioning.model.person import AssignedGroup
from provisioning.planning.rules.case import Case, listed
from provisioning.planning.rules.finding import Finding, Weight
from provisioning.planning.rules.reach import removed_principals
from provisioning.words import counted


def groups_that_bring_nobody(case: Case) -> Iterator[Finding]:
    """Find assigned groups from which nobody is provisioned, or not everybody who is in them.

    Entra takes the direct members of security groups (Learn: how-provisioning-works#assignment-based-scoping).
    """
    if case.people is None or case.after.scope is Scope.ALL:
        return
    leaving = removed_principals(case.before, case.after)
    groups = [group for group in case.people.groups if group.id not in leaving]
    for sentence, hint in filter(None, map(shortcoming, groups)):
        yield Finding(Weight.WARNING, sentence, hint=hint)


def nobody_is_assigned(case: Case) -> Iterator[Finding]:
    """Find a first deployment that names nobody: a key at the wrong place in a stack's file is not seen at all.

    Whoever is not assigned is not in scope, where the scope is assigned (Learn: how-provisioning-works#scoping).
    """
    if not case.has_run and case.after.is_on and case.after.scope is Scope.ASSIGNED and not case.after.assignments:
        sentence = "Nobody is assigned, as far as this run is told, so nobody would be provisioned."
        yield Finding(Weight.WARNING, sentence, hint="Name groups or users.")


def unassigned_in_scope(case: Case) -> Iterator[Finding]:
    """Find people who lose their last assignment while everybody is in scope: they stay, and so do their accounts.

    Assignment does not count where all users are synchronized (Learn: how-provisioning-works#scoping).
    """
    removed = removed_principals(case.before, case.after)
    if not removed or case.after.scope is Scope.ASSIGNED or not case.has_run:
        return
    kept = frozenset(assignment.principal for assignment in case.after.assignments)
    people = case.people.persons if case.people else ()
    count = sum(bool(person.through & removed) and not person.through & kept for person in people)
    yield Finding(
        Weight.WARNING,
        f"The scope is all, so nobody leaves by losing an assignment: {accounts(count)} open at {case.app}.",
        hint="Set the scope to assigned first.",
    )


def accounts(count: int) -> str:
    """Say that so many accounts stay; 0 when nobody knows how many."""
    return counted(count, "account stays", "accounts stay") if count else "their accounts stay"


def shortcoming(group: AssignedGroup) -> tuple[str, str] | None:
    """Say why a group brings nobody, or not everybody, and what to do; ``None`` when it brings who is in it."""
    named = f"The group {group.name}"
    inside = listed(group.holds_groups)
    if not group.is_there:
        return f"{named} does not exist any more, so it brings nobody.", "Take it out."
    if not group.is_security_enabled:
        what = "is a Microsoft 365 group" if group.is_microsoft_365 else "is not security-enabled"
        return f"{named} {what}, and only security groups bring people.", "Assign a security group instead."
    if inside and not group.members:
        sentence = f"{named} holds nobody but other groups, whose members are not provisioned: {inside}."
        return sentence, "Assign those groups themselves."
    if inside:
        sentence = f"{named} holds other groups, and their members are not provisioned: {inside}."
        return sentence, "Assign those groups themselves."
    return None if group.members else (f"{named} is empty, so it brings nobody.", "Add people to it, or take it out.")
