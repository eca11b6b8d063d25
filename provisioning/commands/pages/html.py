"""A page as one file that loads nothing: its style, its script, its plots and its people lie in it.

People are packed as JSON, and shown fifty at a time: a table of a hundred thousand rows takes a browser seconds, and
four times the bytes. On paper nobody can search or open a fold, so there everything stands open, and those are named
whom somebody has to look at. The same page gives the same bytes.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from provisioning.commands.pages.blocks import Block, Everybody, Page, Table
from provisioning.commands.pages.drawing import svg_of
from provisioning.model.names import plain

PAGES = __package__

PACKED = 6
"""How hard is tried, of 9: more takes three times as long and saves a hundredth."""

LONG = 40
"""Letters."""


def html_of(page: Page, *, on_paper: bool = False) -> str:
    """Write it, for a screen or to be printed."""
    style, script = _file("page.css"), "" if on_paper else _file("page.js")
    environment = Environment(
        loader=PackageLoader(PAGES, ""), autoescape=True, undefined=StrictUndefined, trim_blocks=True, finalize=_plain
    )
    environment.filters.update(kind=_kind, packed=_packed, drawn=_drawn, named=_named, has_long_words=_has_long_words)
    # Style and script go in as they are, or else what is hashed is not what the browser finds.
    return environment.get_template("page.html.jinja").render(
        page=page,
        on_paper=on_paper,
        style=_as_it_is(style),
        script=_as_it_is(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _plain(value: object) -> object:
    """Leave out of a text what would turn what stands around it; the set-up of the page itself has nothing of it."""
    return plain(value) if type(value) is str else value


def _kind(block: Block) -> str:
    return type(block).__name__


def _drawn(chart: dict[str, object], says: str) -> Markup:
    return _as_it_is(svg_of(chart, says))


def _named(everybody: Everybody) -> list[tuple[str, ...]]:
    return [row for row in everybody.table.rows if row[everybody.by] in everybody.named]


def _has_long_words(table: Table) -> bool:
    """Tell whether a word of it would make a column too wide for paper, or for a phone."""
    return any(len(word) > LONG for row in table.rows for cell in row for word in cell.split())


def _packed(table: Table) -> str:
    rows = plain(json.dumps(table.rows, ensure_ascii=False, separators=(",", ":")))
    return base64.b64encode(gzip.compress(rows.encode("utf-8", errors="replace"), PACKED, mtime=0)).decode()


def _file(name: str) -> str:
    return resources.files(PAGES).joinpath(name).read_text(encoding="utf-8")


def _as_it_is(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - of ours: a file, or a drawing in which every text is escaped


def _hash(text: str) -> str:
    """Name a text as a Content-Security-Policy does."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
