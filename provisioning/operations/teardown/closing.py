"""Closing accounts, and proving of each that it is closed; whoever is killed meanwhile goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from provisioning.errors import GraphError, NotFoundError, QuarantinedError, StillWaitingError, UnsafeChangeError
from provisioning.model.identifiers import JobAddress
from provisioning.model.on_demand import Subject
from provisioning.model.synchronization_status import SynchronizationStatus
from provisioning.operations.logs import LogReader
from provisioning.operations.on_demand import Outcome, outcome_of
from provisioning.operations.status import status_and_others
from provisioning.operations.teardown.evidence import Target, index_of, of_account, of_answer, of_log
from provisioning.operations.teardown.journal import Journal, JournalFile
from provisioning.operations.teardown.leaver import Leaver, Source, Way, names_of
from provisioning.operations.teardown.looking import DISABLED, GONE, ON_DEMAND_AT_MOST
from provisioning.operations.teardown.plan import Plan
from provisioning.operations.teardown.port import TornDown
from provisioning.planning.job_status import RELEASES, UNKNOWN_RELEASE, holds_back
from provisioning.words import counted

LOOK_AGAIN, FORCE = "Watermark", "ForceDeletes"
"""What a restart forgets, in Graph's words: whom it has looked at, and the deletion threshold for one cycle."""

LOOKS = timedelta(minutes=1)
"""How often it is looked while a cycle is waited for; a status is not asked for more often."""

LOG_LOOKS = timedelta(seconds=15)
"""How often it is looked while only the log is waited for."""

LOG_LAG = timedelta(minutes=5)
"""How long a line may take to come into the log (operating facts 1.6)."""

NOT_PROVEN = (
    "Give the target's token (--target-token), so that it is asked itself; or look there, close these accounts by "
    "hand, and repeat the command."
)


@dataclass(slots=True)
class Teardown:
    """A teardown on its way: what it works with, and its journal, which is written before anything is relied upon."""

    graph: TornDown
    address: JobAddress
    journal: Journal
    file: JournalFile
    log: LogReader
    target: Target | None
    tell: Callable[[str], None]
    within: timedelta

    @property
    def plan(self) -> Plan:
        """The plan, with what is known meanwhile."""
        return self.journal.plan

    def now(self) -> datetime:
        """Tell the moment."""
        return self.log.clock.now()

    def keep(self, journal: Journal) -> None:
        """Go on with another journal, once it is on disk."""
        self.file.write(journal)
        self.journal = journal

    def keep_person(self, leaver: Leaver) -> None:
        """Keep what is newly known of somebody."""
        self.keep(replace(self.journal, plan=self.plan.having(leaver)))


@dataclass(slots=True)
class Closing:
    """Closes the accounts of one teardown."""

    teardown: Teardown
    rule: str
    """Of the schema, by which is provisioned on demand."""
    answered: set[str] = field(default_factory=set)
    """Of whom Entra says that it has nothing more to do."""
    settled_since: datetime | None = None
    """Since when nothing is left to do but to see it."""

    async def run(self) -> None:
        """Close everybody, and give up only when nothing more can be done or time is up.

        :raises UnsafeChangeError: when the service holds the disables back, or somebody else is touched.
        :raises QuarantinedError: when the job gets into another quarantine.
        :raises StillWaitingError: when time is up, or what was done cannot be seen.
        """
        teardown, began = self.teardown, self.teardown.now()
        # By reads alone: what a run before closed is not closed again.
        await self.prove(everybody=False)
        if not self._has_more() and not teardown.plan.awaits_cycle:
            return
        status = await self._status()
        if teardown.journal.last_cycle is None:
            teardown.keep(replace(teardown.journal, last_cycle=_began(status)))
        await self._restart(status)
        while True:
            status = await self._status()
            had_cycle = _began(status) != teardown.journal.last_cycle
            # What ForceDeletes lifts is seen only once the cycle has been that it is for.
            if had_cycle or not (FORCE in teardown.journal.restarted and holds_back(status.job)):
                _refuse_quarantine(status, teardown.plan.stack)
            if had_cycle or teardown.journal.restarted:
                # Before the stragglers are called: most are closed by then.
                await self.prove(everybody=had_cycle)
            if await self._call(had_cycle=had_cycle) or self.answered:
                await self.prove(everybody=had_cycle)
            if not self._has_more() and (had_cycle or not teardown.plan.awaits_cycle):
                return
            self._settle(had_cycle=had_cycle)
            self._tell(began)
            self._refuse_to_wait(began)
            await teardown.log.clock.sleep((LOG_LOOKS if self.settled_since else LOOKS).total_seconds())

    def _has_more(self) -> bool:
        """Tell whether somebody is still to be closed, or a group to be asked for; groups are not waited for."""
        groups = (one for one in self.teardown.plan.people if not one.is_person and one.way is Way.ON_DEMAND)
        unasked = any(one.is_open and one.id not in self.answered for one in groups)
        return unasked or bool(self.teardown.plan.open_people)

    async def prove(self, *, everybody: bool) -> None:
        """Look at log and target who is closed; *everybody*, or those of whom something is known to be done."""
        teardown = self.teardown
        plan = teardown.plan
        index = await index_of(teardown.log, teardown.address.job, plan.log_until)
        for leaver in plan.people:
            last = index.lasts.get(leaver.id) if index else None
            is_asked = leaver.way is not Way.NONE and not leaver.is_shown_by(Source.LOG)
            if is_asked and (evidence := of_log(leaver, last, is_whole=plan.log_is_whole)):
                enough = teardown.target is None or not leaver.is_person
                plan = plan.having(leaver.shown(evidence, is_enough=enough))
        if teardown.target:
            for leaver in plan.open_people:
                if everybody or leaver.evidence or leaver.id in self.answered:
                    plan = plan.having(await self._asked(teardown.target, leaver))
        if plan is not teardown.plan:
            teardown.keep(replace(teardown.journal, plan=plan))

    async def _asked(self, target: Target, leaver: Leaver) -> Leaver:
        if not (leaver.target_id or leaver.match):
            return leaver
        account = await target.account(leaver.target_id, leaver.match)
        evidence = of_account(account, self.teardown.now())
        return leaver.shown(evidence, is_enough=True) if evidence else leaver

    async def _status(self) -> SynchronizationStatus:
        return (await status_and_others(self.teardown.graph, self.teardown.address))[0]

    async def _restart(self, status: SynchronizationStatus) -> None:
        """Let the job look at everybody again, or put the threshold aside; what is still held back is forced again."""
        teardown = self.teardown
        forces = teardown.plan.options.forces_deletes
        told = set(teardown.journal.restarted) - ({FORCE} if holds_back(status.job) else set())
        asked = {LOOK_AGAIN: teardown.plan.narrows, FORCE: forces}
        scopes = [scope for scope, is_needed in asked.items() if is_needed and scope not in told]
        if not scopes:
            return
        if forces:
            await refuse_strangers(teardown)
        await teardown.graph.restart(teardown.address, scopes)
        told = {*teardown.journal.restarted, *scopes}
        # Another cycle is waited for than one that was before this.
        teardown.keep(replace(teardown.journal, restarted=tuple(sorted(told)), last_cycle=_began(status)))

    async def _call(self, *, had_cycle: bool) -> bool:
        """Close on demand those who are meant to be, and after a cycle the few whom it left; tell whether any were."""
        waiting = [one for one in self.teardown.plan.people if one.is_open and one.id not in self.answered]
        called = [one for one in waiting if one.way is Way.ON_DEMAND]
        if had_cycle and not called and len(waiting) <= ON_DEMAND_AT_MOST:
            called = [one for one in waiting if one.why not in {DISABLED, GONE}]
        for number, leaver in enumerate(called, 1):
            await self._call_one(leaver)
            if number % 5 == 0:
                self.teardown.tell(f"{number} of {len(called)} are asked for on demand")
        return bool(called)

    async def _call_one(self, leaver: Leaver) -> None:
        teardown = self.teardown
        try:
            answer = await teardown.graph.provision_on_demand(
                teardown.address, self.rule, Subject(leaver.id, leaver.kind)
            )
        except GraphError as error:
            # A person who was deleted in Entra meanwhile is closed by a cycle; a group has nothing that stays open.
            if leaver.is_person and not isinstance(error, NotFoundError):
                raise
            self.answered.add(leaver.id)
            return
        if outcome_of(answer) is not Outcome.UP_TO_DATE:
            self.answered.add(leaver.id)
        if evidence := of_answer(answer, teardown.now()):
            known = replace(leaver, target_id=leaver.target_id or answer.target_id)
            enough = teardown.target is None or not leaver.is_person
            teardown.keep_person(known.shown(evidence, is_enough=enough))

    def _settle(self, *, had_cycle: bool) -> None:
        """Note since when there is nothing more to do: everybody was answered, or a cycle has been."""
        plan = self.teardown.plan
        is_answered = all(one.id in self.answered for one in plan.open_people)
        is_settled = had_cycle or (is_answered and not plan.awaits_cycle)
        if not is_settled:
            self.settled_since = None
        elif self.settled_since is None:
            self.settled_since = self.teardown.now()

    def _tell(self, began: datetime) -> None:
        plan = self.teardown.plan
        people = [one for one in plan.closing if one.is_person]
        waited = int((self.teardown.now() - began).total_seconds())
        closed = sum(one.is_closed for one in people)
        self.teardown.tell(f"waited {waited} s, {closed} of {counted(len(people), 'person is', 'people are')} closed")

    def _refuse_to_wait(self, began: datetime) -> None:
        teardown = self.teardown
        now, open_people = teardown.now(), teardown.plan.open_people
        accounts = counted(len(open_people), "account")
        still = f"{accounts} not shown to be closed: {names_of(open_people)}"
        if not open_people:
            still = "everybody who is known is closed, and no cycle has begun since"
        if self.settled_since and now - self.settled_since > LOG_LAG:
            raise StillWaitingError("proof of every account", within=now - began, last_seen=still, hint=NOT_PROVEN)
        if now - began + LOOKS > teardown.within:
            raise StillWaitingError(
                "proof of every account",
                within=teardown.within,
                last_seen=still,
                hint="Repeat the command with the same checksum: it goes on where it was.",
            )


async def refuse_strangers(teardown: Teardown) -> None:
    """Refuse to go on while somebody has an open account who was not in the plan, or has one again.

    :raises UnsafeChangeError: naming them.
    """
    known = {one.id: one for one in teardown.plan.people}
    index = await index_of(teardown.log, teardown.address.job, teardown.plan.log_until)
    open_people = index.open_people(()) if index else {}
    new = sorted(last.name for one, last in open_people.items() if one not in known)
    again = sorted(
        last.name for one, last in open_people.items() if one in known and known[one].is_closed_before(last.at)
    )
    if new or again:
        others = f"others got an account: {', '.join(new)}" if new else ""
        back = f"accounts that were closed are open again: {', '.join(again)}" if again else ""
        raise UnsafeChangeError(
            f"Since this was planned, {'; '.join(filter(None, (others, back)))}. Nothing more was done.",
            hint=f"Look who it is: elium teardown {teardown.plan.stack}. It shows a checksum with them, which goes on.",
        )


def _began(status: SynchronizationStatus) -> datetime | None:
    return status.last.began if status.last else None


def _refuse_quarantine(status: SynchronizationStatus, stack: str) -> None:
    held = status.job.quarantine
    if held is None:
        return
    if holds_back(status.job):
        raise UnsafeChangeError(
            "The service holds the disables back: more people leave than the deletion threshold allows. Nobody else "
            "was closed, and the job is still there.",
            hint=f"Bring people back, or accept it: elium teardown {stack} --force-deletes shows the checksum.",
        )
    meaning, release = RELEASES.get(held.reason, UNKNOWN_RELEASE)
    raise QuarantinedError(
        f"The job is in quarantine ({held.reason}): {meaning}. Not everybody is closed.",
        reason=held.reason,
        since=held.began,
        hint=f"What releases it: {release}. Then repeat the command; it goes on where it was.",
    )
