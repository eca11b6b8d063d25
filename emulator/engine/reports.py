"""What the service keeps to tell Graph: the provisioning log of each tenant, and its own directory audits."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, overload

from emulator.company.clock import as_graph_writes
from emulator.engine import template
from emulator.engine.archive import Archive
from emulator.engine.log import Journal, Summary, Systems

if TYPE_CHECKING:
    from emulator.company.store import JsonObject, Tenant, World
    from emulator.engine.entry import Entry
    from emulator.engine.job import Job, Quarantine
    from emulator.engine.plan import SyncPlan
    from emulator.engine.visit import Visit
    from emulator.moods.knobs import Knobs


_MOST_MAIL = 1_000


@dataclass(frozen=True, slots=True)
class Log(Sequence[Summary]):
    """The entries of an archive as Graph shows them, each when it is asked for."""

    archive: Archive
    journal_of: Callable[[str], Journal]
    newest_first: bool = False

    def __len__(self) -> int:
        return len(self.archive)

    def ordered_by(self, name: str, *, descending: bool) -> Log | None:
        """Give the log in the order of a property where it is kept in that order: then it stays packed."""
        is_kept = name.casefold() == "activitydatetime" and self.archive.is_in_order
        return replace(self, newest_first=descending) if is_kept else None

    @overload
    def __getitem__(self, index: int) -> Summary: ...
    @overload
    def __getitem__(self, index: slice) -> list[Summary]: ...
    def __getitem__(self, index: int | slice) -> Summary | list[Summary]:
        if isinstance(index, slice):
            return [self[each] for each in range(len(self))[index]]
        entry = self.archive[-1 - range(len(self))[index] if self.newest_first else index]
        return self.journal_of(entry.run.job_id).summary(entry)


@dataclass(slots=True)
class Reports:
    """The logs of all tenants. They outlive the jobs that they tell of."""

    world: World
    knobs: Knobs
    _entries: dict[str, Archive] = field(default_factory=dict)
    _systems: dict[str, Systems] = field(default_factory=dict)
    _audits: dict[str, list[JsonObject]] = field(default_factory=dict)
    outbox: deque[JsonObject] = field(default_factory=lambda: deque(maxlen=_MOST_MAIL))
    """The e-mails that would have been sent, oldest first."""

    def opened_for(self, tenant: Tenant, job: Job, plan: SyncPlan) -> Callable[[Entry], None]:
        """Give what keeps the entries of a job, and remember how its two ends are called now."""
        self._systems[job.id] = _systems_of(tenant, job, plan)
        return self._archive_of(tenant).append

    def journal_of(self, job_id: str) -> Journal:
        """Give what shows the entries of a job, for which the log must have been opened once."""
        return Journal(self._systems[job_id], self.knobs)

    def log(self, tenant: Tenant) -> Log:
        """Show the provisioning log, oldest first; older entries than the retention are dropped."""
        return Log(self._archive_of(tenant), self.journal_of)

    def audits(self, tenant: Tenant) -> list[JsonObject]:
        """Show what the service itself wrote into the directory audit log."""
        return list(self._audits.get(tenant.id, ()))

    def quarantined(self, visit: Visit, quarantine: Quarantine, recipients: Sequence[str]) -> None:
        """Write the audit entry of a quarantine that began, or whose reason changed (observed: entra-powershell).

        Whoever is to be notified gets one e-mail then (Learn: application-provisioning-quarantine-status); its words
        are the emulator's own.
        """
        told = f"{quarantine.reason}; Error: {quarantine.error.message}"
        systems = self._systems[visit.job.id]
        self._audits.setdefault(visit.tenant.id, []).append(
            {
                "id": self.world.id(),
                "category": "ProvisioningManagement",
                "correlationId": self.world.id(),
                "result": "failure",
                "resultReason": f"This run profile is being quarantined because of: {told}",
                "activityDisplayName": "Quarantine",
                "activityDateTime": as_graph_writes(self.world.clock.now()),
                "loggedByService": "Account Provisioning",
                "operationType": "",
                "initiatedBy": {"user": None, "app": {"displayName": "Azure AD Provisioning Service"}},
                "targetResources": [
                    {
                        "id": systems.service_principal_id,
                        "displayName": systems.service_principal_name,
                        "type": "ServicePrincipal",
                        "modifiedProperties": [],
                    }
                ],
                "additionalDetails": [{"key": "JobId", "value": visit.job.id}],
            }
        )

        if recipients:
            self.outbox.append(
                {
                    "to": list(recipients),
                    "subject": f"Provisioning to {systems.service_principal_name} is in quarantine",
                    "body": f"{told}\nThe next attempt is at {as_graph_writes(quarantine.next_attempt)}.",
                    "sent": as_graph_writes(self.world.clock.now()),
                    "jobId": visit.job.id,
                }
            )

    def _archive_of(self, tenant: Tenant) -> Archive:
        archive = self._entries.setdefault(tenant.id, Archive())
        archive.drop_before(self.world.clock.now() - self.knobs.log_retention)
        return archive


def _systems_of(tenant: Tenant, job: Job, plan: SyncPlan) -> Systems:
    principal = tenant.directory.find(job.service_principal_id)
    shown = principal.properties if principal else {}
    ids = {one["name"]: one["id"] for one in job.schema["directories"]}
    return Systems(
        source_id=ids.get(plan.source_name, ""),
        source_name=plan.source_name,
        target_id=ids.get(plan.target_name, ""),
        target_name=plan.target_name,
        tenant_id=tenant.id,
        application_id=shown.get("appId") or "",
        service_principal_id=job.service_principal_id,
        service_principal_name=shown.get("displayName") or "",
        user_type=plan.users.target_type if plan.users else template.USER_TARGET,
        group_type=plan.groups.target_type if plan.groups else template.GROUP_TARGET,
    )
