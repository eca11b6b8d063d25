"""What is done for one tenant, act by act; each can be repeated, and says what came of it instead of raising."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Protocol, Self

from provisioning.errors import NotFoundError, ProvisioningError, StillWaitingError
from provisioning.fleet.clients import Clients
from provisioning.fleet.engine import Engine, locked_error
from provisioning.fleet.locks import holders_in
from provisioning.fleet.loop import Loop
from provisioning.fleet.stack_folder import StackFolder
from provisioning.fleet.tenant import Tenant
from provisioning.graph.patience import Clock
from provisioning.model.credentials import Fingerprint
from provisioning.model.identifiers import JobAddress
from provisioning.model.synchronization_status import SynchronizationStatus
from provisioning.operations.deployed import EngineError, NoJobError, NoStackError, StackEngine
from provisioning.operations.recovery.looking import Look, look_at
from provisioning.operations.recovery.wanted import was_cut
from provisioning.operations.resource_names import ASSIGNMENT_TYPE
from provisioning.operations.stack_state import StackState
from provisioning.operations.status import State, StatusReport, status_of
from provisioning.operations.token_reference import Here
from provisioning.operations.waiting import Awaited, wait_for
from provisioning.operations.watching import StackJob
from provisioning.planning.rules import Weight
from provisioning.provider.preview import Preview, preview
from provisioning.settings.stack import PLACE, Settings


class Verdict(Enum):
    """How a tenant stands, in a word."""

    UNCHANGED = "unchanged"
    CHANGES = "changes"
    DONE = "done"
    WELL = "well"
    """Its job runs, or is off as declared."""
    REFUSED = "refused"
    """A guard of ours said no; nothing was touched."""
    MOVED = "moved"
    """What would be done now is not what was shown."""
    FAILED = "failed"
    UNWELL = "unwell"
    """It was carried out, and its job does not run."""
    WAITING = "waiting"
    """It was carried out, and its first cycle has not ended."""
    LEFT_OUT = "left out"
    """It was not this tenant's turn: others before it failed."""
    NO_ROW = "no row"
    """It is deployed, and declared nowhere any more; nothing is done to it."""


ROUNDS = 3
"""What was mended may show more: with the app come its assignments."""

UNWELL = frozenset({State.QUARANTINE, State.GIVEN_UP, State.STOPPED, State.NOT_CONFIGURED})
"""States in which nobody is provisioned although that is declared."""

COMING = frozenset({State.RUNNING.value, State.FIRST_CYCLE.value})
"""States in which cycles come."""

NOT_YET = "Its first cycle has not ended yet."

FINE = frozenset({Verdict.UNCHANGED, Verdict.CHANGES, Verdict.DONE, Verdict.WELL})
"""Verdicts at which nobody needs to look."""


@dataclass(frozen=True, slots=True)
class TenantPlan:
    """What would be done for a tenant."""

    tenant: str
    verdict: Verdict
    checksum: str = ""
    """What would be done to whom; empty when that is not known."""
    changes: int = 0
    leaving: int = 0
    entering: int = 0
    leaving_names: tuple[str, ...] = ()
    """The first of them."""
    is_counted: bool = True
    """Whether people could be counted, where somebody may be touched."""
    is_accepted: bool = False
    """Whether a number in the row accepts that people lose or get access, or may, be it not by leaving the scope."""
    is_drift: bool = False
    """Whether nothing is declared otherwise than when it was applied, so that a difference was made at the service."""
    job: str = ""
    """``<servicePrincipalId>/<jobId>``; empty while there is none."""
    is_new: bool = False
    """Whether there is no stack yet."""
    text: str = ""
    """All that ``pulumi preview`` would print of it."""
    reason: str = ""
    """Why it is refused or failed."""
    what_to_do: str = ""

    @property
    def is_well(self) -> bool:
        """Tell whether it can go on."""
        return self.verdict in FINE

    @property
    def as_outcome(self) -> TenantOutcome:
        """Give what came of it where there is nothing more to do."""
        return TenantOutcome(
            self.tenant,
            self.verdict,
            checksum=self.checksum,
            changes=self.changes,
            leaving=self.leaving,
            entering=self.entering,
            job=self.job,
            reason=self.reason,
            what_to_do=self.what_to_do,
        )


@dataclass(frozen=True, slots=True)
class TenantOutcome:
    """What came of a tenant."""

    tenant: str
    verdict: Verdict
    checksum: str = ""
    changes: int = 0
    leaving: int = 0
    entering: int = 0
    job: str = ""
    """``<servicePrincipalId>/<jobId>``; empty while there is none."""
    state: str = ""
    """How its job is, as ``elium status`` says it."""
    reason: str = ""
    what_to_do: str = ""

    @property
    def is_well(self) -> bool:
        """Tell whether nobody needs to look."""
        return self.verdict in FINE

    def failed(self, error: ProvisioningError) -> Self:
        """Say instead that it failed, and why; settings are called as in a row."""
        return replace(self, verdict=Verdict.FAILED, reason=_as_in_a_row(error.message), what_to_do=error.hint)


class Does(Protocol):
    """What is done for one tenant; each act can be repeated, and says what came of it instead of raising."""

    def prepare(self, tenant: Tenant) -> TenantPlan:
        """Put right in its stack what a run left that was cut, and look what would be done; Entra is not changed."""

    def up(self, tenant: Tenant, planned: TenantPlan, *, is_prepared: bool) -> TenantOutcome:
        """Bring about what is declared; *is_prepared* when the plan is just made, and no run of this was cut since."""

    def verify(self, tenant: Tenant, outcome: TenantOutcome) -> TenantOutcome:
        """See whether the job of a tenant is as it should be."""

    def await_cycle(self, tenant: Tenant, outcome: TenantOutcome) -> TenantOutcome:
        """See whether the first cycle of a tenant has ended; it is ``WAITING`` as long as it has not."""


@dataclass(frozen=True, slots=True)
class Acts:
    """What one process needs to work on tenants."""

    engine: Engine
    loop: Loop
    clients: Clients
    clock: Clock
    project: Path
    """The folder of the program."""
    folder: Path
    """Below which each tenant has one of its own."""
    here: Here
    """Where a tenant's secrets are found, and the environment that each one's own is made from."""

    def plan(self, tenant: Tenant, stacks: Collection[str] | None = None) -> TenantPlan:
        """Look what would be done, without a run of the engine; nothing is changed.

        Of a tenant that is none of *stacks* the engine is not asked: they are those that were there a moment ago.
        """
        return self._looked(tenant, stacks, mends=False)

    def prepare(self, tenant: Tenant, stacks: Collection[str] | None = None) -> TenantPlan:
        """Put right in its stack what a run left that was cut, and look what would be done; Entra is not changed.

        Otherwise what such a run made would stand in the way of the plan as somebody else's. *stacks* are as for
        :meth:`plan`.
        """
        return self._looked(tenant, stacks, mends=True)

    def stacks(self) -> Mapping[str, int] | None:
        """Tell which stacks the project has, each with the number of its resources; ``None`` when nobody can tell."""
        return self.engine.stacks(self.project, self.here.environment)

    def up(self, tenant: Tenant, planned: TenantPlan, *, is_prepared: bool) -> TenantOutcome:
        """Bring about what is declared; the plan's own guard judges once more, within the run."""
        outcome = planned.as_outcome
        try:
            environment = tenant.environment(self.here)
            settings = tenant.settings(environment)
            is_new = (
                planned.is_new if is_prepared else self.mend(self.stack_of(tenant, environment), environment) is None
            )
            ran = self.engine.up(tenant.name, self.folder_of(tenant), environment, settings, is_new=is_new)
        except ProvisioningError as error:
            return outcome.failed(error)
        outcome = replace(outcome, job=_job_in(ran.outputs) or planned.job)
        if not ran.is_done:
            again = "Mend what it names and run the command again, which does the rest."
            return replace(outcome, verdict=Verdict.FAILED, reason=_as_in_a_row("\n".join(ran.said)), what_to_do=again)
        self._stack_folder(tenant).note(outcome.job)
        return replace(outcome, verdict=Verdict.DONE)

    def verify(self, tenant: Tenant, outcome: TenantOutcome) -> TenantOutcome:
        """See whether the job of a tenant is as it should be; one that came to nothing is told as it is."""
        if not outcome.is_well or not outcome.job:
            return outcome
        try:
            report = self.status(tenant, outcome.job)
        except ProvisioningError as error:
            return replace(outcome, verdict=Verdict.UNWELL, reason=error.message, what_to_do=error.hint)
        if report.state in UNWELL:
            outcome = replace(outcome, verdict=Verdict.UNWELL, reason=report.sentence, what_to_do=report.what_to_do)
        return replace(outcome, state=report.state.value)

    def await_cycle(self, tenant: Tenant, outcome: TenantOutcome) -> TenantOutcome:
        """Look once whether the first cycle of a tenant has ended, as ``elium wait`` does.

        Where a job is off, as is declared, none is waited for.
        """
        if not outcome.is_well or outcome.state not in COMING:
            return outcome
        try:
            self.loop.wait_for(self._arrived(tenant, outcome.job))
        except StillWaitingError:
            what_to_do = f"elium wait {tenant.name} --cwd {self._stack_folder(tenant).path}"
            return replace(outcome, verdict=Verdict.WAITING, reason=NOT_YET, what_to_do=what_to_do)
        except ProvisioningError as error:
            return replace(outcome, verdict=Verdict.UNWELL, reason=error.message, what_to_do=error.hint)
        return replace(outcome, state=State.RUNNING.value)

    async def _arrived(self, tenant: Tenant, job: str) -> None:
        graph = await self.clients.of(tenant.environment(self.here))
        meant = StackJob(tenant.name, JobAddress.parse(job))
        await wait_for(graph, meant, Awaited.FIRST_CYCLE, within=timedelta(), clock=self.clock, tell=_tell_nobody)

    def look(self, tenant: Tenant) -> TenantOutcome:
        """See how the job of a tenant is, wherever it was brought about from."""
        outcome = TenantOutcome(tenant.name, Verdict.WELL)
        folder = self._stack_folder(tenant)
        if folder.job:
            found = self.verify(tenant, replace(outcome, job=folder.job))
            if found.state:
                return found
        try:
            kept = StackState.of(self.stack_of(tenant, tenant.environment(self.here)))
        except ProvisioningError as error:
            return outcome.failed(error)
        if not kept.job.id:
            return replace(outcome, verdict=Verdict.UNWELL, reason="It has no job yet.", what_to_do="elium fleet up")
        folder.note(kept.job.id)
        return self.verify(tenant, replace(outcome, job=kept.job.id))

    def token(self, tenant: Tenant) -> TenantOutcome:
        """Tell whether the token that lies where the row says is another one than its stack was brought about with."""
        outcome = TenantOutcome(tenant.name, Verdict.UNCHANGED)
        try:
            job = StackState.of(self.stack_of(tenant, tenant.environment(self.here))).job
            known = Fingerprint.parse(str(job.inputs.get("secretToken") or ""))
            is_same = known is None or known.fits(tenant.token(self.here))
        except ProvisioningError as error:
            return outcome.failed(error)
        return outcome if is_same else replace(outcome, verdict=Verdict.CHANGES, changes=1)

    def report(self, tenant: Tenant) -> StatusReport:
        """Ask how the job of a tenant is; the engine is asked which that is only where it is not known, or gone.

        :raises NoJobError: when it has none yet.
        :raises ProvisioningError: when nobody can tell.
        """
        folder = self._stack_folder(tenant)
        if folder.job:
            with suppress(NotFoundError):
                return self.status(tenant, folder.job)
        no_job = NoJobError("It has no job yet.", hint="elium fleet up")
        try:
            kept = StackState.of(self.stack_of(tenant, tenant.environment(self.here)))
        except NoStackError:
            raise no_job from None
        if not kept.job.id:
            raise no_job
        folder.note(kept.job.id)
        return self.status(tenant, kept.job.id)

    def status(self, tenant: Tenant, job: str) -> StatusReport:
        """Ask how a job is.

        :raises ProvisioningError: when nobody can tell.
        """
        graph = self.loop.wait_for(self.clients.of(tenant.environment(self.here)))
        meant = StackJob(tenant.name, JobAddress.parse(job))
        report = self.loop.wait_for(status_of(graph, meant, now=self.clock.now()))
        return replace(report, what_to_do=self._from_here(tenant, report.what_to_do))

    def _from_here(self, tenant: Tenant, what_to_do: str) -> str:
        """Let a command find the tenant's stack, which lies in a folder of its own with the identity that it needs."""
        at = shlex.quote(str(self._stack_folder(tenant).path))
        return re.sub(rf"\belium \S+ {re.escape(tenant.name)}", lambda found: f"{found[0]} --cwd {at}", what_to_do)

    def _looked(self, tenant: Tenant, stacks: Collection[str] | None, *, mends: bool) -> TenantPlan:
        try:
            environment = tenant.environment(self.here)
            stack, asked = self.stack_of(tenant, environment), None
            if stacks is None or tenant.name in stacks:
                asked = self.mend(stack, environment) if mends else asked_once(stack)
            return self.planned(tenant, environment, asked)
        except ProvisioningError as error:
            return TenantPlan(tenant.name, Verdict.FAILED, reason=_as_in_a_row(error.message), what_to_do=error.hint)

    def planned(self, tenant: Tenant, environment: Mapping[str, str], stack: StackEngine | None) -> TenantPlan:
        """Look what would be done, by a stack that was asked once for what it holds; ``None`` where there is none.

        :raises ProvisioningError: when nobody can tell.
        """
        settings = tenant.settings(environment)
        kept, assigned = (StackState.of(stack), _assigned_in(stack)) if stack else (StackState(), None)
        found = self.loop.wait_for(self._previewed(settings, kept, environment))
        declared = {each.principal for each in found.plan.declaration.assignments or ()}
        is_whole = bool(kept.app.id and kept.plan.id and kept.job.id) and assigned == declared
        told = _told(tenant.name, found, is_unchanged=is_whole and not found.has_changes, job=kept.job.id)
        return replace(told, is_new=stack is None)

    def stack_of(self, tenant: Tenant, environment: Mapping[str, str]) -> StackEngine:
        """Give the engine for a tenant's stack, whose files are as the row says."""
        return StackEngine(tenant.name, self.folder_of(tenant), self.engine.run(environment))

    def mend(self, stack: StackEngine, environment: Mapping[str, str]) -> StackEngine | None:
        """Put right what a run of this stack has left that was cut, before the next one would make it twice.

        Gives the stack with what it holds now, or ``None`` where there is none.

        :raises EngineError: when a person has to look first.
        """
        for _ in range(ROUNDS):
            asked = asked_once(stack)
            if asked is None or not was_cut(asked.export()):
                return asked
            look = self.loop.wait_for(self._looked_at(stack.stack, asked.export(), environment))
            if look.unsure:
                raise EngineError(
                    f"A run of {stack.stack} was cut: {' '.join(finding.sentence for finding in look.unsure)}",
                    hint=f"Look at it: make recover STACK={stack.stack}, or docs/how-to/when-a-run-was-cut.md.",
                )
            for command in look.lines:
                ended = stack.run(command, stack.folder)
                if ended.code and holders_in(ended.stderr):
                    raise locked_error(stack.stack, ended.stderr)
                if ended.code:
                    raise EngineError(
                        f"A run of {stack.stack} was cut, and {' '.join(command[:2])} failed: {ended.stderr.strip()}",
                        hint="Mend what it names and run the command again, which does the rest.",
                    )
        return asked_once(stack)

    async def _looked_at(self, stack: str, export: Mapping[str, Any], environment: Mapping[str, str]) -> Look:
        return await look_at(await self.clients.of(environment), stack, export)

    async def _previewed(self, settings: Settings, kept: StackState, environment: Mapping[str, str]) -> Preview:
        graph = await self.clients.of(environment)
        return await preview(graph, settings, kept, environment, self.clock.now)

    def folder_of(self, tenant: Tenant) -> Path:
        """Give the folder in which a tenant is a stack like any other, with its files as the row says."""
        folder = self._stack_folder(tenant)
        folder.write(tenant)
        return folder.path

    def _stack_folder(self, tenant: Tenant) -> StackFolder:
        return StackFolder(self.folder / tenant.name, self.project)


def _tell_nobody(status: SynchronizationStatus, waited: timedelta) -> None:
    """Pass over what is seen while a cycle is waited for: the next look says more."""


def _as_in_a_row(sentence: str) -> str:
    """Call settings as a file of tenants does, and not as a stack's."""
    return sentence.replace(PLACE, "")


def asked_once(stack: StackEngine) -> StackEngine | None:
    """Ask what a stack holds, once for everything that will be read of it; ``None`` where there is no stack."""
    asked = stack.asked_once()
    try:
        asked.export()
    except NoStackError:
        return None
    return asked


def _assigned_in(stack: StackEngine) -> set[str] | None:
    """Tell whose assignments the engine keeps; ``None`` when a run was cut, so that it may not know of all."""
    deployment = stack.export().get("deployment", {})
    if deployment.get("pending_operations"):
        return None
    made = [one for one in deployment.get("resources") or () if one.get("type") == ASSIGNMENT_TYPE]
    return {str((one.get("outputs") or {}).get("principalObjectId")) for one in made if not one.get("delete")}


def _told(tenant: str, found: Preview, *, is_unchanged: bool, job: str) -> TenantPlan:
    plan = found.plan
    impact, refusal = plan.impact, plan.refusal if plan else None
    verdict = Verdict.REFUSED if refusal else Verdict.UNCHANGED if is_unchanged else Verdict.CHANGES
    return TenantPlan(
        tenant,
        verdict,
        checksum=plan.checksum,
        changes=len(plan.changes),
        leaving=impact.leaving.count if impact else 0,
        entering=impact.entering.count if impact else 0,
        leaving_names=impact.leaving.names if impact else (),
        is_counted=not plan.why_uncounted,
        is_accepted=not refusal and any(finding.weight is Weight.ACCEPTABLE for finding in plan.findings),
        is_drift=found.is_drift,
        job=job,
        text="\n".join((found.text, *found.more)),
        reason=refusal.message if refusal else "",
        what_to_do=refusal.hint if refusal else "",
    )


def _job_in(outputs: Mapping[str, object]) -> str:
    principal, job = outputs.get("servicePrincipalId"), outputs.get("jobId")
    return f"{principal}/{job}" if principal and job else ""
