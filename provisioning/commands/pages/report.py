"""A report as one page that loads nothing: its style, its script, its plots and its people lie in it.

People are packed as JSON, and shown fifty at a time: a table of a hundred thousand rows takes a browser seconds, and
four times the bytes. The same report gives the same bytes.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterator
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from provisioning.commands.pages.plots import plots_of
from provisioning.commands.pages.tables import COLUMNS, cells_of
from provisioning.commands.wording import WIDTH, lines_of_status, moment
from provisioning.operations.reporting.gathering import StackReport
from provisioning.operations.standing import PersonStanding

PAGES = __package__

SHOWN = 20
"""How many of those who fail for one cause are named beside it; the table has all."""


def html_of(report: StackReport, *, plan: str, is_made_up: bool) -> str:
    """Write the page. *plan* is what the stack's file would change now, as text; empty where there is none."""
    style, script = _file("report.css"), _file("report.js")
    plots = plots_of(report.cycles, report.causes)
    template = Environment(
        loader=PackageLoader(PAGES, ""), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    ).get_template("report.html.jinja")
    # Style and script go in as they are, or else what is hashed is not what the browser finds.
    return template.render(
        report=report,
        plan=plan,
        plots=plots,
        made_up=is_made_up,
        parts=tuple(_parts(report, plan)),
        state=tuple(_state(report)),
        columns=COLUMNS,
        people=_packed(report.people),
        shown=SHOWN,
        moment=moment,
        style=_as_it_is(style),
        script=_as_it_is(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _parts(report: StackReport, plan: str) -> Iterator[tuple[str, str]]:
    yield "state", "State"
    if plan:
        yield "plan", "What would change"
    if report.causes:
        yield "failures", "Failures"
    yield from (("history", "What happened"), ("everybody", "People"), ("settings", "What is configured"))


def _state(report: StackReport) -> Iterator[tuple[str, str]]:
    """Give the lines of ``elium status`` that name something, as pairs."""
    for line in lines_of_status(report.status):
        name, text = line[2 : WIDTH + 2].strip(), line[WIDTH + 2 :].strip()
        if line.startswith("  ") and line[WIDTH + 1] == " " and name and text:
            yield name, text


def _packed(people: tuple[PersonStanding, ...]) -> str:
    rows = json.dumps([cells_of(one) for one in people], ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(rows.encode(), mtime=0)).decode()


def _file(name: str) -> str:
    return resources.files(PAGES).joinpath(name).read_text(encoding="utf-8")


def _as_it_is(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - a file of ours


def _hash(text: str) -> str:
    """Name a text as a Content-Security-Policy does."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
