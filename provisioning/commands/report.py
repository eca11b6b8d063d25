"""``elium report``: one stack as a page to hand over."""

from __future__ import annotations

import importlib.util
import secrets
from collections import Counter
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from provisioning.commands.asking import Asked, ask
from provisioning.commands.json_form import as_text
from provisioning.commands.options import Cwd, Json, Stack
from provisioning.commands.pages.markdown import markdown_of
from provisioning.commands.plan import planned
from provisioning.commands.surroundings import Surroundings
from provisioning.errors import ConfigurationError, ProvisioningError
from provisioning.graph.pace import Pace
from provisioning.operations.logs import LogReader, since_of
from provisioning.operations.rehearsal.made_up_names import MadeUpNames
from provisioning.operations.rehearsal.saving import KEY_BYTES, Names
from provisioning.operations.reporting.gathering import StackReport, gather, renamed
from provisioning.operations.standing import counts_of
from provisioning.provider.preview import PreviewReport, report_of_preview

NEEDS = ("jinja2", "vl_convert")
"""What pages are made with: the extra ``report``."""


@dataclass(frozen=True, slots=True)
class Report:
    """One stack, and what its file would change."""

    stack: StackReport
    plan: PreviewReport | None
    """What ``pulumi up`` would do now; null where that cannot be told."""
    why_no_plan: str
    """Why not; empty where it is told."""


def report(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    stack: Stack,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where it goes: .html, .md or .json.")
    ] = None,
    since: Annotated[
        str, typer.Option(metavar="WHEN", help="How far the log is read back: 30d, 7d or a moment.")
    ] = "30d",
    names: Annotated[Names, typer.Option(help="Whether people keep their names.")] = Names.KEPT,
    json: Json = False,
    cwd: Cwd = None,
) -> None:
    """Write one stack as a page to hand over."""
    surroundings: Surroundings = context.obj
    form = _form(out, is_json=json)
    folder = cwd or surroundings.folder

    async def reported(asked: Asked) -> None:
        log = LogReader(asked.graph, asked.clock, Pace(asked.clock))
        begins = since_of(asked.clock.now(), since)
        found = await gather(asked.graph, asked.meant, log, since=begins, tell=asked.screen.tell)
        if names is Names.MADE_UP:
            # A plan names people in sentences, so it is left out.
            others = renamed(found, MadeUpNames(secrets.token_bytes(KEY_BYTES)))
            told, plan = Report(others, None, "Names are made up, and a plan has them."), ""
        else:
            told, plan = await _with_plan(found, surroundings, stack, folder)
        text = _text(told, plan, form, made_up=names is Names.MADE_UP)
        _write(text, out, told, surroundings)

    ask(context, stack, cwd, reported)


class _Form(Enum):
    HTML = ".html"
    MARKDOWN = ".md"
    JSON = ".json"


def _form(out: Path | None, *, is_json: bool) -> _Form:
    """Tell by its name what is to be written; without a file it is Markdown, for a terminal and for pipes.

    :raises ConfigurationError: when the name does not tell, or what pages are made with is not installed.
    """
    if out is None:
        return _Form.JSON if is_json else _Form.MARKDOWN
    try:
        form = _Form(out.suffix.lower())
    except ValueError:
        raise ConfigurationError(
            f"--out: {out.name} is neither .html, .md nor .json.", hint="End the name of the file in one of them."
        ) from None
    if form is _Form.HTML and not all(map(importlib.util.find_spec, NEEDS)):
        raise ConfigurationError(
            "A page is drawn with libraries that are not installed here.",
            hint="Run `pip install 'elium-provisioning[report]'`, or write Markdown: -o report.md.",
        )
    return form


async def _with_plan(found: StackReport, surroundings: Surroundings, stack: str, folder: Path) -> tuple[Report, str]:
    """Ask what the stack's file would change, too; a program of somebody's own has none, and that is no failure."""
    try:
        preview = await planned(surroundings, stack, folder)
    except ProvisioningError as error:
        return Report(found, None, error.message), ""
    return Report(found, report_of_preview(stack, preview), ""), "\n".join((preview.text, *preview.more))


def _text(told: Report, plan: str, form: _Form, *, made_up: bool) -> str:
    if form is _Form.JSON:
        return as_text(told)
    if form is _Form.MARKDOWN:
        return markdown_of(told.stack, plan=plan, is_made_up=made_up)
    # What draws is an extra, and takes a second to import, which only a page is worth.
    from provisioning.commands.pages.report import html_of  # noqa: PLC0415 - see above

    return html_of(told.stack, plan=plan, is_made_up=made_up)


def _write(text: str, out: Path | None, told: Report, surroundings: Surroundings) -> None:
    screen = surroundings.screen
    if out is None:
        screen.show(text.rstrip())
        return
    try:
        (surroundings.folder / out).write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{out} cannot be written: {error.strerror}.", hint="Name another file.") from error
    screen.tell(f"{out}: {counts_of(Counter(one.standing for one in told.stack.people))}")
