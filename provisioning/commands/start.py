"""``elium start``: switch the job on."""

from __future__ import annotations

import typer

from provisioning.commands.asking import Asked, ask
from provisioning.commands.options import Cwd, DoIt, Json, Stack, Yes
from provisioning.commands.switching import switch
from provisioning.graph.pace import Pace
from provisioning.operations.logs import LogReader
from provisioning.operations.switching import starting


def start(
    context: typer.Context, stack: Stack, *, yes: Yes = False, doit: DoIt = "", json: Json = False, cwd: Cwd = None
) -> None:
    """Switch the job on."""

    async def switched(asked: Asked) -> None:
        log = LogReader(asked.graph, asked.clock, Pace(asked.clock))
        switching = await starting(asked.graph, asked.meant, log=log)
        await switch(asked, switching, yes=yes, doit=doit, is_json=json)

    ask(context, stack, cwd, switched)
