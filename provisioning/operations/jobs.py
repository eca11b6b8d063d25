"""Take a job away, and say before that whose accounts it would leave behind.

Accounts at the app stay as they are when a job is deleted (graph: synchronizationjob-delete): the links between people
and accounts are gone with it, so that nobody disables these accounts any more. The only order that leaves none behind
is to close accounts first, by a cycle after people were unassigned, and to delete the job then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from provisioning.errors import ConfigurationError, NotFoundError, UnsafeChangeError
from provisioning.model.assignment import Assignment
from provisioning.model.connection import Connection, Scope
from provisioning.model.declaration import OnDestroy
from provisioning.model.identifiers import JobAddress
from provisioning.model.job import Job
from provisioning.model.observed import Observed
from provisioning.operations.assigned import assigned, refuse_what_was_unassigned
from provisioning.operations.judge import Judging
from provisioning.operations.observe import look_at_job, observe
from provisioning.operations.people import read_people
from provisioning.operations.port import Graph
from provisioning.planning.configuration import UNREADABLE_FILTER, Configuration, rules_of
from provisioning.planning.job_status import HELD_BACK, RELEASES, UNKNOWN_RELEASE, holds_back
from provisioning.planning.needed import why_unjudged
from provisioning.planning.rules import why_left_open
from provisioning.planning.scope import people_in_scope
from provisioning.planning.touched import Group
from provisioning.planning.wording import THE_APP
from provisioning.words import counted

IN_THE_BIN = (
    "Its service principal is gone as well: as long as that lies in Entra's recycle bin, restoring it brings the job "
    "back (docs/how-to/when-a-run-was-cut.md)."
)
HOLDS_BACK = f"The job holds disables back ({HELD_BACK})"


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a destroy knows: the rule that an earlier ``up`` saved, and what the app is called."""

    on_destroy: OnDestroy = OnDestroy.REFUSE
    app: str = THE_APP
    assigned: tuple[Assignment, ...] = ()
    """Whom that ``up`` assigned."""
    left_in: str = ""
    """The cycle that was the last one when people were last taken out, see :func:`cycle_of`; empty when nobody was."""


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What is to be said of those who are left behind."""

    text: str = ""
    """Empty when there is nothing to say."""
    is_warning: bool = False
    """Whether somebody should look at it, as opposed to what is good to know."""


@dataclass(frozen=True, slots=True)
class Provisioned:
    """Whom a job provisions now."""

    people: Group | None
    """``None`` when nobody could count them."""
    why_uncounted: str = ""
    is_complete: bool = True
    """Whether everybody was read."""
    is_over: bool = False
    """Whether the job is gone, so that it did and no longer does."""
    scope: Scope = Scope.ASSIGNED
    """Of whom."""

    @property
    def is_nobody(self) -> bool:
        """Tell whether it is certain that nobody is."""
        return self.people is not None and self.people.count == 0 and self.is_complete

    def __str__(self) -> str:
        if self.people is None:
            does = "provisioned" if self.is_over else "provisions"
            return f"How many people this job {does} is not known. {self.why_uncounted} They may be active"
        count = self.people.count
        one, several = ("was", "were") if self.is_over else ("is", "are")
        if count == 0:
            others = "" if self.is_complete else ", but others were not read. They may be active"
            return f"Nobody of those who were read {one} provisioned by this job{others}"
        more = f", and {count - len(self.people.names):,} more" if count > len(self.people.names) else ""
        bound = "" if count == 1 else "Up to " if self.is_complete else "At least "
        who = bound + counted(count, f"person {one}", f"people {several}")
        are_in = "in scope" if self.scope is Scope.ALL else "assigned"
        still = f", and still {are_in} and active" if self.is_over else f", {are_in} and active"
        return f"{who} provisioned by this job{still} ({', '.join(self.people.names)}{more})"


def cycle_of(job: Job | None) -> str:
    """Name the last cycle that a job has begun, so that it can be told later whether another one has."""
    return job.last_began.isoformat() if job and job.last_began else "none yet"


async def remove(graph: Graph, address: JobAddress, leaving: Leaving, judging: Judging) -> LeftBehind:
    """Delete the job, and tell what it leaves behind. Safe to repeat.

    It is judged before it is paused, so that a refusal leaves it running.

    :raises ConflictError: when somebody else took away an assignment that an earlier run made.
    :raises UnsafeChangeError: when people whom it provisioned are active and assigned, and that was not accepted; also
        when it is gone already, since a new job would find their accounts and could still disable them.
    """
    job, _ = await look_at_job(graph, address)
    if job is None:
        return await _left_behind_by_one_that_is_gone(graph, address, leaving, judging)
    left = await _left_behind(graph, address, leaving, judging) if job.has_run else LeftBehind()
    # So that no new cycle begins between the two.
    await graph.pause(address)
    await graph.delete_job(address)
    return left


async def provisioned(graph: Graph, observed: Observed, judging: Judging) -> Provisioned:
    """Count whom a job provisions now: assigned, enabled, and past the filter. What the app holds is not asked."""
    rules = rules_of(Configuration.of(observed))
    if rules is None:
        return Provisioned(None, UNREADABLE_FILTER)
    attributes = rules.filter.attributes if rules.filter else frozenset()
    read = await read_people(
        graph,
        observed.assignments,
        attributes=attributes,
        everybody=rules.scope is Scope.ALL,
        at_most=judging.read_at_most,
    )
    why_uncounted = read.why_nobody if read.people is None else why_unjudged(read.people, attributes)
    if read.people is None or why_uncounted:
        return Provisioned(None, why_uncounted)
    try:
        group = people_in_scope(rules, read.people)
        return Provisioned(group, is_complete=read.people.is_complete, scope=rules.scope)
    except ConfigurationError as error:
        # A pattern of the service's own filter that takes for ever; whoever retains must be able to leave it behind.
        return Provisioned(None, error.message)


async def _left_behind(graph: Graph, address: JobAddress, leaving: Leaving, judging: Judging) -> LeftBehind:
    observed = await observe(graph, address.service_principal, job=address.job, known=leaving.assigned)
    if leaving.on_destroy is OnDestroy.REFUSE:
        # azuread fails to delete what is gone, and would do so after the job is deleted.
        refuse_what_was_unassigned(leaving.assigned, observed.assignments)
    found = await provisioned(graph, observed, judging)
    why = _why_nobody_is_certain(observed, leaving) if found.is_nobody else ""
    if found.is_nobody and not why:
        return LeftBehind(_since_the_last_cycle(observed.job, leaving.app))
    who = why or str(found)
    held = f" {HOLDS_BACK}, which would be lost with it." if holds_back(observed.job) and not found.is_nobody else ""
    if leaving.on_destroy is OnDestroy.RETAIN:
        text = f"{who} at {leaving.app}; their accounts stay as they are, because onDestroy is retain.{held}"
        return LeftBehind(text, is_warning=True)
    raise UnsafeChangeError(
        f"{who} at {leaving.app}, and nobody could disable these accounts once the job is gone.{held} "
        "Nothing was changed.",
        hint=f"`elium teardown` closes them first, and proves it. By hand: {_first(observed, found)}, and destroy "
        "then; or, to leave the accounts as they are, set onDestroy: retain, run `pulumi up`, and destroy.",
    )


def _first(observed: Observed, found: Provisioned) -> str:
    """Say how accounts are closed before the job goes.

    A cycle does not make good what it left open; a restart does, since it looks at everybody again (graph 5.4).
    """
    doubt = _why_in_doubt(observed.job, observed.connection.delete_threshold) if observed.job else None
    if found.is_nobody and doubt and not holds_back(observed.job):
        return doubt.first
    if found.is_nobody and why_left_open(Configuration.of(observed)):
        return "undo that with an `up`, restart the job in the portal (Restart provisioning), wait for its cycle"
    is_all = observed.connection.scope is Scope.ALL
    narrow = "set scope: assigned, and take" if is_all else "take"
    unassign = f"{narrow} the groups and users out first (an `up` that names nobody, then a cycle)"
    threshold = observed.connection.delete_threshold
    return unassign + (f", with a deleteThreshold above their number, which is {threshold:,} now" if threshold else "")


async def _left_behind_by_one_that_is_gone(
    graph: Graph, address: JobAddress, leaving: Leaving, judging: Judging
) -> LeftBehind:
    """Tell what a job left behind that somebody else has deleted: by which filter it took people is gone with it."""
    principal = address.service_principal
    try:
        connection = Connection(await graph.secrets(principal))
        assignments = await assigned(graph, principal, leaving.assigned)
    except NotFoundError:
        return LeftBehind(f"{_gone(address, leaving)} {IN_THE_BIN}", is_warning=True)
    observed = Observed(connection=connection, assignments=assignments)
    found = replace(await provisioned(graph, observed, judging), is_over=True)
    if found.is_nobody:
        return LeftBehind(_gone(address, leaving), is_warning=True)
    if leaving.on_destroy is OnDestroy.RETAIN:
        fate = f"{found} at {leaving.app}; their accounts stay as they are, because onDestroy is retain."
        return LeftBehind(f"The job {address.job} is gone already. {fate}", is_warning=True)
    raise UnsafeChangeError(
        f"The job {address.job} is gone already: somebody else deleted it, or a run that was cut. {found} at "
        f"{leaving.app}, and nobody disables these accounts any more. Nothing was changed.",
        hint="Run `pulumi refresh`, and `pulumi up`, which makes a new job; once that one has had a cycle, take the "
        "groups and users out (an `up` that names nobody, then a cycle), and destroy then. To leave the accounts as "
        "they are, run `pulumi refresh`, which forgets the job, and destroy.",
    )


def _gone(address: JobAddress, leaving: Leaving) -> str:
    """Say what it means that a job was gone before it could be deleted."""
    return (
        f"The job {address.job} was gone already. Whoever it provisioned may still have an active account at "
        f"{leaving.app}, and nobody disables it: look there."
    )


def _why_nobody_is_certain(observed: Observed, leaving: Leaving) -> str:
    """Say why accounts may be active though nobody is provisioned any more; empty when there is no reason."""
    if holds_back(observed.job):
        return f"{HOLDS_BACK}. People who left may be active"
    if observed.job and (in_doubt := _why_in_doubt(observed.job, observed.connection.delete_threshold)):
        return f"{in_doubt.why}. People who left may be active"
    if leaving.left_in and leaving.left_in == cycle_of(observed.job):
        return "People were taken out, and no cycle has begun since. They are still active"
    why_open = why_left_open(Configuration.of(observed))
    return f"The job left accounts of people who left open{why_open}. They may be active" if why_open else ""


class _Doubt(NamedTuple):
    """Why a cycle that has begun says nothing of who was disabled by it."""

    why: str
    first: str
    """What is done before a destroy."""


def _why_in_doubt(job: Job, threshold: int | None) -> _Doubt | None:
    """Say why it is not told whether people who left were disabled; ``None`` of a job that runs well."""
    if job.quarantine is not None:
        meaning, release = RELEASES.get(job.quarantine.reason, UNKNOWN_RELEASE)
        why = f"The job is in quarantine ({job.quarantine.reason}): {meaning}. Its cycles may have disabled nobody"
        return _Doubt(why, f"Release it ({release}), wait for its next cycle")
    if threshold and not job.is_on:
        why = "The job is off, so it does not say whether it holds disables back that were more than deleteThreshold"
        return _Doubt(why, "Switch it on, wait for its next cycle")
    return None


def _since_the_last_cycle(job: Job | None, app: str) -> str:
    """Say who may be left behind all the same: a cycle disables those who left before it began, and no others.

    When somebody left is nowhere told, so it is the reader who must compare (Learn: how-provisioning-works#cycles).
    """
    if job is None or job.last_began is None:
        return ""
    return (
        f"Nobody is provisioned by this job any more, which is gone now. Whoever left after its last cycle began, at "
        f"{job.last_began:%Y-%m-%d %H:%M} UTC, still has an active account at {app}, and nobody disables it."
    )
