"""``elium rehearse``: what Entra would send after a change, tried on a copy of the tenant."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.apps import ELIUM
from provisioning.commands.asking import run_command
from provisioning.commands.exit_codes import ExitCode
from provisioning.commands.options import Cwd, Json
from provisioning.commands.rehearsal_report import lines_of_rehearsal
from provisioning.commands.surroundings import Surroundings
from provisioning.graph.connect import connect
from provisioning.graph.identity import identity_of
from provisioning.operations.deployed import StackEngine
from provisioning.operations.rehearsal.saving import Names, key_of, made_up, refuse_unlike, what_is_in
from provisioning.operations.rehearsal.saving import save as save_twin
from provisioning.operations.rehearsal.tenant import TenantCopy, read_tenant
from provisioning.operations.rehearsal.twin import Twin, twin_of
from provisioning.operations.stack_configuration import declared_by
from provisioning.operations.stack_state import StackState
from provisioning.provider.preview import preview
from provisioning.provider.version import PACKAGE
from provisioning.settings.configuration import settings_in

if TYPE_CHECKING:
    from provisioning.graph.client import GraphClient
    from provisioning.operations.rehearsal.playing import MakePlan
    from provisioning.operations.rehearsal.rehearsing import PlannerOf
    from provisioning.planning.plan import Plan

STACK = "The stack, such as dev."

Save = Annotated[
    Path | None, typer.Option("--save", metavar="FILE", help="Keep the copy: a seed that the emulator takes.")
]
WhichNames = Annotated[Names, typer.Option("--names", help="Which names a saved copy has.")]
All = Annotated[bool, typer.Option("--all", help="Show everybody, not the first of each kind.")]


def rehearse(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    stack: Annotated[str, typer.Argument(metavar="STACK", help=STACK)],
    *,
    everybody: All = False,
    save: Save = None,
    names: WhichNames = Names.MADE_UP,
    json: Json = False,
    cwd: Cwd = None,
) -> None:
    """Try what is declared on a copy of the tenant."""
    surroundings: Surroundings = context.obj
    surroundings.stack = stack
    options = _Options(everybody=everybody, save=save, names=names, is_json=json)
    raise typer.Exit(asyncio.run(_rehearsed(surroundings, stack, cwd or surroundings.folder, options)))


@dataclass(frozen=True, slots=True)
class _Options:
    everybody: bool
    save: Path | None
    names: Names
    is_json: bool


async def _rehearsed(surroundings: Surroundings, stack: str, folder: Path, options: _Options) -> ExitCode:
    # What speaks to the emulator's address imports httpx2, which nobody needs before there is a stack.
    from provisioning.operations.rehearsal.emulator import started  # noqa: PLC0415 - see above
    from provisioning.operations.rehearsal.rehearsing import Rehearsing, report_of_rehearsal  # noqa: PLC0415 - the same

    screen = surroundings.screen
    copy, kept = await _read(surroundings, stack, folder)
    rehearsing = Rehearsing(stack, surroundings.start or started, _planner(surroundings), screen.tell)
    twin = twin_of(copy, kept, template=ELIUM.namespace)
    # Before anything is played: a filter may forbid it, or the folder.
    made = made_up(copy, kept, key_of(stack, folder)) if options.save and options.names is Names.MADE_UP else None
    played = await rehearsing.play(twin, copy)
    report = report_of_rehearsal(stack, copy, twin, played)
    if options.save:
        kept_twin = twin
        if made:
            screen.tell("the same with made-up names")
            kept_twin = twin_of(made.copy, made.kept, template=ELIUM.namespace)
            refuse_unlike(played.marks, (await rehearsing.play(kept_twin, made.copy)).marks)
        save_twin(kept_twin.seed, surroundings.folder / options.save)
        report = replace(report, saved=f"{options.save}: {what_is_in(copy, options.names)}")
    if options.is_json:
        screen.document(report)
    else:
        screen.show("\n".join(lines_of_rehearsal(report, everybody=options.everybody)))
    return ExitCode.REFUSED if report.refusal else ExitCode.OK


async def _read(surroundings: Surroundings, stack: str, folder: Path) -> tuple[TenantCopy, StackState]:
    environment, screen = surroundings.environment, surroundings.screen
    engine = StackEngine(stack, folder, surroundings.run or run_command)
    kept, configured = StackState.of(engine), declared_by(engine, ELIUM.namespace)
    settings = settings_in(configured, environment)
    graph = await connect(identity_of(kept.provider or configured.of(PACKAGE), environment), surroundings.clock)
    try:
        screen.tell("reading the tenant")
        return await read_tenant(graph, settings, kept, screen.tell), kept
    finally:
        await graph.close()


def _planner(surroundings: Surroundings) -> PlannerOf:
    """Plan on a twin as ``elium plan`` does in the tenant: by the same settings, but for where the target is."""

    def planner(twin: Twin, copy: TenantCopy) -> MakePlan:
        settings = copy.settings.model_copy(update={"tenant_url": twin.base_address})

        async def plan(graph: GraphClient) -> Plan:
            clock = surroundings.clock or graph.clock
            return (await preview(graph, settings, twin.kept, surroundings.environment, clock.now)).plan

        return plan

    return planner
