"""``elium report``: one stack, a fleet, or a teardown as a page to hand over."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from provisioning.commands.asking import Asked, ask
from provisioning.commands.options import STACK, Cwd, Json
from provisioning.commands.pages.blocks import Page
from provisioning.commands.pages.fleet import page_of_fleet
from provisioning.commands.pages.stack import page_of_stack
from provisioning.commands.pages.teardown import page_of_teardown
from provisioning.commands.pages.writing import Writer
from provisioning.commands.plan import planned
from provisioning.commands.surroundings import Surroundings
from provisioning.commands.teardown_report import headline
from provisioning.errors import ConfigurationError, ProvisioningError
from provisioning.graph.pace import Pace
from provisioning.operations.deployed import NoJobError, NoStackError
from provisioning.operations.logs import LogReader, since_of
from provisioning.operations.rehearsal.made_up_names import MadeUpNames
from provisioning.operations.rehearsal.saving import KEY_BYTES, Names
from provisioning.operations.reporting.fleet import FleetReport, renamed_fleet
from provisioning.operations.reporting.gathering import Drifting, Rename, StackReport, gather, renamed
from provisioning.operations.standing import counts_of
from provisioning.operations.teardown.journal import JournalFile
from provisioning.operations.teardown.report import TeardownReport, report_of
from provisioning.operations.teardown.report import renamed as renamed_teardown
from provisioning.provider.preview import PreviewReport, report_of_preview
from provisioning.words import counted

NO_PLAN = "Names are made up, and a plan has them."

LEFT = "elium report {stack} --teardown shows the proof of its teardown."


@dataclass(frozen=True, slots=True)
class Report:
    """What was asked for: one stack and what its file would change, a fleet, or a teardown. The others are null."""

    stack: StackReport | None = None
    plan: PreviewReport | None = None
    """What ``pulumi up`` would do now; null where that cannot be told."""
    why_no_plan: str = ""
    """Why not; empty where it is told."""
    fleet: FleetReport | None = None
    teardown: TeardownReport | None = None


@dataclass(frozen=True, slots=True)
class _Made:
    """A report in both forms, and what is said of it once it is written."""

    document: Report
    page: Page
    said: str


@dataclass(frozen=True, slots=True)
class _Asking:
    """How it is asked."""

    surroundings: Surroundings
    folder: Path
    since: str
    names: Rename | None
    """Other names, where they are made up."""


def report(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    stack: Annotated[
        str,
        typer.Argument(metavar="[STACK]", help=STACK),
    ] = "",
    *,
    fleet: Annotated[
        Path | None,
        typer.Option("--fleet", metavar="FILE", help="Instead of a stack: all tenants of this file, YAML or CSV."),
    ] = None,
    teardown: Annotated[
        bool, typer.Option("--teardown", help="The proof of the stack's last teardown, from its journal.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where it goes: .html, .md, .pdf or .json.")
    ] = None,
    since: Annotated[
        str, typer.Option(metavar="WHEN", help="How far the log is read back: 30d, 7d or a moment.")
    ] = "30d",
    names: Annotated[Names, typer.Option(help="Whether people keep their names.")] = Names.KEPT,
    json: Json = False,
    cwd: Cwd = None,
) -> None:
    """Write a stack, a fleet or the proof of a teardown as a page to hand over."""
    surroundings: Surroundings = context.obj
    surroundings.stack = stack
    _refuse_unless_one(stack, fleet, has_teardown=teardown)
    writer = Writer.of(surroundings, out, is_json=json)
    other = MadeUpNames(secrets.token_bytes(KEY_BYTES)) if names is Names.MADE_UP else None
    asking = _Asking(surroundings, cwd or surroundings.folder, since, other)
    if fleet:
        made = _of_fleet(asking, fleet)
    else:
        made = _of_teardown(asking, stack) if teardown else _of_stack(asking, context, stack)
    writer.write(made.document, made.page, made.said)


def _refuse_unless_one(stack: str, fleet: Path | None, *, has_teardown: bool) -> None:
    """Refuse what names nothing, or two things at once.

    :raises ConfigurationError: saying which.
    """
    if bool(stack) == bool(fleet):
        both = "A stack and a fleet were named" if stack else "Neither a stack nor a fleet was named"
        raise ConfigurationError(
            f"{both}; a report is of one of them.", hint="Write: elium report STACK, or elium report --fleet FILE."
        )
    if fleet and has_teardown:
        raise ConfigurationError(
            "--teardown is of one stack, and a fleet was named.",
            hint="Write: elium report NAME --teardown --cwd .state/fleet/NAME",
        )


def _of_stack(asking: _Asking, context: typer.Context, stack: str) -> _Made:
    made: list[_Made] = []

    async def reported(asked: Asked) -> None:
        # It takes its time to import, since it imports Pulumi's SDK.
        from provisioning.provider.drift import drift_of  # noqa: PLC0415 - see above

        log = LogReader(asked.graph, asked.clock, Pace(asked.clock))
        since, drifting = since_of(asked.clock.now(), asking.since), Drifting(drift_of, asked.declared)
        found = await gather(asked.graph, asked.meant, log, since=since, tell=asked.screen.tell, drifting=drifting)
        made.append(await _made_of_stack(asking, found))

    try:
        ask(context, stack, asking.folder, reported)
    except (NoJobError, NoStackError) as error:
        if JournalFile.of(stack, asking.folder).newest():
            raise ConfigurationError(error.message, hint=LEFT.format(stack=stack)) from error
        raise
    return made[0]


async def _made_of_stack(asking: _Asking, found: StackReport) -> _Made:
    if asking.names:
        told, plan = Report(renamed(found, asking.names), why_no_plan=NO_PLAN), ""
    else:
        told, plan = await _with_plan(asking, found)
    is_made_up = asking.names is not None
    page = page_of_stack(told.stack or found, plan=plan, why_no_plan=told.why_no_plan, is_made_up=is_made_up)
    return _Made(told, page, counts_of(Counter(one.standing for one in found.people)))


async def _with_plan(asking: _Asking, found: StackReport) -> tuple[Report, str]:
    """Ask what the stack's file would change, too; a program of somebody's own has none, and that is no failure."""
    try:
        preview = await planned(asking.surroundings, found.stack, asking.folder)
    except ProvisioningError as error:
        return Report(found, why_no_plan=error.message), ""
    return Report(found, report_of_preview(found.stack, preview)), "\n".join((preview.text, *preview.more))


def _of_fleet(asking: _Asking, file: Path) -> _Made:
    # Imported when it is used: what works on tenants takes a second to load, and a stack alone must not wait for it.
    from provisioning.commands.fleet.reporting import report_on  # noqa: PLC0415 - see above

    found = report_on(asking.surroundings, asking.folder, file, asking.since)
    unasked = sum(one.stack is None for one in found.tenants)
    told = renamed_fleet(found, asking.names) if asking.names else found
    page = page_of_fleet(told, is_made_up=asking.names is not None)
    more = (
        f"; {counted(unasked, 'has no report of its own', 'have no report of their own')}, and the table says why"
        if unasked
        else ""
    )
    return _Made(Report(fleet=told), page, f"{counted(len(found.tenants), 'tenant')}{more}")


def _of_teardown(asking: _Asking, stack: str) -> _Made:
    """Read the journal, which is all that is left.

    :raises ConfigurationError: when there is none.
    """
    journal = JournalFile.of(stack, asking.folder).newest()
    if journal is None:
        raise ConfigurationError(
            f"There is no journal of a teardown of {stack} here.",
            hint="Go to the folder in which elium teardown was run, or name it with --cwd.",
        )
    found = replace(report_of(journal.plan, journal), stack=stack)
    told = renamed_teardown(found, asking.names) if asking.names else found
    page = page_of_teardown(told, is_made_up=asking.names is not None)
    return _Made(Report(teardown=told), page, headline(found))
