"""``elium explain``: why somebody is, or is not, at Elium."""

from __future__ import annotations

from typing import Annotated

import typer

from provisioning.commands.asking import Asked, ask
from provisioning.commands.options import Cwd, Json, Stack
from provisioning.commands.wording import lines_of_explanation
from provisioning.operations.explaining import explain as explain_person

PERSON = "A user principal name, or an object id."


def explain(
    context: typer.Context,
    stack: Stack,
    person: Annotated[str, typer.Argument(metavar="PERSON", help=PERSON)],
    *,
    values: Annotated[bool, typer.Option("--values", help="Show what would be sent, attribute by attribute.")] = False,
    json: Json = False,
    cwd: Cwd = None,
) -> None:
    """Say why somebody is, or is not, at Elium."""

    async def explained(asked: Asked) -> None:
        report = await explain_person(asked.graph, asked.meant, person, now=asked.clock.now())
        if json:
            asked.screen.document(report)
            return
        for line in lines_of_explanation(report, with_values=values):
            asked.screen.show(line)

    ask(context, stack, cwd, explained)
