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
from provisioning.commands.screen import Screen
from provisioning.commands.surroundings import Surroundings
from provisioning.errors import ConfigurationError, UnsafeChangeError
from provisioning.graph.connect import connect
from provisioning.graph.identity import identity_of
from provisioning.operations.deployed import StackEngine
from provisioning.operations.stack_configuration import declared_by
from provisioning.operations.stack_state import StackState
from provisioning.planning.markdown import as_markdown
from provisioning.provider.preview import Preview, preview, report_of_preview
from provisioning.provider.version import PACKAGE
from provisioning.settings.configuration import settings_in

STACK = "The stack, such as dev."
EXPECT = "Refuse, with 4, unless the plan has exactly this checksum."


def plan(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    stack: Annotated[str, typer.Argument(metavar="STACK", help=STACK)],
    *,
    markdown: Annotated[bool, typer.Option("--markdown", help="Write Markdown, for a pull request.")] = False,
    expect: Annotated[str | None, typer.Option("--expect", metavar="CHECKSUM", help=EXPECT)] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 8 when something would change.")] = False,
    json: Json = False,
    cwd: Cwd = None,
) -> None:
    """Say what a run would do, and whom it touches."""
    if expect == "":
        # What a pipeline lost on its way must not pass for having agreed to anything.
        raise ConfigurationError("--expect: is empty.", hint="Write the checksum that was shown.")
    surroundings: Surroundings = context.obj
    surroundings.stack = stack
    found = asyncio.run(planned(surroundings, stack, cwd or surroundings.folder))
    _show(surroundings.screen, stack, found, markdown=markdown, json=json)
    if expect:
        _demand(surroundings.screen, found, expect, is_json=json)
    if found.plan.refusal:
        raise typer.Exit(ExitCode.REFUSED)
    if found.has_changes and exit_code:
        raise typer.Exit(ExitCode.CHANGES)


async def planned(surroundings: Surroundings, stack: str, folder: Path) -> Preview:
    """Ask what a run of *stack* would do now.

    :raises ConfigurationError: when the stack has no settings of ours, or wrong ones.
    """
    environment = surroundings.environment
    engine = StackEngine(stack, folder, surroundings.run or run_command)
    kept, configured = StackState.of(engine), declared_by(engine, ELIUM.namespace)
    settings = settings_in(configured, environment)
    graph = await connect(identity_of(kept.provider or configured.of(PACKAGE), environment))
    try:
        clock = surroundings.clock or graph.clock
        return await preview(graph, settings, kept, environment, clock.now)
    finally:
        await graph.close()


def planned_now(surroundings: Surroundings, stack: str, folder: Path) -> Preview:
    """Ask the same from a thread that has no loop.

    :raises ProvisioningError: when nobody can tell.
    """
    return asyncio.run(planned(surroundings, stack, folder))


def _show(screen: Screen, stack: str, found: Preview, *, markdown: bool, json: bool) -> None:
    checksum = found.checksum if found.has_changes else ""
    if json:
        screen.document(report_of_preview(stack, found))
    elif markdown:
        text = as_markdown(found.plan, found.text, stack=stack, checksum=checksum, more=found.more)
        screen.show(text.rstrip())
    else:
        screen.show("\n".join((found.text, *found.more, *((f"checksum {checksum}",) if checksum else ()))))


def _demand(screen: Screen, found: Preview, expected: str, *, is_json: bool) -> None:
    """Refuse another plan than the expected one. As JSON the plan is the one document, so why is told beside it."""
    try:
        found.refuse_unless(expected)
    except UnsafeChangeError as error:
        if not is_json:
            raise
        screen.tell(f"{error.message} {error.hint}")
        raise typer.Exit(error.exit_code) from None
