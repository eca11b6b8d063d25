"""``elium logs``: the provisioning log."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import Annotated

import typer

from provisioning.commands.asking import Asked, ask
from provisioning.commands.options import Cwd, Json, Stack
from provisioning.commands.wording import line_of_entry
from provisioning.graph.pace import Pace
from provisioning.model.provisioning_log import LogQuestion
from provisioning.operations.logs import LogReader, LogReport, id_of, since_of


class Action(Enum):
    """What was done (graph: provisioningobjectsummary, ``provisioningAction``)."""

    CREATE = "create"
    UPDATE = "update"
    DISABLE = "disable"
    DELETE = "delete"
    STAGED_DELETE = "stagedDelete"
    OTHER = "other"


class Result(Enum):
    """What came of it (graph: provisioningstatusinfo)."""

    SUCCESS = "success"
    FAILURE = "failure"
    SKIPPED = "skipped"
    WARNING = "warning"


def logs(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    stack: Stack,
    *,
    person: Annotated[str, typer.Option(help="Only this user: a user principal name or object id.")] = "",
    action: Annotated[Action | None, typer.Option(help="Only this action.")] = None,
    result: Annotated[Result | None, typer.Option(help="Only this result.")] = None,
    since: Annotated[str, typer.Option(metavar="WHEN", help="From when on: 90m, 24h, 7d or a moment.")] = "24h",
    limit: Annotated[int, typer.Option(min=1, help="How many entries at most, the newest.")] = 100,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on, and show entries as they come.")] = False,
    json: Json = False,
    cwd: Cwd = None,
) -> None:
    """Show the provisioning log."""

    async def read(asked: Asked) -> None:
        question = LogQuestion(
            asked.meant.address.job,
            since=since_of(asked.clock.now(), since),
            source_id=await id_of(asked.graph, person) if person else "",
            action=action.value if action else "",
            result=result.value if result else "",
        )
        reader = LogReader(asked.graph, asked.clock, Pace(asked.clock))
        await (_followed if follow else _listed)(asked, reader, question, limit=limit, is_json=json)

    ask(context, stack, cwd, read)


async def _listed(asked: Asked, reader: LogReader, question: LogQuestion, *, limit: int, is_json: bool) -> None:
    found = [entry async for entry in reader.read(question, at_most=limit + 1)]
    report = LogReport(asked.meant.stack, tuple(reversed(found[:limit])), is_complete=len(found) <= limit)
    if is_json:
        asked.screen.document(report)
        return
    for entry in report.entries:
        asked.screen.show(line_of_entry(entry))
    if not report.is_complete:
        asked.screen.tell(f"There are more than {limit}; these are the newest. For more: --limit {limit * 10}")
    if not found:
        asked.screen.tell("Nothing is in the log for this question; entries come minutes after what they tell.")


async def _followed(asked: Asked, reader: LogReader, question: LogQuestion, *, limit: int, is_json: bool) -> None:
    del limit
    async for entry in reader.follow(replace(question)):
        if is_json:
            asked.screen.document(entry, is_line=True)
        else:
            asked.screen.show(line_of_entry(entry))
