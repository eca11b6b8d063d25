"""From what is there to a plan: who has an account by this job, how it is closed, and what is in the way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from provisioning.errors import EvaluationError, NotFoundError
from provisioning.model.assignment import PrincipalKind
from provisioning.model.connection import Connection, Scope
from provisioning.model.identifiers import JobAddress
from provisioning.model.mapping import ObjectKind
from provisioning.model.observed import Observed
from provisioning.model.person import People, Person
from provisioning.model.synchronization_status import SynchronizationStatus
from provisioning.operations.logs import LogReader
from provisioning.operations.on_demand import EACH
from provisioning.operations.standing import Last, has_no_role
from provisioning.operations.status import status_and_others
from provisioning.operations.teardown.evidence import LogIndex, Target, index_of, of_account, of_log
from provisioning.operations.teardown.journal import Journal
from provisioning.operations.teardown.leaver import Leaver, Way
from provisioning.operations.teardown.obstacles import Seen, notes, obstacles
from provisioning.operations.teardown.plan import Options, Plan, Step
from provisioning.operations.teardown.port import TornDown
from provisioning.operations.watching import StackJob
from provisioning.planning.configuration import Configuration, Rules, rules_of
from provisioning.planning.scope import is_in_scope
from provisioning.planning.values import evaluator_of, settled

ON_DEMAND_AT_MOST = 50
"""So many are closed one by one. A cycle closes any number at once, and costs no calls (operating facts 1.4)."""

MOST_PEOPLE = 100_000

INTERVAL = timedelta(minutes=40)
"""How long a cycle may let wait (Learn: when-will-provisioning-finish)."""

DISABLED, FILTERED, LEFT, GONE = (
    "disabled in Entra",
    "out of scope",
    "left already, and not closed yet",
    "deleted in Entra",
)


@dataclass(slots=True)
class Looking:
    """Looks what a teardown would do."""

    graph: TornDown
    meant: StackJob
    options: Options
    log: LogReader
    target: Target | None
    now: datetime

    async def plan(self, held: Journal | None) -> Plan:
        """Plan a teardown. One that is on its way goes on: its people stay, and whoever is new joins them.

        :raises NotFoundError: when the job is gone, and not by a teardown.
        """
        try:
            status, others = await status_and_others(self.graph, self.meant.address)
        except NotFoundError as error:
            if held and (held.has(Step.PAUSE) or not held.plan.open_people):
                return replace(held.plan, options=self.options, obstacles=())
            raise _orphaned(self.meant, error) from error
        return await self._plan(status, tuple(others), held)

    async def _plan(
        self, status: SynchronizationStatus, others: tuple[SynchronizationStatus, ...], held: Journal | None
    ) -> Plan:
        address = self.meant.address
        connection = Connection(await self.graph.secrets(address.service_principal))
        assignments = await self.graph.assignments(address.service_principal)
        schema = await self.graph.schema(address)
        observed = Observed(status.job, connection=connection, schema=schema, assignments=assignments)
        configuration = Configuration.of(observed)
        index = await index_of(self.log, address.job)
        people, leavers = await self._leavers(configuration, index, status)
        leavers = sorted((*leavers, *_groups(configuration, index)), key=lambda one: (not one.is_person, one.name))
        plan = Plan(
            self.meant.stack,
            address.service_principal,
            address.job,
            self.options,
            tuple(leavers),
            assignments,
            narrows=connection.scope is Scope.ALL,
            log_until=index.newest if index else None,
            reads_log=index is not None,
            log_is_whole=index is not None and _is_whole(index, status),
            bin_ids=await self._bin_ids(address),
        )
        plan = _with_ways(_joined(plan, held) if held else plan)
        seen = Seen(configuration, status, others, self.target is not None, people.is_complete)
        is_closed = held is not None and held.going_on_with(plan).has(Step.CLOSE)
        return _told(plan, seen, is_closed=is_closed)

    async def _bin_ids(self, address: JobAddress) -> tuple[str, ...]:
        """Note by which ids both halves are found in the bin, as long as they can be asked."""
        application = await self.graph.application(await self.graph.app_id(address.service_principal))
        return tuple(filter(None, (application, address.service_principal)))

    async def _leavers(
        self, configuration: Configuration, index: LogIndex | None, status: SynchronizationStatus
    ) -> tuple[People, list[Leaver]]:
        rules = rules_of(configuration)
        read = rules.filter.attributes if rules and rules.filter else frozenset()
        read |= {name for one in (rules.matching if rules else ()) if one.source for name in one.source.attributes}
        people = await self.graph.people(
            configuration.assignments,
            attributes=read,
            everybody=configuration.scope is Scope.ALL,
            at_most=MOST_PEOPLE,
        )
        lasts = index.lasts if index else {}
        is_whole = index is not None and _is_whole(index, status)
        found = [self._leaver(one, rules, lasts.get(one.id)) for one in people.persons]
        leavers = [await self._settled(one, lasts.get(one.id), is_whole=is_whole) for one in found]
        left = [one async for one in self._left(index, {one.id for one in people.persons}, read, rules)]
        return people, [one for one in (*leavers, *left) if one is not None]

    def _leaver(self, person: Person, rules: Rules | None, last: Last | None) -> Leaver:
        # A filter that cannot be read lets everybody in: better one too many than one who is left behind.
        inside = (is_in_scope(rules, person) and not has_no_role(person, rules)) if rules else person.is_enabled
        why = "" if inside else FILTERED if person.is_enabled else DISABLED
        attribute, value = _match(person, rules, self.now)
        return Leaver(
            person.id,
            person.name,
            PrincipalKind.USER,
            Way.CYCLE if inside or (last and last.is_open) else Way.NONE,
            why,
            attribute,
            value,
            last.target_id if last else "",
            last.is_open if last else None,
            last.at if last else None,
        )

    async def _settled(self, leaver: Leaver, last: Last | None, *, is_whole: bool) -> Leaver | None:
        """Say of somebody out of scope whether there is an account at all; ``None`` when there never was."""
        if leaver.way is not Way.NONE:
            return leaver
        if self.target and (leaver.target_id or leaver.match):
            account = await self.target.account(leaver.target_id, leaver.match)
            if evidence := of_account(account, self.now):
                return leaver.shown(evidence, is_enough=True) if account or leaver.target_id else None
            return replace(leaver, way=Way.CYCLE)
        if leaver.was_open is False and (evidence := of_log(leaver, last, is_whole=is_whole)):
            return leaver.shown(evidence, is_enough=True)
        return None if is_whole else leaver

    async def _left(
        self, index: LogIndex | None, known: Collection[str], read: frozenset[str], rules: Rules | None
    ) -> AsyncIterator[Leaver]:
        """Find those who are not assigned any more and whose account is open by the log."""
        for one, last in index.open_people(known).items() if index else ():
            person = await self.graph.person(one, attributes=read)
            found = self._leaver(person, rules, last) if person else None
            name = found.name if found else last.name
            why = GONE if found is None else DISABLED if found.why == DISABLED else LEFT
            attribute, value = (found.match_attribute, found.match_value) if found else ("", "")
            known_as = (PrincipalKind.USER, Way.CYCLE, why, attribute, value, last.target_id, True, last.at)
            yield Leaver(one, name, *known_as)


def _groups(configuration: Configuration, index: LogIndex | None) -> Iterator[Leaver]:
    """Give the groups that the job makes at the target; they count against the threshold like people."""
    if not configuration.schema.of(ObjectKind.GROUPS).is_enabled:
        return
    held = {one.principal: one for one in configuration.assignments if one.kind is PrincipalKind.GROUP}
    for principal, assignment in held.items():
        last = index.lasts.get(principal) if index else None
        told = (last.target_id, last.is_open, last.at) if last else ("", None, None)
        yield Leaver(principal, f"group {assignment.name}", PrincipalKind.GROUP, Way.CYCLE, "", "", "", *told)


def _with_ways(plan: Plan) -> Plan:
    """Choose how each is closed: a few on demand, many by a cycle.

    Whoever is disabled or deleted in Entra is closed by a cycle alone (Learn: provision-on-demand). Where everybody is
    in scope the job must be restarted, and with a threshold that is put aside one cycle does it all.
    """
    if not plan.closes:
        return replace(plan, people=tuple(replace(one, way=Way.NONE) for one in plan.people))
    one_by_one = not plan.narrows and not plan.options.forces_deletes and len(plan.closing) <= ON_DEMAND_AT_MOST
    return replace(plan, people=tuple(_with_way(one, one_by_one=one_by_one) for one in plan.people))


def _with_way(leaver: Leaver, *, one_by_one: bool) -> Leaver:
    if leaver.way is Way.NONE:
        return leaver
    # Anew for those of a teardown that is on its way: what was accepted now may allow no calls.
    is_called = one_by_one and leaver.why not in {DISABLED, GONE}
    return replace(leaver, way=Way.ON_DEMAND if is_called else Way.CYCLE)


def _told(plan: Plan, seen: Seen, *, is_closed: bool) -> Plan:
    """Say what stands in the way, what is good to know, and how long it takes."""
    calls = sum(one.way is Way.ON_DEMAND for one in plan.people)
    waits = plan.awaits_cycle or any(one.way is Way.CYCLE and one.is_person for one in plan.people)
    length = seen.status.last.length if seen.status.last else None
    least = calls * EACH
    most = least + (INTERVAL + (length or timedelta()) if waits else timedelta())
    plan = replace(plan, takes_at_least=least, takes_at_most=most)
    # What stands in the way of closing does so no more once that is done; the pause is ours then.
    found = () if is_closed else tuple(obstacles(plan, seen))
    return replace(plan, obstacles=found, notes=tuple(notes(plan, seen)))


def _joined(plan: Plan, held: Journal) -> Plan:
    """Join a plan with the one that is on its way; who was planned before stays as is known of them meanwhile.

    Unless the log has an open account of somebody since it was shown to be closed: that one is closed once more.
    """
    before = held.plan
    known = {one.id for one in before.people}
    taken = {one.id for one in before.assignments}
    open_now = {one.id: one for one in plan.people if one.was_open and one.seen}
    people = (_as_it_is(one, open_now.get(one.id)) for one in before.people)
    given = tuple(one for one in plan.assignments if one.id not in taken)
    return replace(
        plan,
        people=(*people, *(one for one in plan.people if one.id not in known)),
        assignments=(*before.assignments, *given),
        has_returned=before.has_returned or (held.has(Step.UNASSIGN) and bool(given)),
        narrows=before.narrows or plan.narrows,
        bin_ids=plan.bin_ids or before.bin_ids,
        log_until=before.log_until,
        log_is_whole=before.log_is_whole,
    )


def _as_it_is(shown: Leaver, now: Leaver | None) -> Leaver:
    """Give somebody as is known, or where an account is open that was shown to be closed before, as it is now."""
    return now if now and now.seen and shown.is_closed_before(now.seen) else shown


def _is_whole(index: LogIndex, status: SynchronizationStatus) -> bool:
    """Tell whether the log reaches back to the first cycles, so that whoever is in no line has no account."""
    if status.steady_since is None:
        return True
    return index.oldest is not None and index.oldest <= status.steady_since


def _match(person: Person, rules: Rules | None, now: datetime) -> tuple[str, str]:
    """Work out by which attribute and value the account is found; empty where that cannot be."""
    for mapping in rules.matching if rules else ():
        try:
            value = settled(evaluator_of(mapping, now)(person.attributes))
        except EvaluationError:
            continue
        if isinstance(value, str):
            return mapping.target, value
    return "", ""


def _orphaned(meant: StackJob, error: NotFoundError) -> NotFoundError:
    return NotFoundError(
        f"The job {meant.address.job} is gone, and not by a teardown that is known here. Accounts that it made may be "
        "open, and nobody knows any more which.",
        status=error.status,
        asked=error.asked,
        hint="Run `pulumi refresh` and `pulumi up` with the same people: that makes a job, which finds their accounts "
        "in its first cycle. Take the stack down then.",
    )
