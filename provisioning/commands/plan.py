"""``elium plan``: what a run would do, as ``pulumi preview`` tells it, without a run."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from provisioning.apps import ELIUM
from provisioning.commands.asking import run_command
from provisioning.commands.exit_codes import ExitCode
from provisioning.commands.options import Cwd, Json
from provisioning.commands.surroundings import Surroundings
from provisioning.graph.connect import connect
from provisioning.graph.identity import identity_of
from provisioning.operations.deployed import StackEngine
from provisioning.operations.stack_state import StackState, configuration_of
from provisioning.planning.markdown import as_markdown
from provisioning.provider.preview import preview, report_of_preview
from provisioning.provider.version import PACKAGE
from provisioning.settings.configuration import settings_in

STACK = "The stack, such as dev."


def plan(
    context: typer.Context,
    stack: Annotated[str, typer.Argument(metavar="STACK", help=STACK)],
    *,
    markdown: Annotated[bool, typer.Option("--markdown", help="Write Markdown, for a pull request.")] = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 8 when something would change.")] = False,
    json: Json = False,
    cwd: Cwd = None,
) -> None:
    """Say what a run would do, and whom it touches."""
    surroundings: Surroundings = context.obj
    surroundings.stack = stack
    code = asyncio.run(_planned(surroundings, stack, cwd or surroundings.folder, markdown=markdown, json=json))
    if code != ExitCode.CHANGES or exit_code:
        raise typer.Exit(code)


async def _planned(surroundings: Surroundings, stack: str, folder: Path, *, markdown: bool, json: bool) -> ExitCode:
    environment, screen = surroundings.environment, surroundings.screen
    engine = StackEngine(stack, folder, surroundings.run or run_command)
    kept, configured = StackState.of(engine), configuration_of(engine, ELIUM.namespace)
    settings = settings_in(configured, environment)
    graph = await connect(identity_of(kept.provider or configured.of(PACKAGE), environment))
    try:
        clock = surroundings.clock or graph.clock
        found = await preview(graph, settings, kept, environment, clock.now)
    finally:
        await graph.close()
    if json:
        screen.document(report_of_preview(stack, found))
    elif markdown:
        screen.show(as_markdown(found.plan, found.text, stack=stack, more=found.more).rstrip())
    else:
        checksum = (f"checksum {found.plan.checksum}",) if found.plan else ()
        screen.show("\n".join((found.text, *found.more, *checksum)))
    if found.plan.refusal:
        return ExitCode.REFUSED
    return ExitCode.CHANGES if found.has_changes else ExitCode.OK
