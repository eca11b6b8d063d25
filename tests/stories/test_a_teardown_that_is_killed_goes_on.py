"""A teardown that is killed, between any two writes or while it waits: repeated, it does the rest and nothing twice.

Played before an emulator without a socket; to sleep is to let the company's time pass.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from asking import elium_app, graph_of
from played import Calls, KilledError, KnownToken

from emulator import Emulator
from emulator.company.store import Kind
from emulator.elium.behaviour import Fault
from provisioning.errors import UnsafeChangeError
from provisioning.graph.client import GraphClient
from provisioning.graph.pace import Pace
from provisioning.model.identifiers import JobAddress, JobId, ServicePrincipalId
from provisioning.operations.logs import LogReader
from provisioning.operations.teardown.carrying_out import carry_out
from provisioning.operations.teardown.closing import Teardown, refuse_strangers
from provisioning.operations.teardown.journal import Journal, JournalFile
from provisioning.operations.teardown.looking import Looking
from provisioning.operations.teardown.plan import Options, Plan
from provisioning.operations.watching import StackJob

ON_DEMAND, UNASSIGN, PAUSE, DELETE = "provisionOnDemand", "appRoleAssignedTo", "pause", "delete-job"


@dataclass
class CompanyClock:
    """The company's clock; whoever sleeps too often is killed."""

    emulator: Emulator
    dies_after: int | None = None
    slept: int = 0

    def now(self) -> datetime:
        return self.emulator.clock.now()

    async def sleep(self, seconds: float) -> None:
        if self.slept == self.dies_after:
            raise KilledError
        self.slept += 1
        await self.emulator.advance(timedelta(seconds=seconds))


@dataclass
class World:
    """A job that provisions a group of its own, and a teardown of its stack."""

    emulator: Emulator
    address: JobAddress
    group: str
    file: JournalFile
    destroyed: int = 0
    calls: list[Calls] = field(default_factory=list)
    options: Options = field(default_factory=Options)
    slept: int = 0
    """How often the last run waited."""

    async def run(
        self,
        checksum: str,
        *,
        killed_at: int | None = None,
        carried_out: bool = False,
        dies_after: int | None = None,
        dies_in_destroy: bool = False,
    ) -> bool:
        """Take down what was accepted, in a process of its own that may be killed, and tell whether it lived."""
        calls = Calls(self.emulator)
        calls.last, calls.is_carried_out = killed_at, carried_out
        self.calls.append(calls)
        clock = CompanyClock(self.emulator, dies_after)

        def destroy() -> None:
            self.destroyed += 1
            if dies_in_destroy:
                raise KilledError

        try:
            plan, log = await self.look(calls, clock)
            assert plan.checksum == checksum
            held = self.file.read()
            journal = held.going_on_with(plan) if held else Journal(plan, clock.now())
            graph = self.graph(calls, clock)
            way = Teardown(graph, self.address, journal, self.file, log, None, lambda _: None, timedelta(hours=4))
            await carry_out(way, token=None, destroy=destroy)
        except KilledError:
            return False
        finally:
            self.slept = clock.slept
        return True

    async def look(self, calls: Calls, clock: CompanyClock) -> tuple[Plan, LogReader]:
        graph = self.graph(calls, clock)
        log = LogReader(graph, clock, Pace(clock))
        looking = Looking(graph, StackJob("dev", self.address), self.options, log, None, clock.now())
        return await looking.plan(self.file.read()), log

    async def checksum(self) -> str:
        return (await self.look(Calls(self.emulator), CompanyClock(self.emulator)))[0].checksum

    def graph(self, calls: Calls, clock: CompanyClock) -> GraphClient:
        http = httpx2.AsyncClient(transport=calls)
        return GraphClient(http, KnownToken(self.emulator, "elium-deployer"), self.emulator.origin, clock)

    @property
    def written(self) -> list[str]:
        """What was asked for, run after run, each by what it does."""
        return [self._kind(call) for calls in self.calls for call in calls.writes]

    def _kind(self, call: str) -> str:
        method, what = call.split(" ", 1)
        if method == "DELETE":
            return DELETE if what == self.address.job else UNASSIGN
        return what

    @property
    def active(self) -> int:
        users = self.emulator.elium.tenant(self.emulator.seed.elium[0].name).users
        return sum(bool(user["active"]) for user in users)

    @property
    def disables(self) -> Counter[str]:
        """How often an account was disabled at Elium."""
        received = [one for one in self.emulator.elium.received if one.method == "PATCH"]
        return Counter(one.target for one in received if '"active"' in str(one.body) and "alse" in str(one.body))


async def a_world(folder: Path, people: int, *, without_groups: bool = False) -> World:
    """Make a company with a group of so many, a job for it, and let the job have a cycle."""
    emulator = Emulator()
    tenant = emulator.world.tenant(emulator.seed.tenant.id)
    shown = {"id": str(uuid4()), "displayName": "Leavers", "securityEnabled": True, "groupTypes": []}
    group = tenant.directory.add(Kind.GROUP, shown).id
    for number in range(people):
        name = f"person.{number:03}@contoso.com"
        facts = {"displayName": f"Person {number:03}", "userPrincipalName": name, "mail": name, "accountEnabled": True}
        facts |= {"mailNickname": f"person.{number:03}", "givenName": "Person", "surname": str(number)}
        user = tenant.directory.add(Kind.USER, {"id": str(uuid4()), **facts})
        tenant.directory.add_member(group, user.id)
    async with graph_of(emulator) as graph:
        app = (await elium_app(graph))["servicePrincipal"]
        at, site = f"/servicePrincipals/{app['id']}", emulator.seed.elium[0]
        role = {"principalId": group, "resourceId": app["id"], "appRoleId": app["appRoles"][0]["id"]}
        await graph.post(f"{at}/appRoleAssignedTo", json=role)
        job = (await graph.post(f"{at}/synchronization/jobs", json={"templateId": "elium"})).json()["id"]
        pairs = {"BaseAddress": f"{emulator.origin}/elium/{site.name}/scim/v2", "SecretToken": site.token}
        secrets = {"value": [{"key": key, "value": value} for key, value in pairs.items()]}
        await graph.put(f"{at}/synchronization/secrets", json=secrets)
        if without_groups:
            schema = (await graph.get(f"{at}/synchronization/jobs/{job}/schema")).json()
            for mapping in schema["synchronizationRules"][0]["objectMappings"]:
                mapping["enabled"] = mapping["sourceObjectName"] == "User"
            await graph.put(f"{at}/synchronization/jobs/{job}/schema", json=schema)
        await graph.post(f"{at}/synchronization/jobs/{job}/start")
    await emulator.run_due()
    address = JobAddress(ServicePrincipalId(app["id"]), JobId(job))
    world = World(emulator, address, group, JournalFile.of("dev", folder))
    assert world.active == people
    return world


UNBROKEN = [UNASSIGN, ON_DEMAND, ON_DEMAND, ON_DEMAND, PAUSE, DELETE]
"""Of two people and their group."""


async def test_a_teardown_that_nobody_kills(tmp_path: Path) -> None:
    world = await a_world(tmp_path, people=2)

    assert await world.run(await world.checksum())
    assert (world.written, world.active, world.destroyed) == (UNBROKEN, 0, 1)


@pytest.mark.parametrize("killed_at", range(len(UNBROKEN)))
@pytest.mark.parametrize("carried_out", [False, True], ids=["lost request", "lost answer"])
async def test_killed_at_any_write_it_does_the_rest_and_closes_nobody_twice(
    tmp_path: Path, killed_at: int, *, carried_out: bool
) -> None:
    world = await a_world(tmp_path, people=2)
    checksum = await world.checksum()

    assert not await world.run(checksum, killed_at=killed_at, carried_out=carried_out)
    assert await world.run(checksum)

    assert (world.active, world.destroyed, set(world.disables.values())) == (0, 1, {1})
    # The write that was killed is made again, unless the log shows that it was carried out or it could not be told.
    broken = UNBROKEN[killed_at]
    again = Counter(world.written) - Counter(UNBROKEN)
    assert again in (Counter(), Counter([broken]))
    assert not (carried_out and broken == ON_DEMAND and again)


async def test_killed_in_the_engine_it_destroys_again_and_does_nothing_else(tmp_path: Path) -> None:
    world = await a_world(tmp_path, people=2)
    checksum = await world.checksum()

    assert not await world.run(checksum, dies_in_destroy=True)
    assert await world.run(checksum)
    assert (world.written, world.destroyed) == (UNBROKEN, 2)


async def test_five_hundred_people_are_closed_by_one_cycle_although_it_is_killed_twice(tmp_path: Path) -> None:
    world = await a_world(tmp_path, people=500, without_groups=True)
    checksum = await world.checksum()

    assert not await world.run(checksum, killed_at=0, carried_out=True)
    assert not await world.run(checksum, dies_after=10)
    assert world.active == 500
    assert await world.run(checksum)

    journal = world.file.read()
    assert journal is not None
    people = [one for one in journal.plan.people if one.is_person]
    assert (len(people), all(one.is_closed and one.evidence for one in people)) == (500, True)
    assert (world.active, world.destroyed, set(world.disables.values())) == (0, 1, {1})
    assert world.written == [UNASSIGN, UNASSIGN, PAUSE, DELETE]


async def test_somebody_who_is_assigned_while_it_lies_killed_is_seen(tmp_path: Path) -> None:
    world = await a_world(tmp_path, people=2)
    checksum = await world.checksum()
    assert not await world.run(checksum, killed_at=1)
    async with graph_of(world.emulator) as graph:
        at = f"/servicePrincipals/{world.address.service_principal}"
        role = (await graph.get(at)).json()["appRoles"][0]["id"]
        body = {"principalId": world.group, "resourceId": world.address.service_principal, "appRoleId": role}
        await graph.post(f"{at}/appRoleAssignedTo", json=body)

    assert await world.checksum() != checksum


async def test_somebody_who_gets_an_account_meanwhile_keeps_the_job(tmp_path: Path) -> None:
    world = await a_world(tmp_path, people=2)
    calls, clock = Calls(world.emulator), CompanyClock(world.emulator)
    plan, log = await world.look(calls, clock)
    graph = GraphClient(
        httpx2.AsyncClient(transport=calls), KnownToken(world.emulator, "elium-deployer"), world.emulator.origin, clock
    )
    tenant = world.emulator.world.tenant(world.emulator.seed.tenant.id)
    ada = next(one for one in tenant.directory.all(Kind.USER) if one.properties["displayName"] == "Ada Byron")
    tenant.directory.add_member(world.group, ada.id)
    await world.emulator.advance(timedelta(minutes=40))
    way = Teardown(
        graph, world.address, Journal(plan, clock.now()), world.file, log, None, lambda _: None, timedelta(hours=1)
    )

    with pytest.raises(UnsafeChangeError, match=r"others got an account: ada\.byron@contoso\.com"):
        await carry_out(way, token=None, destroy=lambda: None)
    assert not [call for call in calls.writes if call.startswith("DELETE elium")]


async def test_the_few_whom_a_cycle_left_are_closed_on_demand(tmp_path: Path) -> None:
    world = await a_world(tmp_path, people=60, without_groups=True)
    world.emulator.elium.tenant(world.emulator.seed.elium[0].name).faults.append(
        Fault(status=400, method="PATCH", times=1)
    )

    assert await world.run(await world.checksum())
    assert (world.active, world.written) == (0, [UNASSIGN, ON_DEMAND, PAUSE, DELETE])


async def test_disables_that_are_held_back_on_the_way_are_not_worked_around(tmp_path: Path) -> None:
    world = await a_world(tmp_path, people=60, without_groups=True)
    checksum = await world.checksum()
    tenant = world.emulator.world.tenant(world.emulator.seed.tenant.id)
    held = tenant.synchronization_of(world.address.service_principal)
    held.secrets["SyncNotificationSettings"] = '{"DeleteThresholdEnabled": true, "DeleteThresholdValue": 3}'

    with pytest.raises(UnsafeChangeError, match="holds the disables back"):
        await world.run(checksum)
    assert (world.active, world.written) == (60, [UNASSIGN])
    world.options = Options(forces_deletes=True)
    forced = await world.checksum()

    assert await world.run(forced)
    assert (forced != checksum, world.active) == (True, 0)
    assert world.written == [UNASSIGN, "restart", PAUSE, DELETE]


async def test_a_cycle_that_may_be_running_is_let_come_to_its_end(tmp_path: Path) -> None:
    world = await a_world(tmp_path, people=2)
    # A cycle is due, and the company's engine has not said yet that it has ended: two minutes are given.
    world.emulator.clock.advance(timedelta(minutes=50))

    assert await world.run(await world.checksum())
    assert (world.written, world.slept, world.active) == (UNBROKEN, 2, 0)


async def test_once_the_threshold_is_put_aside_nobody_is_called_any_more(tmp_path: Path) -> None:
    world = await a_world(tmp_path, people=2)
    assert not await world.run(await world.checksum(), killed_at=1)
    world.options = Options(forces_deletes=True)

    assert await world.run(await world.checksum())
    assert (world.active, world.written) == (0, [UNASSIGN, ON_DEMAND, "restart", PAUSE, DELETE])


async def _assignments(world: World) -> list[str]:
    async with graph_of(world.emulator) as graph:
        at = f"/servicePrincipals/{world.address.service_principal}/appRoleAssignedTo"
        return [one["id"] for one in (await graph.get(at)).json()["value"]]


async def _assign_again(world: World) -> None:
    async with graph_of(world.emulator) as graph:
        at = f"/servicePrincipals/{world.address.service_principal}"
        role = (await graph.get(at)).json()["appRoles"][0]["id"]
        body = {"principalId": world.group, "resourceId": world.address.service_principal, "appRoleId": role}
        await graph.post(f"{at}/appRoleAssignedTo", json=body)


@pytest.mark.parametrize("had_cycle", [True, False], ids=["their accounts are open again", "no cycle since"])
async def test_whoever_was_closed_and_is_assigned_again_while_it_lies_killed_is_closed_again(
    tmp_path: Path, *, had_cycle: bool
) -> None:
    world = await a_world(tmp_path, people=2)
    assert not await world.run(await world.checksum(), killed_at=UNBROKEN.index(PAUSE))
    assert world.active == 0
    await _assign_again(world)
    if had_cycle:
        await world.emulator.advance(timedelta(minutes=40))
        assert world.active == 2

    assert await world.run(await world.checksum())

    assert (world.active, await _assignments(world)) == (0, [])
    journal = world.file.read()
    assert journal is not None
    assert all(one.is_closed and one.evidence for one in journal.plan.people if one.is_person)


async def test_whoever_had_an_account_again_for_a_while_is_closed_again(tmp_path: Path) -> None:
    world = await a_world(tmp_path, people=2)
    checksum = await world.checksum()
    assert not await world.run(checksum, killed_at=UNBROKEN.index(PAUSE))
    await _assign_again(world)
    await world.emulator.advance(timedelta(minutes=40))
    # Taken away again by hand, so that no assignment tells of it, and no cycle has seen it.
    async with graph_of(world.emulator) as graph:
        for one in await _assignments(world):
            at = f"/servicePrincipals/{world.address.service_principal}"
            await graph.delete(f"{at}/appRoleAssignedTo/{one}")
    assert world.active == 2

    assert await world.run(await world.checksum())
    assert world.active == 0


async def test_whoever_has_an_account_again_just_before_the_pause_keeps_the_job(tmp_path: Path) -> None:
    world = await a_world(tmp_path, people=2)
    assert not await world.run(await world.checksum(), killed_at=UNBROKEN.index(PAUSE))
    calls, clock = Calls(world.emulator), CompanyClock(world.emulator)
    held = world.file.read()
    assert held is not None
    _, log = await world.look(calls, clock)
    way = Teardown(
        world.graph(calls, clock), world.address, held, world.file, log, None, lambda _: None, timedelta(hours=1)
    )
    await _assign_again(world)
    await world.emulator.advance(timedelta(minutes=40))

    with pytest.raises(UnsafeChangeError, match=r"closed are open again: person\.000@contoso\.com"):
        await refuse_strangers(way)
