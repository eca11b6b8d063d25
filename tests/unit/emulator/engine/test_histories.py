"""Random histories of a company, and what is true after each of their cycles."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from company import Company
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from emulator.company.store import Kind
from emulator.elium import Fault
from emulator.engine.job import ResetScope

if TYPE_CHECKING:
    from emulator.company.store import DirectoryObject

LIMIT = 2
NAMES = ("ada", "bob", "cem", "dot", "eve")
EVENTS = (
    "assign_or_unassign_someone",
    "assign_or_unassign_a_group",
    "join_or_leave_a_group",
    "disable_or_enable",
    "change_the_job",
    "change_the_manager",
    "go_to_the_recycle_bin_or_come_back",
    "leave_for_good",
)
happenings = st.tuples(st.sampled_from(EVENTS), st.integers(0, 99), st.integers(0, 99))
moments = st.one_of(st.none(), st.tuples(st.sampled_from([409, 500]), st.sampled_from(["POST", "PATCH", "DELETE"])))
restarts = st.sampled_from([(ResetScope.FULL,), (ResetScope.CONNECTOR_DATA_STORE, ResetScope.WATERMARK), ()])


class Histories(RuleBasedStateMachine):
    """People come, change and go; groups too; Elium has its moments; a cycle ends each day."""

    def __init__(self) -> None:
        super().__init__()
        self.contoso = Company()
        self.people: list[DirectoryObject] = []
        self.teams: list[DirectoryObject] = []
        self.guarded = False

    @initialize(guarded=st.booleans())
    def found(self, *, guarded: bool) -> None:
        """Everybody is in the red group, which is assigned, and has an account."""
        self.guarded = guarded
        told = {"DeleteThresholdEnabled": guarded, "DeleteThresholdValue": LIMIT}
        self.contoso.save(SyncNotificationSettings=json.dumps(told))
        self.people = [self.contoso.hire(name, mail=None) for name in NAMES]
        self.teams = [self.contoso.group("red", *self.people, assigned=True), self.contoso.group("blue")]
        asyncio.run(self.contoso.cycle())

    @rule(events=st.lists(happenings, min_size=1, max_size=4), moment=moments)
    def a_day_passes(self, events: list[tuple[str, int, int]], moment: tuple[int, str] | None) -> None:
        """Let some things happen, let Elium fail once or not, and run a cycle."""
        for event, first, second in events:
            getattr(self, event)(first, second)
        if moment is not None:
            self.contoso.elium.faults.append(Fault(status=moment[0], method=moment[1]))
        self._cycle()

    @rule(scope=restarts)
    def the_job_restarts(self, scope: tuple[ResetScope, ...]) -> None:
        """Let it forget something, and a cycle runs."""
        self.contoso.service.restart(self.contoso.job, frozenset(scope))
        self._cycle()

    @rule()
    def the_deletions_are_allowed(self) -> None:
        """Allow what is held."""
        self.contoso.service.restart(self.contoso.job, frozenset({ResetScope.FORCE_DELETES}))
        asyncio.run(self.contoso.cycle())

    # What is true

    @invariant()
    def nobody_has_two_accounts(self) -> None:
        names = [account["externalId"] for account in self.contoso.elium.users]
        assert len(names) == len(set(names))

    @invariant()
    def no_account_belongs_to_two_people(self) -> None:
        links = self.contoso.job.links
        assert self.contoso.job.sources == {link.target_id: source_id for source_id, link in links.items()}
        assert len(self.contoso.job.sources) == len(links)

    def _cycle(self) -> None:
        before = self._active()
        asyncio.run(self.contoso.cycle())
        lost = before - self._active()
        assert not self.guarded or len(lost) <= LIMIT, "no one is disabled beyond the threshold"
        self._agrees_with_a_naive_engine()
        self._sends_nothing_when_it_runs_again()

    def _agrees_with_a_naive_engine(self) -> None:
        """Compare with the simplest engine there is: whoever is in scope is active, and nobody else."""
        job = self.contoso.job
        if job.escrows:
            return
        expected = {person.properties["mailNickname"] for person in self.people if self._is_in_scope(person)}
        assert expected <= self._active(), "whoever is in scope has an active account"
        if not job.staged:
            linked = {self._name(source_id) for source_id in job.links}
            assert self._active() & linked == expected, "whoever left has none"

    def _sends_nothing_when_it_runs_again(self) -> None:
        self.contoso.elium.faults.clear()
        if not self.contoso.job.escrows:
            asyncio.run(self.contoso.cycle())
            assert self.contoso.sent == [], "a second cycle without changes sends nothing but the probe"

    def _active(self) -> set[str]:
        return {name for name, active in self.contoso.active.items() if active}

    def _is_in_scope(self, person: DirectoryObject) -> bool:
        directory = self.contoso.directory
        if person.deleted is not None or not person.properties["accountEnabled"]:
            return False
        groups = [team.id for team in self.teams if directory.is_member(team.id, person.id)]
        return any(one.principal_id in {person.id, *groups} for one in directory.assigned_to(self.contoso.app.id))

    def _name(self, source_id: str) -> str:
        found = self.contoso.directory.objects.get(source_id) or self.contoso.directory.deleted.get(source_id)
        return str(found.properties["mailNickname"]) if found and found.kind is Kind.USER else ""

    # What happens

    def assign_or_unassign_someone(self, who: int, _: int) -> None:
        self._toggle(self._one_of(self.people, who))

    def assign_or_unassign_a_group(self, which: int, _: int) -> None:
        self._toggle(self._one_of(self.teams, which))

    def join_or_leave_a_group(self, who: int, which: int) -> None:
        person, team = self._one_of(self.people, who), self._one_of(self.teams, which)
        if self.contoso.directory.is_member(team.id, person.id):
            self.contoso.directory.remove_member(team.id, person.id)
        else:
            self.contoso.directory.add_member(team.id, person.id)

    def disable_or_enable(self, who: int, _: int) -> None:
        person = self._one_of(self.people, who)
        if person.deleted is None:
            self.contoso.change(person, accountEnabled=not person.properties["accountEnabled"])

    def change_the_job(self, who: int, title: int) -> None:
        person = self._one_of(self.people, who)
        if person.deleted is None:
            self.contoso.change(person, jobTitle=("Engineer", "Lead", None)[title % 3])

    def change_the_manager(self, who: int, boss: int) -> None:
        person, manager = self._one_of(self.people, who), self._one_of(self.people, boss)
        self.contoso.directory.set_manager(person.id, manager.id if manager is not person else None)

    def go_to_the_recycle_bin_or_come_back(self, who: int, _: int) -> None:
        person = self._one_of(self.people, who)
        if person.deleted is None:
            self.contoso.directory.delete(person.id)
        else:
            self.contoso.directory.restore(person.id)

    def leave_for_good(self, who: int, _: int) -> None:
        """Purge someone who is in the recycle bin, and hire someone else."""
        person = self._one_of(self.people, who)
        if person.deleted is not None:
            self.contoso.directory.purge(person.id)
            self.people.remove(person)
            self.people.append(self.contoso.hire(f"{person.properties['mailNickname']}x", mail=None))

    def _toggle(self, principal: DirectoryObject) -> None:
        held = self.contoso.directory.assignments_of(principal.id)
        if held:
            self.contoso.unassign(principal)
        else:
            self.contoso.assign(principal)

    @staticmethod
    def _one_of(objects: list[DirectoryObject], number: int) -> DirectoryObject:
        return objects[number % len(objects)]


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=25,
    stateful_step_count=10,
    deadline=None,
    database=None,
    # A history of ten days is short enough to read; making it shorter takes minutes.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
