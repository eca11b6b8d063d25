"""A report over a fleet: each tenant is asked as ``elium report`` asks a stack; one that cannot be asked is a row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from provisioning.errors import ProvisioningError
from provisioning.fleet.acts import Acts, TenantPlan, Verdict, asked_once
from provisioning.fleet.tenant import Tenant
from provisioning.model.identifiers import JobAddress
from provisioning.operations.deployed import StackEngine
from provisioning.operations.logs import LogReader
from provisioning.operations.reporting.fleet import TenantReport
from provisioning.operations.reporting.gathering import Drifting, StackReport, gather
from provisioning.operations.stack_state import StackState
from provisioning.operations.watching import StackJob
from provisioning.provider.drift import drift_of

NOT_THERE = "It is not brought about yet."


@dataclass(frozen=True, slots=True)
class Reporting:
    """Asks tenants, one each time; those who sign in alike keep to one pace of reading logs."""

    acts: Acts
    stacks: Collection[str] | None
    """Those that were there a moment ago; ``None`` when nobody can tell."""
    since: datetime
    """How far logs are read back."""

    def ask(self, tenant: Tenant) -> TenantReport:
        """Ask one; what goes wrong is told in its row."""
        try:
            environment = tenant.environment(self.acts.here)
            stack = self._stack(tenant, environment)
            if stack is None:
                return row_of(self.acts.planned(tenant, environment, None), reason=NOT_THERE)
            found = self._gathered(tenant, environment, stack)
        except ProvisioningError as error:
            return TenantReport(tenant.name, Verdict.FAILED.value, error.message, error.hint)
        return row_of(self._plan(tenant, environment, stack), found)

    def _stack(self, tenant: Tenant, environment: Mapping[str, str]) -> StackEngine | None:
        is_there = self.stacks is None or tenant.name in self.stacks
        return asked_once(self.acts.stack_of(tenant, environment)) if is_there else None

    def _plan(self, tenant: Tenant, environment: Mapping[str, str], stack: StackEngine) -> TenantPlan:
        """Say what the row would change; where nobody can tell, the rest of the report is there all the same."""
        try:
            return self.acts.planned(tenant, environment, stack)
        except ProvisioningError as error:
            return TenantPlan(tenant.name, Verdict.FAILED, reason=error.message, what_to_do=error.hint)

    def _gathered(self, tenant: Tenant, environment: Mapping[str, str], stack: StackEngine) -> StackReport | None:
        kept = StackState.of(stack)
        if not kept.job.id:
            return None
        acts = self.acts
        meant = StackJob(tenant.name, JobAddress.parse(kept.job.id))
        graph = acts.loop.wait_for(acts.clients.of(environment))
        log = LogReader(graph, acts.clock, acts.clients.log(environment))
        drifting = Drifting(drift_of, kept.job.inputs)
        asking = gather(graph, meant, log, since=self.since, tell=_tell_nobody, drifting=drifting)
        return acts.loop.wait_for(asking)


def row_of(plan: TenantPlan, stack: StackReport | None = None, *, reason: str = "") -> TenantReport:
    """Make a row of what would be done, and of what was found."""
    return TenantReport(
        plan.tenant,
        plan.verdict.value,
        plan.reason or reason,
        plan.what_to_do,
        stack,
        plan.changes,
        plan.leaving,
        plan.entering,
        plan.text if plan.verdict is not Verdict.UNCHANGED else "",
    )


def _tell_nobody(text: str) -> None:
    """Pass over how far one is: of many, who is done is told."""
