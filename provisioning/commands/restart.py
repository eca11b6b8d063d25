"""``elium restart``: let the job forget something, and begin a cycle."""

from __future__ import annotations

from typing import Annotated

import typer

from provisioning.commands.asking import Asked, ask
from provisioning.commands.options import Cwd, DoIt, Json, Stack, Yes
from provisioning.commands.switching import switch
from provisioning.graph.pace import Pace
from provisioning.operations.logs import LogReader
from provisioning.operations.switching import FORGETS, resets_of, restarting

RESET = f"What is forgotten: {', '.join(reset.value for reset in FORGETS)}; several, separated by commas."


def restart(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    stack: Stack,
    *,
    reset: Annotated[list[str], typer.Option("--reset", metavar="WORDS", help=RESET)],
    yes: Yes = False,
    doit: DoIt = "",
    json: Json = False,
    cwd: Cwd = None,
) -> None:
    """Let the job forget something, and begin a cycle."""
    resets = resets_of(reset)

    async def restarted(asked: Asked) -> None:
        log = LogReader(asked.graph, asked.clock, Pace(asked.clock))
        switching = await restarting(asked.graph, asked.meant, resets, log=log)
        await switch(asked, switching, yes=yes, doit=doit, is_json=json)

    ask(context, stack, cwd, restarted)
