"""``elium wait``: until a cycle has ended."""

from __future__ import annotations

from typing import Annotated

import typer

from provisioning.commands.asking import Asked, ask
from provisioning.commands.options import Cwd, Json, Stack
from provisioning.commands.progress import Watching
from provisioning.commands.wording import cycle_in_words
from provisioning.operations.spans import span_of
from provisioning.operations.waiting import Awaited, wait_for
from provisioning.words import counted


def wait(
    context: typer.Context,
    stack: Stack,
    *,
    awaited: Annotated[Awaited, typer.Option("--for", help="What is waited for.")] = Awaited.FIRST_CYCLE,
    within: Annotated[str, typer.Option("--within", metavar="SPAN", help="How long, such as 90m or 6h.")] = "4h",
    json: Json = False,
    cwd: Cwd = None,
) -> None:
    """Wait for a cycle."""
    longest = span_of(within, option="--within")

    async def waited(asked: Asked) -> None:
        with Watching(asked.screen, longest) as watching:
            report = await wait_for(
                asked.graph, asked.meant, awaited, within=longest, clock=asked.clock, tell=watching.tell
            )
        if json:
            asked.screen.document(report)
            return
        asked.screen.show(f"{asked.meant.stack}: {awaited.value} reached")
        asked.screen.show(f"  {cycle_in_words(report.cycle)}")
        if report.failed:
            failed = counted(report.failed, "change failed and is", "changes failed and are")
            asked.screen.tell(f"{failed} tried again: elium logs {stack} --result failure")

    ask(context, stack, cwd, waited)
