"""Play a change on a twin: a cycle of the set-up as it is, then what is declared, and a cycle of that.

A twin begins without links, so that everybody would be created. After the first cycle it has the accounts that the
tenant's job has made, as far as a copy can tell; only what is sent after that is reported.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ssl import create_default_context

import httpx2

from provisioning.errors import UnsafeChangeError
from provisioning.graph.client import GraphClient
from provisioning.model.credentials import SecretToken
from provisioning.model.identifiers import JobAddress
from provisioning.model.job import Job
from provisioning.model.provisioning_log import LogEntry, LogQuestion
from provisioning.operations.apply import Applying
from provisioning.operations.rehearsal.emulator import Control, RunningEmulator, Starter, TwinSignIn
from provisioning.operations.rehearsal.report import FateRow, SampleRequest, rows_of, samples_of
from provisioning.operations.rehearsal.tenant import Tell
from provisioning.operations.rehearsal.twin import Twin
from provisioning.planning.changes import AddAssignment, AlterRole, Change, RemoveAssignment
from provisioning.planning.plan import Plan
from provisioning.planning.wording import describe

BETWEEN = "PT1M"
"""What passes between the two parts, so that the log tells them apart. The next cycle is due later."""

A_WHILE = timedelta(seconds=30)
"""How often it is told that a cycle still runs."""

MakePlan = Callable[[GraphClient], Awaitable[Plan]]
"""Plans what is declared, on the twin's Graph, and judges it."""


@dataclass(frozen=True, slots=True)
class Played:
    """What was seen on a twin."""

    plan: Plan
    rows: tuple[FateRow, ...]
    samples: tuple[SampleRequest, ...]
    job: Job | None
    """The twin's job afterwards; ``None`` when there is none."""
    is_sent: bool = True
    """Whether the job is on, so that something is sent at all."""
    why_not: str = ""
    """Why what is declared could not be brought about to its end."""

    @property
    def marks(self) -> tuple[object, ...]:
        """What is the same of two twins that behave alike: how many of everything, and no names."""
        impact = self.plan.impact
        judged = (impact.leaving.count, impact.entering.count) if impact else ()
        fates = sorted((row.fate.value, row.kind, row.code, row.attributes) for row in self.rows)
        return (len(self.plan.changes), bool(self.plan.refusal), judged, tuple(fates))


async def play(twin: Twin, start: Starter, make_plan: MakePlan, tell: Tell, *, has_run: bool) -> Played:
    """Start an emulator with a twin, play the change, and stop it.

    :raises TwinError: when the emulator does not start, or does not do as it is told.
    """
    tell("starting the emulator")
    with start(twin.seed) as running:
        async with _opened(running) as (graph, control):
            # One of its own: a file that a twin is saved to has no token, and the target's first is that of the link.
            token = SecretToken(await control.new_token(twin.site))
            playing = _Playing(twin, graph, control, token, tell)
            if has_run:
                await playing.first_cycle()
            return await playing.change(make_plan)


def lines_of_changes(changes: tuple[Change, ...]) -> tuple[str, ...]:
    """Say what is changed of the set-up, a line each."""
    return tuple(describe(change) for change in changes)


@dataclass(frozen=True, slots=True)
class _Playing:
    twin: Twin
    graph: GraphClient
    control: Control
    token: SecretToken
    tell: Tell
    a_while: timedelta = A_WHILE

    async def first_cycle(self) -> None:
        """Let the set-up as it is make links and accounts."""
        await self._cycle(self.twin.job, "first cycle, of the set-up as it is")

    async def change(self, make_plan: MakePlan) -> Played:
        """Bring about what is declared, have a cycle, and see what was sent."""
        since = await self.control.let_pass(BETWEEN)
        for site in self.twin.sites:
            await self.control.forget_requests(site)
        plan = await make_plan(self.graph)
        await self._assign(plan)
        declaration = replace(plan.declaration, token=self.token)
        applying = Applying(self.graph, self.twin.principal, replace(plan, declaration=declaration))
        try:
            await applying.run()
        except UnsafeChangeError as error:
            # Of a first deployment that is refused, the schema is planned again over what the new job has.
            return Played(plan, (), (), applying.job, is_sent=False, why_not=error.message)
        if applying.job is None or not plan.after.is_on:
            return Played(plan, (), (), applying.job, is_sent=False)
        await self._cycle(applying.job.id, "second cycle, of what is declared")
        entries = await self._log(applying.job.id, since)
        sent = [one for site in self.twin.sites for one in await self.control.writes(site)]
        job = await self.graph.job(JobAddress(self.twin.principal, applying.job.id))
        return Played(plan, rows_of(entries), samples_of(sent), job)

    async def _assign(self, plan: Plan) -> None:
        """Assign as the azuread plugin does: another role is another assignment."""
        for change in plan.changes:
            match change:
                case RemoveAssignment(held):
                    await self.graph.unassign(self.twin.principal, held.id)
                case AddAssignment(wanted):
                    await self.graph.assign(self.twin.principal, wanted)
                case AlterRole(held, wanted):
                    await self.graph.unassign(self.twin.principal, held.id)
                    await self.graph.assign(self.twin.principal, wanted)
                case _:
                    pass

    async def _cycle(self, job: str, what: str) -> None:
        """Run a cycle, and tell every while that it still runs; how far it is, the emulator tells when it has ended."""
        self.tell(what)
        running, waited = asyncio.ensure_future(self.control.run_cycle(job)), timedelta()
        try:
            while not (await asyncio.wait({running}, timeout=self.a_while.total_seconds()))[0]:
                waited += self.a_while
                self.tell(f"{what}: {waited.total_seconds():,.0f} s so far")
            await running
        finally:
            running.cancel()
            await asyncio.wait({running})

    async def _log(self, job: str, since: datetime) -> list[LogEntry]:
        """Read the log of the second part, once; oldest entry first."""
        question, page, found = LogQuestion(job, since=since), "", list[LogEntry]()
        while True:
            answer = await self.graph.log_page(question, page)
            found += answer.entries
            page = answer.next
            if not page:
                return found[::-1]


@asynccontextmanager
async def _opened(running: RunningEmulator) -> AsyncIterator[tuple[GraphClient, Control]]:
    """Open the twin's Graph and its control interface. No proxy is asked: both are on this machine."""
    trust = create_default_context(cafile=running.environment["SSL_CERT_FILE"])
    control = Control.of(running)
    http = httpx2.AsyncClient(verify=trust, timeout=None, trust_env=False)
    graph = GraphClient(http, TwinSignIn(http, running.environment, running.origin), running.origin)
    try:
        yield graph, control
    finally:
        await graph.close()
        await control.http.aclose()
