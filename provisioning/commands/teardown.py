"""``elium teardown``: close the accounts, prove it, and take everything down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.commands.asking import run_command
from provisioning.commands.exit_codes import ExitCode
from provisioning.commands.options import Cwd, DoIt, Json, Stack
from provisioning.commands.surroundings import Surroundings
from provisioning.commands.target import target_of
from provisioning.commands.teardown_report import form_of, lines_of_teardown
from provisioning.commands.token_option import TargetToken, target_token_from
from provisioning.errors import ConfigurationError, UnsafeChangeError
from provisioning.graph.connect import connect
from provisioning.graph.pace import Pace
from provisioning.model.credentials import SecretToken
from provisioning.model.identifiers import JobAddress, JobId, ServicePrincipalId
from provisioning.operations.deployed import (
    Deployed,
    NoJobError,
    NoStackError,
    Run,
    deployed,
    destroy,
    left_of,
    refuse_unless_destroyable,
)
from provisioning.operations.logs import LogReader
from provisioning.operations.spans import span_of
from provisioning.operations.teardown.journal import Journal, JournalFile
from provisioning.operations.teardown.lock import alone
from provisioning.operations.teardown.plan import Accounts, Options, Plan, Step
from provisioning.operations.teardown.report import TeardownReport, report_of

if TYPE_CHECKING:
    from provisioning.graph.client import GraphClient
    from provisioning.target.accounts import Accounts as TargetAccounts

Policy = Annotated[Accounts, typer.Option("--accounts", help="What becomes of the accounts.")]
Force = Annotated[
    bool, typer.Option("--force-deletes", help="Put the deletion threshold aside for one cycle; changes the checksum.")
]
Purge = Annotated[bool, typer.Option("--purge", help="Delete the app for good, out of the recycle bin too.")]
Report = Annotated[
    Path | None, typer.Option("--report", metavar="FILE", help="Write the report: .txt, .json, .html or .md.")
]
Within = Annotated[str, typer.Option("--within", metavar="SPAN", help="How long accounts are waited for.")]


def teardown(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    stack: Stack,
    *,
    accounts: Policy = Accounts.DISABLE,
    force_deletes: Force = False,
    purge: Purge = False,
    target_token: TargetToken = "",
    within: Within = "4h",
    report: Report = None,
    doit: DoIt = "",
    json: Json = False,
    cwd: Cwd = None,
) -> None:
    """Close the accounts, prove it, and take everything down."""
    surroundings: Surroundings = context.obj
    surroundings.stack = stack
    folder = cwd or surroundings.folder
    show = _shower(surroundings, report, is_json=json)
    token = target_token_from(target_token, surroundings, folder=folder, is_json=json)
    command = _Command(
        stack,
        folder,
        Options(accounts, force_deletes, purge),
        surroundings,
        JournalFile.of(stack, folder),
        span_of(within, option="--within"),
        show,
        token,
    )
    # Before the journal is read: what another one notes meanwhile would be written over.
    with alone(stack, folder) if doit else nullcontext():
        asyncio.run(command.run(doit))


def _shower(surroundings: Surroundings, file: Path | None, *, is_json: bool) -> Callable[[TeardownReport], None]:
    """Give what shows a report, on stdout and in the file, whose suffix is looked at before anything is done."""
    form = form_of(file) if file else None

    def show(report: TeardownReport) -> None:
        if file and form:
            file.write_text(form(report), encoding="utf-8")
        screen = surroundings.screen
        if is_json:
            screen.document(report)
            return
        for line in lines_of_teardown(report):
            screen.show(line)

    return show


@dataclass(slots=True)
class _Command:
    """One run of the command."""

    stack: str
    folder: Path
    options: Options
    surroundings: Surroundings
    file: JournalFile
    within: timedelta
    show: Callable[[TeardownReport], None]
    token: SecretToken | None

    @property
    def engine(self) -> Run:
        return self.surroundings.run or run_command

    async def run(self, doit: str) -> None:
        held = self.file.read()
        found = self._found(held)
        if held and held.plan.job_id != found.meant.address.job:
            if doit:
                self._put_aside(held)
            held = None
        if held and held.finished:
            self.show(report_of(held.plan, held))
            return
        graph = await connect(found.identity, self.surroundings.clock, self.surroundings.on_demand)
        try:
            await self._asked(graph, found, held, doit)
        finally:
            await graph.close()

    def _put_aside(self, held: Journal) -> None:
        """Keep the journal of another job of this stack, which was deployed again since."""
        kept = self.file.put_aside(held)
        if not held.finished:
            self.surroundings.screen.tell(
                f"An earlier teardown, of the job {held.plan.job_id}, was not finished: whom it did not show to be "
                f"closed stands in {kept}."
            )

    def _found(self, held: Journal | None) -> Deployed:
        """Find the job; one that the state has forgotten already is in the journal.

        :raises ConfigurationError: when a job is named instead of a stack, which nothing could be destroyed of.
        """
        environment = self.surroundings.environment
        try:
            found = deployed(self.stack, folder=self.folder, environment=environment, run=self.engine)
        except (NoJobError, NoStackError):
            if held is None:
                raise
            plan = held.plan
            address = JobAddress(ServicePrincipalId(plan.service_principal_id), JobId(plan.job_id))
            return left_of(self.stack, address, environment=environment)
        if "/" in self.stack and str(found.meant.address) == self.stack:
            raise ConfigurationError(
                "A job was named, and a teardown needs its stack.",
                hint="Name the stack; where that has several jobs, with the component: dev@databricks.",
            )
        return found

    async def _asked(self, graph: GraphClient, found: Deployed, held: Journal | None, doit: str) -> None:
        from provisioning.operations.teardown.looking import Looking  # noqa: PLC0415 - needs the target's client

        log = LogReader(graph, graph.clock, Pace(graph.clock))
        async with target_of(graph, found.meant.address.service_principal, self.token, self.surroundings) as target:
            looking = Looking(graph, found.meant, self.options, log, target, graph.clock.now())
            plan = await looking.plan(held)
            if not doit:
                self._show_plan(plan, held)
                return
            _refuse(plan, doit)
            if not (held and held.has(Step.DESTROY)):
                refuse_unless_destroyable(self.stack, folder=self.folder, run=self.engine)
            await self._carry_out(graph, plan, held, log, target)

    def _show_plan(self, plan: Plan, held: Journal | None) -> None:
        self.show(report_of(plan, held))
        if plan.obstacles:
            raise typer.Exit(ExitCode.REFUSED)
        again = f"elium teardown {self.stack}{self._flags} --doit {plan.checksum}"
        self.surroundings.screen.tell(f"To do exactly this: {again}")

    @property
    def _flags(self) -> str:
        options = self.options
        given = {
            f" --accounts {options.accounts.value}": options.accounts is not Accounts.DISABLE,
            " --force-deletes": options.forces_deletes,
            " --purge": options.purges,
        }
        return "".join(flag for flag, is_given in given.items() if is_given)

    async def _carry_out(
        self, graph: GraphClient, plan: Plan, held: Journal | None, log: LogReader, target: TargetAccounts | None
    ) -> None:
        from provisioning.operations.teardown.carrying_out import carry_out  # noqa: PLC0415 - see above
        from provisioning.operations.teardown.closing import Teardown  # noqa: PLC0415 - the same

        address = JobAddress(ServicePrincipalId(plan.service_principal_id), JobId(plan.job_id))
        journal = held.going_on_with(plan) if held else Journal(plan, graph.clock.now())
        way = Teardown(graph, address, journal, self.file, log, target, self.surroundings.screen.tell, self.within)
        try:
            await carry_out(
                way, token=self.token, destroy=lambda: destroy(self.stack, folder=self.folder, run=self.engine)
            )
        except BaseException:
            self.surroundings.screen.tell(f"What is done stands in {self.file.path}; the same command goes on.")
            raise
        self.show(report_of(way.journal.plan, way.journal))


def _refuse(plan: Plan, doit: str) -> None:
    """Refuse what was not accepted, and what would leave accounts open.

    :raises UnsafeChangeError: saying why, and the way on.
    """
    if plan.obstacles:
        raise UnsafeChangeError(
            " ".join(f"{one.sentence}" for one in plan.obstacles) + " Nothing was done.",
            hint=" ".join(one.way_on for one in plan.obstacles),
        )
    if doit != plan.checksum:
        raise UnsafeChangeError(
            f"What would be done now has the checksum {plan.checksum}, and {doit} was accepted. Nothing was done.",
            hint="Look at what it is now, and accept that: run the command without --doit.",
        )
