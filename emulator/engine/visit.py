"""One visit to a target on behalf of a job: look at an object, decide, carry it out, tell the log.

A cycle pays a visit for all that changed, provision on demand for one person or group.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emulator.engine import escrow
from emulator.engine.attributes import read, roles_of
from emulator.engine.decision import Decision, Situation, decide
from emulator.engine.dialect import Scribe
from emulator.engine.entry import Action, Entry, Outcome, Retry
from emulator.engine.export import Case, Exporter
from emulator.engine.flow import FlowError, Flows
from emulator.engine.job import Escrow
from emulator.engine.references import References
from emulator.engine.scim import ExportError
from emulator.engine.tally import Tally
from provisioning.language import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from emulator.company.store import DirectoryObject, Tenant, World
    from emulator.engine.dialect import Dialect
    from emulator.engine.entry import Run
    from emulator.engine.job import Job
    from emulator.engine.plan import ObjectPlan, SyncPlan
    from emulator.engine.references import Reach
    from emulator.engine.scim import ScimClient
    from emulator.engine.scope import Scope, Verdict
    from emulator.engine.secrets import Credentials
    from emulator.moods.knobs import Knobs
    from provisioning.language import Chance, Value


@dataclass(frozen=True, slots=True)
class Look:
    """An object as it was found, and what becomes of it."""

    source_id: str
    plan: ObjectPlan
    source: DirectoryObject | None
    """``None`` when it is gone for good."""
    verdict: Verdict | None
    decision: Decision
    problem: str = ""
    """Why it is undecided."""


@dataclass(slots=True)
class Visit:
    """Everything that is needed to provision an object, for as long as a visit lasts."""

    world: World
    tenant: Tenant
    job: Job
    plan: SyncPlan
    knobs: Knobs
    credentials: Credentials
    client: ScimClient
    scope: Scope
    random: Chance
    dialect: Dialect
    run: Run
    log: Callable[[Entry], None]
    """Takes each entry once nothing happens to it any more."""
    stopwatch: Callable[[], float] = time.monotonic
    """Seconds of the machine; what waits in the company's time adds to them."""
    is_full: bool = True
    tally: Tally = field(default_factory=Tally)
    flows: Flows = field(init=False)
    _exporter: Exporter = field(init=False)
    _references: References = field(init=False)

    def __post_init__(self) -> None:
        scribe = Scribe(self.dialect, self.knobs)
        self.flows = Flows(self.knobs, self.now, self.random, self.tenant.domain)
        living = self.tenant.directory.objects
        self._exporter = Exporter(self.job, self.client, scribe, self.flows, living.__contains__)
        self._references = References(self.job, self.tenant.directory, self.client, scribe, self.knobs)

    @property
    def now(self) -> datetime:
        """The company's time."""
        return self.world.clock.now()

    async def probe(self) -> None:
        """Test the connection, as before every cycle. :raises ProbeError: when it fails."""
        await probe(self.client, self.plan, self.world, self.knobs)

    def look(self, source_id: str, kind: str, *, purged_at_once: bool = False) -> Look | None:
        """Look at an object and decide what becomes of it; ``None`` when its mapping is switched off."""
        plan = self.plan.of(kind)
        if plan is None:
            return None
        directory = self.tenant.directory
        source = directory.objects.get(source_id) or directory.deleted.get(source_id)
        try:
            verdict, matchable, passed_over = self._judged(source, plan) if source else (None, True, False)
        except EvaluationError as error:
            problem = f"The scoping filter could not be asked: {error}"
            return Look(source_id, plan, source, None, Decision.UNDECIDED, problem)
        situation = Situation(
            plan=plan,
            link=self.job.links.get(source_id),
            verdict=verdict,
            has_matching_value=matchable,
            passed_over=passed_over,
            purged=source is None,
            purged_at_once=purged_at_once,
            skip_out_of_scope=self.credentials.skip_out_of_scope,
        )
        return Look(source_id, plan, source, verdict, decide(situation, self.knobs))

    def _judged(self, source: DirectoryObject, plan: ObjectPlan) -> tuple[Verdict | None, bool, bool]:
        """Tell what the scope says, whether there is a matching value, and whether a filter keeps it out of sight."""
        attributes = self.read(source, plan, plan.deciding)
        filtered = plan.filter.admits(attributes, choices=self.knobs.language) if plan.filter else None
        if filtered is not None and not filtered.admitted and not filtered.deprovisions:
            return None, True, True
        matchable = self._has_matching_value(plan, attributes)
        return self.scope.verdict(source, filtered) if matchable else None, matchable, False

    def read(self, source: DirectoryObject, plan: ObjectPlan, names: Iterable[str]) -> dict[str, Value]:
        """Read an object's attributes, those included that follow from its roles."""
        attributes = read(source, names)
        if plan.reads_roles and not self.scope.sync_all:
            principal = self.tenant.directory.find(self.job.service_principal_id)
            attributes["appRoleAssignments"] = roles_of(self.scope.roles_held(source), principal)
        return attributes

    async def carry_out(self, look: Look, retry: Escrow | None = None) -> Case:
        """Do what was decided; a failure goes to the log and to escrow."""
        case, began = self._case(look, retry), self._reading()
        try:
            await self._do(case, look)
        except (ExportError, FlowError) as error:
            self._fail(case, error.code, error.reason, is_reference=False)
        else:
            escrow.succeeded(self.job, look.source_id)
            self._remember_attributes(look)
        case.entry.duration += self._reading() - began
        case.is_told = look.decision not in _UNTOLD
        return case

    def finish(self, case: Case) -> None:
        """Write into the log what came of an object; nothing happens to it any more."""
        if case.is_told:
            self.tally.count(case.entry)
            self.log(case.entry)

    async def settle(self, case: Case, reach: Reach, joined_or_left: Iterable[str]) -> None:
        """Set the references of an object; a failure goes to the log and to escrow."""
        began = self._reading()
        try:
            await self._references.settle(case, reach, joined_or_left)
        except ExportError as error:
            self._fail(case, error.code, error.reason, is_reference=True)
        else:
            escrow.succeeded(self.job, case.source_id, is_reference=True)
        case.entry.duration += self._reading() - began

    def _reading(self) -> int:
        """Read both clocks together, in milliseconds: a pause that a target asked for passes in the company's time."""
        return round(self.stopwatch() * 1000 + self.now.timestamp() * 1000)

    def stage(self, look: Look) -> None:
        """Hold what would disable or delete an object (Learn: accidental-deletions)."""
        case = self._case(look, None)
        link = self.job.links.get(look.source_id)
        case.entry.target_id = link.target_id if link else ""
        case.entry.tell(Action.STAGED_DELETE, Outcome.SKIPPED)
        case.entry.skip = "StagedDelete"
        self.finish(case)

    async def _do(self, case: Case, look: Look) -> None:
        match look.decision:
            case Decision.PROVISION:
                await self._exporter.provision(case)
            case Decision.DISABLE:
                await self._exporter.disable(case)
            case Decision.DELETE:
                await self._exporter.delete(case)
            case Decision.FORGET:
                self.job.unlink(look.source_id)
            case Decision.NO_MATCHING_VALUE:
                case.entry.skipped("ImportSkipped", "ImportSkipped")
            case Decision.PASSED_OVER:
                case.entry.skipped("EntrySynchronizationSkipped")
            case Decision.OUT_OF_SCOPE | Decision.LEAVING_NOT_SENT:
                self._withhold(look)
                entitled = look.verdict is None or look.verdict.is_entitled
                case.entry.skipped("EntrySynchronizationSkipped" if entitled else "NotEffectivelyEntitled")
            case Decision.UNDECIDED:
                raise FlowError("EntrySynchronizationError", look.problem)
            case Decision.IGNORE:
                pass

    def _withhold(self, look: Look) -> None:
        link = self.job.links.get(look.source_id)
        if link is not None:
            link.withheld = look.decision is Decision.LEAVING_NOT_SENT

    def _case(self, look: Look, retry: Escrow | None) -> Case:
        link = self.job.links.get(look.source_id)
        name, display_name = _names(look.source, link.name if link else look.source_id)
        entry = Entry(
            run=self.run,
            at=self.now,
            kind=look.plan.kind,
            source_id=look.source_id,
            name=name,
            display_name=display_name,
            verdict=look.verdict,
            retry=Retry(retry.created, retry.next_attempt, retry.attempts) if retry else None,
        )
        return Case(look.plan, self._attributes(look), entry)

    def _attributes(self, look: Look) -> dict[str, Value]:
        if look.source is None or look.decision not in {Decision.PROVISION, Decision.DISABLE}:
            return {}
        attributes = self.read(look.source, look.plan, look.plan.names)
        attributes["IsSoftDeleted"] = "False" if look.verdict is not None and look.verdict.in_scope else "True"
        return self._only_changed(look, attributes) if self.knobs.delta_only_attributes else attributes

    def _only_changed(self, look: Look, attributes: dict[str, Value]) -> dict[str, Value]:
        """Leave out what is as it was last time (the caution in Learn: functions-for-customizing…#switch)."""
        link = self.job.links.get(look.source_id)
        seen = link.seen if link else None
        if seen is None or self.is_full:
            return attributes
        kept = look.plan.deciding | {"IsSoftDeleted"}
        return {name: value for name, value in attributes.items() if name in kept or seen.get(name) != value}

    def _remember_attributes(self, look: Look) -> None:
        link = self.job.links.get(look.source_id)
        if self.knobs.delta_only_attributes and link is not None and look.source is not None:
            link.seen = dict(self.read(look.source, look.plan, look.plan.names))

    def _has_matching_value(self, plan: ObjectPlan, attributes: dict[str, Value]) -> bool:
        try:
            return any(isinstance(self.flows.value_of(flow, attributes), str) for flow in plan.matching)
        except FlowError:
            # It fails when it is carried out, and the log says why.
            return True

    def _fail(self, case: Case, code: str, reason: str, *, is_reference: bool) -> None:
        entry = Escrow(case.source_id, case.plan.kind, self.now, self.now, code, is_reference)
        kept = escrow.failed(self.job, entry, self.now, self.knobs)
        # The sentence about the next attempt begins with a full stop of its own.
        reason = reason.removesuffix(".") if kept else reason
        case.entry.failed(code, reason + _outlook(kept) if kept else reason, is_reference=is_reference)


async def probe(client: ScimClient, plan: SyncPlan, world: World, knobs: Knobs) -> None:
    """Ask for a random user, and a random group if groups are mapped, by their matching attributes.

    (Learn: use-scim-to-provision-users-and-groups; observed before every cycle and before provision on demand.)

    :raises ProbeError: when the target does not answer as it should.
    """
    for kind in ("User", "Group") if knobs.probe_groups else ("User",):
        mapped = plan.of(kind)
        if mapped is not None:
            first = next((flow.target.text for flow in mapped.matching), "id")
            await client.probe(kind, first, world.id())


_UNTOLD = {Decision.FORGET, Decision.IGNORE, Decision.PASSED_OVER}


def _names(source: DirectoryObject | None, otherwise: str) -> tuple[str, str]:
    if source is None:
        return otherwise, otherwise
    display_name = str(source.properties.get("displayName") or "")
    return str(source.properties.get("userPrincipalName") or display_name or otherwise), display_name


def _outlook(kept: Escrow) -> str:
    """Say when it is tried again (observed: Sumo Logic's published log)."""
    moment = kept.next_attempt.strftime("%Y-%m-%dT%H:%M:%S.%f0Z UTC")
    return f". This operation was retried {kept.attempts} times. It will be retried again after this date: {moment}"
