"""The pretend Entra as a whole: a world, the service that provisions from it, and time that passes for both.

Nothing here knows HTTP. The faces (Graph, the login service, the control interface) translate to this and back.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import httpx2

from emulator.company import recycle_bin
from emulator.company.dynamic_groups import DynamicGroups
from emulator.company.populate import populate
from emulator.company.refusal import Refusal
from emulator.company.store import Kind
from emulator.engine.beginning import begin
from emulator.engine.service import ProvisioningService
from emulator.entra.changes import Changes
from emulator.entra.request_log import RequestLog
from emulator.identity.keys import SigningKey, key_of_this_process
from emulator.identity.tokens import TokenDesk
from emulator.moods.faults import Faults
from emulator.moods.graph_knobs import GraphKnobs
from emulator.moods.knobs import Knobs
from emulator.moods.quotas import Throttle
from emulator.moods.replication import Replication

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from emulator.company.clock import Clock
    from emulator.company.seed import Seed
    from emulator.company.store import DirectoryObject, JsonObject, Tenant, World
    from emulator.engine.target import Target

_T = TypeVar("_T")


@dataclass(slots=True)
class Entra:
    """A world and everything that happens in it."""

    seed: Seed
    """What :meth:`reset` goes back to."""
    clock: Clock
    connect: Callable[[str, str], Target]
    """Opens the way to a provisioning target: base address and token."""
    knobs: Knobs = field(default_factory=Knobs)
    graph_knobs: GraphKnobs = field(default_factory=GraphKnobs)
    key: Callable[[], SigningKey] = key_of_this_process
    browse: Callable[[], httpx2.AsyncClient] = httpx2.AsyncClient
    """Opens the way to other issuers' discovery documents."""
    wall: Callable[[], float] = time.time
    world: World = field(init=False)
    service: ProvisioningService = field(init=False)
    desk: TokenDesk = field(init=False)
    requests: RequestLog = field(default_factory=RequestLog)
    changes: Changes = field(default_factory=Changes)
    faults: Faults = field(default_factory=Faults)
    throttle: Throttle = field(default_factory=Throttle)
    replication: Replication = field(init=False)
    audits: list[JsonObject] = field(default_factory=list)
    """The directory audit log, as :mod:`emulator.graph.audit_logs` writes it."""
    beginnings: dict[str, int] = field(init=False, default_factory=dict)
    """How long each tenant's journal was when this world was entered: what lies before did not happen here."""
    _dynamic: list[DynamicGroups] = field(init=False, default_factory=list)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Cycles and the passing of time take turns."""
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.desk = TokenDesk(self.key, self.wall)
        self.replication = Replication(self.clock)
        self.reset()

    def reset(self) -> None:
        """Go back to the seed. The clock stays where it is, because time goes forward only; tokens stay valid."""
        self.enter(populate(self.seed, clock=self.clock))
        begin(self.service, self.seed)

    def enter(self, world: World) -> None:
        """Go on in another world; what was logged belongs to the one before."""
        self.world = world
        self.service = ProvisioningService(self.world, knobs=self.knobs, connect=self.connect)
        self.service.own_token = self.desk.issue_for_target
        self.audits.clear()
        # What a world begins with was there long before.
        self._dynamic = [DynamicGroups(tenant.directory) for tenant in world.tenants.values()]
        self.fill_groups()
        for groups in self._dynamic:
            groups.lag = self.knobs.dynamic_group_lag
        self.beginnings = {tenant.id: len(tenant.directory.journal) for tenant in world.tenants.values()}
        self.wake()
        self.changes.note()

    def fill_groups(self) -> None:
        """Bring the members of dynamic groups up to date."""
        now = self.clock.now()
        for groups in self._dynamic:
            groups.update(now)

    # Time

    async def pass_time(self, by: timedelta) -> int:
        """Let time pass, run every cycle at the moment when it is due, and tell how many ran."""
        async with self._turn:
            end, ran = self.clock.now() + by, 0
            while (due := self.service.next_due()) is not None and due <= end:
                self._move_to(due)
                ran += await self._run_due()
                if self.service.next_due() == due:
                    raise RuntimeError("A cycle was run and is still due.")
            self._move_to(end)
            self.changes.note()
            return ran

    async def run_due(self) -> int:
        """Run the cycles that are due now, and tell how many ran."""
        async with self._turn:
            return await self._run_due()

    async def run_cycle(self, job_id: str) -> None:
        """Run a cycle of a job now, due or not.

        :raises Refusal: 404 when there is no such job, 409 when nothing is sent for it any more.
        """
        async with self._turn:
            self._expire()
            await self.service.run_cycle(self.job_called(job_id))
            self.changes.note()

    async def between_cycles(self, act: Callable[[], _T]) -> _T:
        """Do something while no cycle runs."""
        async with self._turn:
            return act()

    def wake(self) -> None:
        """Tell whoever waits for the next cycle that something changed."""
        self._woken.set()

    async def wait_for_change(self, seconds: float | None) -> None:
        """Wait until something changed or *seconds* went by; ``None`` waits for a change only."""
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            return
        self._woken.clear()

    # Look-ups that belong to no single object

    def job_called(self, job_id: str) -> Any:  # noqa: ANN401 - the service's own job
        """Find a job of any tenant. :raises Refusal: 404 when there is none."""
        for job in self.jobs():
            if job.id == job_id:
                return job
        raise Refusal.not_found(job_id)

    def jobs(self) -> list[Any]:
        """List the jobs of all tenants, those included whose service principal is in the recycle bin."""
        return [
            job
            for tenant in self.world.tenants.values()
            for principal_id, synchronization in tenant.synchronization.items()
            if principal_id in tenant.directory.objects or principal_id in tenant.directory.deleted
            for job in synchronization.jobs.values()
        ]

    def principals_of(self, tenant: Tenant, application: DirectoryObject) -> list[DirectoryObject]:
        """Find the service principals of an application."""
        return recycle_bin.principals_of(tenant.directory.all(Kind.SERVICE_PRINCIPAL), application)

    async def _run_due(self) -> int:
        self._expire()
        before = {job.id: job.last for job in self.jobs()}
        await self.service.run_due()
        self.changes.note()
        return sum(1 for job in self.jobs() if job.last is not before.get(job.id))

    def _move_to(self, moment: datetime) -> None:
        now = self.clock.now()
        if moment > now:
            self.clock.advance(moment - now)

    def _expire(self) -> None:
        for tenant in self.world.tenants.values():
            recycle_bin.expire(tenant.directory)
        self.fill_groups()
