"""What the service keeps to tell Graph: the provisioning log of each tenant, and its own directory audits."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emulator.clock import as_graph_writes
from emulator.engine import template
from emulator.engine.log import Journal, Systems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emulator.engine.entry import Entry
    from emulator.engine.job import Quarantine
    from emulator.engine.visit import Visit
    from emulator.knobs import Knobs
    from emulator.store import JsonObject, Tenant, World


_MOST_MAIL = 1_000


@dataclass(slots=True)
class Reports:
    """The logs of all tenants. They outlive the jobs that they tell of."""

    world: World
    knobs: Knobs
    _entries: dict[str, deque[Entry]] = field(default_factory=dict)
    _systems: dict[str, Systems] = field(default_factory=dict)
    _audits: dict[str, list[JsonObject]] = field(default_factory=dict)
    outbox: deque[JsonObject] = field(default_factory=lambda: deque(maxlen=_MOST_MAIL))
    """The e-mails that would have been sent, oldest first."""

    def remember(self, visit: Visit) -> None:
        """Keep what a visit did, and how its two ends are called."""
        self._systems[visit.job.id] = _systems_of(visit)
        self._entries.setdefault(visit.tenant.id, deque()).extend(visit.entries)
        self._drop_old(visit.tenant)

    def journal_of(self, job_id: str) -> Journal:
        """Give what shows the entries of a job; it must have made a visit."""
        return Journal(self._systems[job_id], self.knobs)

    def log(self, tenant: Tenant) -> list[JsonObject]:
        """Show the provisioning log, oldest first; older entries than the retention are dropped."""
        self._drop_old(tenant)
        return [self.journal_of(entry.run.job_id).summary(entry) for entry in self._entries.get(tenant.id, ())]

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

    def _drop_old(self, tenant: Tenant) -> None:
        oldest = self.world.clock.now() - self.knobs.log_retention
        entries = self._entries.get(tenant.id)
        while entries and entries[0].at < oldest:
            entries.popleft()


def _systems_of(visit: Visit) -> Systems:
    plan, job = visit.plan, visit.job
    principal = visit.tenant.directory.find(job.service_principal_id)
    shown = principal.properties if principal else {}
    ids = {one["name"]: one["id"] for one in job.schema["directories"]}
    return Systems(
        source_id=ids.get(plan.source_name, ""),
        source_name=plan.source_name,
        target_id=ids.get(plan.target_name, ""),
        target_name=plan.target_name,
        tenant_id=visit.tenant.id,
        application_id=shown.get("appId") or "",
        service_principal_id=job.service_principal_id,
        service_principal_name=shown.get("displayName") or "",
        user_type=plan.users.target_type if plan.users else template.USER_TARGET,
        group_type=plan.groups.target_type if plan.groups else template.GROUP_TARGET,
    )
