"""``elium schema``: a job's mappings, filters and actions as a file, compared, and brought back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from provisioning.commands.asking import Asked, ask
from provisioning.commands.consent import demand_consent
from provisioning.commands.options import Cwd, DoIt, Json, Stack, Yes
from provisioning.commands.surroundings import Surroundings
from provisioning.errors import ConfigurationError, UnsafeChangeError
from provisioning.operations.archive import SchemaFolder, archive_in
from provisioning.operations.schemas import (
    REPLACING,
    Replacement,
    SchemaAct,
    compared,
    exported,
    replace_schema,
    replacement,
)
from provisioning.planning.rendering import NOTHING_TO_DO
from provisioning.planning.rules import Acceptance
from provisioning.planning.wording import describe

ACTION = "export, diff, import, rollback (to the schema before) or reset (to the template's)."
FILE = "A file that was exported. Without it, diff compares with the template's schema, and export names the file."
FOLDER = "schemas"
"""Below the project's folder: where schemas are kept when nothing else is said."""


def schema(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    action: Annotated[SchemaAct, typer.Argument(metavar="ACTION", help=ACTION)],
    stack: Stack,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help=FILE)] = None,
    *,
    accept_leavers: Annotated[
        int | None, typer.Option("--accept-leavers", metavar="NUMBER", min=0, help="How many may lose access.")
    ] = None,
    accept_entrants: Annotated[
        int | None, typer.Option("--accept-entrants", metavar="NUMBER", min=0, help="How many may get it.")
    ] = None,
    yes: Yes = False,
    doit: DoIt = "",
    json: Json = False,
    cwd: Cwd = None,
) -> None:
    """Keep, compare and bring back a job's schema."""
    surroundings: Surroundings = context.obj
    place = cwd or surroundings.folder
    folder = archive_in(surroundings.environment) or SchemaFolder(place / FOLDER)
    acceptance = Acceptance(accept_leavers, accept_entrants)

    async def done(asked: Asked) -> None:
        if action is SchemaAct.EXPORT:
            report = await exported(asked.graph, asked.meant, folder, file)
            asked.screen.document(report) if json else asked.screen.show(report.file)
        elif action in REPLACING:
            change = await replacement(asked.graph, asked.meant, action, acceptance, file=file, folder=folder)
            await _replace(asked, change, folder, yes=yes, doit=doit, is_json=json)
        else:
            _show(asked, await compared(asked.graph, asked.meant, file), is_json=json)

    ask(context, stack, cwd, done)


def _show(asked: Asked, found: Replacement, *, is_json: bool) -> None:
    """Show what is different, a line each."""
    if is_json:
        asked.screen.document(found.report(is_done=False))
        return
    for line in map(describe, found.plan.changes):
        asked.screen.show(line)
    if not found.plan.changes:
        asked.screen.show("They mean the same.")


def _refuse(asked: Asked, change: Replacement, *, is_json: bool) -> None:
    """Refuse what takes people away or in and is not accepted, once it was shown."""
    try:
        change.refuse_unless_accepted()
    except UnsafeChangeError as error:
        if not is_json:
            for line in change.lines:
                asked.screen.tell(line)
            raise
        asked.screen.tell(f"{error.message} {error.hint}")
        asked.screen.document(change.report(is_done=False))
        raise typer.Exit(error.exit_code) from None


async def _replace(
    asked: Asked, change: Replacement, folder: SchemaFolder, *, yes: bool, doit: str, is_json: bool
) -> None:
    """Show what is going to be done, ask, and do it."""
    if change.plan.changes:
        try:
            _refuse(asked, change, is_json=is_json)
            demand_consent(asked.screen, change, yes=yes, doit=doit, is_json=is_json)
        except ConfigurationError as error:
            if not is_json:
                raise
            asked.screen.tell(f"{error.message} {error.hint}")
            asked.screen.document(change.report(is_done=False))
            raise typer.Exit(error.exit_code) from None
        await replace_schema(asked.graph, change, folder)
    if is_json:
        asked.screen.document(change.report(is_done=bool(change.plan.changes)))
    else:
        asked.screen.show(f"{change.stack}: {change.act.value} done" if change.plan.changes else NOTHING_TO_DO)
