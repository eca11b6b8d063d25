"""What must be different before anything is touched: each is a way to leave accounts open for ever."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from provisioning.model.mapping import ObjectAction, ObjectKind
from provisioning.model.synchronization_status import SynchronizationStatus
from provisioning.operations.deployed import StackPart
from provisioning.operations.teardown.leaver import names_of
from provisioning.operations.teardown.plan import Accounts, Obstacle, Plan
from provisioning.planning.active import ACTIVE, reads_account_alone
from provisioning.planning.configuration import Configuration
from provisioning.planning.job_status import RELEASES, UNKNOWN_RELEASE, holds_back
from provisioning.planning.rules import why_left_open
from provisioning.words import counted

TOKEN = "--target-token"  # noqa: S105 - the name of an option
FORCE = "--force-deletes"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a teardown is judged by."""

    configuration: Configuration
    status: SynchronizationStatus
    others: tuple[SynchronizationStatus, ...]
    has_token: bool
    """Whether the operator gave the target's token."""
    counted_all: bool = True
    """Whether everybody was read."""


def obstacles(plan: Plan, seen: Seen) -> Iterator[Obstacle]:
    """Say what stands in the way, before the first write."""
    if seen.others:
        listed = ", ".join(other.job.id for other in seen.others)
        yield Obstacle(
            f"The app has another job, {listed}, with links of its own, which would be lost with the app.",
            "Look in the portal which one provisions, and delete the other when nobody is linked by it.",
        )
    if not plan.closes:
        return
    yield from _of_the_job(plan, seen)
    yield from _of_the_configuration(plan, seen)
    yield from _of_the_threshold(plan, seen)


def _of_the_job(plan: Plan, seen: Seen) -> Iterator[Obstacle]:
    """Find a job that disables nobody: the state is read here, since a pause would hide a quarantine."""
    job = seen.status.job
    if job.quarantine and not holds_back(job):
        meaning, release = RELEASES.get(job.quarantine.reason, UNKNOWN_RELEASE)
        yield Obstacle(
            f"The job is in quarantine ({job.quarantine.reason}): {meaning}. It would close nobody.",
            f"What releases it: {release}.",
        )
    elif not job.is_switched_on:
        yield Obstacle("The job is switched off, so that no cycle closes anybody.", f"elium start {plan.stack}")
    elif not job.has_run:
        yield Obstacle("The first cycle runs, and still makes accounts.", f"elium wait {plan.stack}")


def _of_the_configuration(plan: Plan, seen: Seen) -> Iterator[Obstacle]:
    if why := why_left_open(seen.configuration):
        yield Obstacle(
            f"The job leaves the accounts of people who leave open{why}.",
            "Undo that with an `up`, then forget what was passed over: "
            f"elium restart {plan.stack} --reset Watermark, and wait for its cycle.",
        )
    if reads_account_alone(seen.configuration.schema.of(ObjectKind.USERS).mappings.get(ACTIVE)):
        yield Obstacle(
            "`active` follows accountEnabled alone, of which it is not known whether it disables who is unassigned.",
            "Map `active` from IsSoftDeleted, as the app's template does, with an `up`.",
        )
    if plan.options.accounts is Accounts.DELETE:
        yield from _of_deleting(seen)
    if plan.narrows and not seen.has_token:
        yield Obstacle(
            "Everybody is in scope, so that taking an assignment away closes nobody; and to save another scope the "
            "target's token must be sent along.",
            f"Give it: {TOKEN} ask, env:NAME or file:/path. Or set elium:scope: assigned, run `pulumi up`, and wait "
            "for a cycle.",
        )
    if not seen.counted_all:
        yield Obstacle(
            "More people are assigned than are read here.", "Take some of the groups out with an `up` first."
        )


def _of_deleting(seen: Seen) -> Iterator[Obstacle]:
    """Find what keeps accounts from being deleted: a connector that does not say it can, or no way to the target."""
    actions = seen.configuration.schema.of(ObjectKind.USERS).actions
    if actions and ObjectAction.DELETE not in actions:
        yield Obstacle(
            "This connector's actions do not have `delete`, so that accounts can be disabled and not deleted.",
            "Disable them, which is the default, and delete them at the target by hand.",
        )
    if not seen.has_token:
        yield Obstacle(
            "Entra deletes nobody who is only unassigned, so that the target itself is asked to, with its token.",
            f"Give it: {TOKEN} ask, env:NAME or file:/path.",
        )


def _of_the_threshold(plan: Plan, seen: Seen) -> Iterator[Obstacle]:
    """Find a threshold below those who leave. It is never worked around: who is closed on demand counts as well.

    Microsoft's pages contradict each other in whether it holds back at its number or above; so both do here.
    """
    threshold = seen.configuration.delete_threshold
    leavers = [one for one in plan.people if one.is_open]
    leaving = len(leavers)
    if plan.options.forces_deletes:
        return
    if holds_back(seen.status.job):
        yield Obstacle(
            f"The job holds disables and deletions back: more than the threshold of {threshold or 0:,}.",
            f"See who it is, and carry them out first: elium restart {plan.stack} --reset ForceDeletes. Or accept a "
            f"teardown that carries out everything, held or new: {FORCE}",
        )
    elif threshold and leaving >= threshold:
        groups = sum(not one.is_person for one in leavers)
        people, others = counted(leaving - groups, "person", "people"), counted(groups, "group")
        who = people if not groups else others if leaving == groups else f"{people} and {others}"
        yield Obstacle(
            f"{who} would leave, and the deletion threshold is {threshold:,}: a cycle would hold all of them back.",
            f"Set elium:deleteThreshold to {leaving + 1}, or to 0, and run `pulumi up`. Or accept a teardown that puts "
            f"the threshold aside for one cycle: {FORCE}",
        )


def notes(plan: Plan, seen: Seen) -> Iterator[str]:
    """Say what is good to know."""
    part = StackPart.named(plan.stack)
    if part.component:
        yield (
            f"{part.component} is in the program still: take it out before the next `pulumi up`, which would bring it "
            "about anew."
        )
    if not plan.closes:
        yield "Accounts stay as they are. Once the job is gone nobody disables them, not even a new job."
        return
    if plan.unproven:
        yield (
            f"Out of scope, and the log does not say whether they have an account: {names_of(plan.unproven)}. "
            f"Look at the target, or give its token: {TOKEN}"
        )
    if not plan.reads_log:
        yield (
            "This identity may not read the provisioning log: who left before and is still open is not seen, and "
            "proof is the target's word, or the answer of each call. Grant it ProvisioningLog.Read.All."
        )
    if plan.options.forces_deletes:
        yield "The deletion threshold is put aside for one cycle (ForceDeletes)."
    last = seen.status.last
    if plan.awaits_cycle and last:
        yield (
            "The log does not reach back to the first cycle, so that another cycle is waited for: it closes whoever "
            f"was taken out since the last one began, at {last.began:%Y-%m-%d %H:%M} UTC, and is in no line."
        )
    if not plan.options.purges:
        yield (
            "App and service principal lie in Entra's recycle bin for 30 days; whoever restores them gets a job that "
            "runs, and provisions again."
        )
