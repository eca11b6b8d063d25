"""``elium people``: how everybody stands, written as it comes."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Annotated

import typer

from provisioning.commands.asking import Asked, ask
from provisioning.commands.json_form import as_json, camel
from provisioning.commands.options import Cwd, Json, Stack
from provisioning.commands.surroundings import Surroundings
from provisioning.commands.target import target_of
from provisioning.commands.token_option import TargetToken, target_token_from
from provisioning.commands.wording import line_of_standing
from provisioning.graph.pace import Pace
from provisioning.operations.comparing import Listed
from provisioning.operations.logs import LogReader, since_of
from provisioning.operations.standing import PersonStanding, Standing, counts_of
from provisioning.operations.surveying import survey

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that spreadsheets compute."""

END = "\r\n"

Only = Annotated[list[Standing] | None, typer.Option("--only", help="Only those who stand so; may be repeated.")]


def people(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    stack: Stack,
    *,
    only: Only = None,
    since: Annotated[
        str, typer.Option(metavar="WHEN", help="How far the log is read back: 30d, 7d or a moment.")
    ] = "30d",
    as_csv: Annotated[bool, typer.Option("--csv", help="Write CSV, with a line of names first.")] = False,
    target_token: TargetToken = "",
    json: Json = False,
    cwd: Cwd = None,
) -> None:
    """List how everybody stands."""
    surroundings: Surroundings = context.obj
    folder = cwd or surroundings.folder
    token = target_token_from(target_token, surroundings, folder=folder, is_json=json)

    async def listed(asked: Asked) -> None:
        async with target_of(asked.graph, asked.meant.address.service_principal, token, surroundings) as target:
            await list_people(asked, since=since, only=only or (), as_csv=as_csv, is_json=json, target=target)

    ask(context, stack, cwd, listed)


async def list_people(
    asked: Asked,
    *,
    since: str,
    only: Sequence[Standing] = (),
    as_csv: bool = False,
    is_json: bool = False,
    target: Listed | None = None,
) -> None:
    """Write how everybody stands, each as soon as it is known; at the end, how many stand how."""
    counted: Counter[Standing] = Counter()
    log = LogReader(asked.graph, asked.clock, Pace(asked.clock))
    begins = since_of(asked.clock.now(), since)
    write = _writer(asked, is_json=is_json, as_csv=as_csv)
    async for one in survey(asked.graph, asked.meant, log, since=begins, tell=asked.screen.tell, target=target):
        counted[one.standing] += 1
        if not only or one.standing in only:
            write(one)
    asked.screen.tell(counts_of(counted))


def _writer(asked: Asked, *, is_json: bool, as_csv: bool) -> Callable[[PersonStanding], None]:
    if is_json:
        return lambda one: asked.screen.document(one, is_line=True)
    if not as_csv:
        return lambda one: asked.screen.show(line_of_standing(one))
    asked.screen.show(",".join(camel(field.name) for field in fields(PersonStanding)))
    return lambda one: asked.screen.show(_as_csv(one))


def _as_csv(one: PersonStanding) -> str:
    """Write a line of CSV (RFC 4180), without its end."""
    line = io.StringIO()
    # What ends a line is put into quotation marks within one only where the writer writes it itself.
    csv.writer(line, lineterminator=END).writerow(map(_harmless, as_json(one).values()))
    return line.getvalue().removesuffix(END)


def _harmless(cell: object) -> object:
    """Keep a spreadsheet from taking a name for a formula: it gets an apostrophe before it (OWASP: CSV Injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell
