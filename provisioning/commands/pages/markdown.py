"""A page as Markdown: numbers in place of plots, and of people those whom somebody has to look at. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from provisioning.commands.pages.blocks import (
    Block,
    Counts,
    Everybody,
    Fold,
    Heading,
    Names,
    Page,
    Plot,
    Sentence,
    Table,
    Verbatim,
)
from provisioning.model.names import isolated, plain
from provisioning.planning.markdown import escaped, fenced


def markdown_of(page: Page) -> str:
    """Write it. Names mean nothing in it, whatever they hold."""
    lines = [f"# {escaped(plain(page.title))}", "", escaped(page.about)]
    for part in page.parts:
        lines += ["", f"## {escaped(part.title)}", *_lines(part.blocks, 3)]
    return "\n".join(lines) + "\n"


def _lines(blocks: Sequence[Block], depth: int) -> Iterator[str]:
    for block in blocks:
        yield ""
        yield from _block(block, depth)


def _block(block: Block, depth: int) -> Iterator[str]:
    match block:
        case Sentence(text=text):
            yield escaped(plain(text))
        case Heading(text=text):
            yield f"{'#' * depth} {escaped(plain(text))}"
        case Verbatim(text=text):
            yield fenced(plain(text), "text")
        case Counts(counts=counts):
            yield from _table(Table("", ("how", "how many"), [(name, f"{count:,}") for name, count in counts.items()]))
        case Names(names=names, most=most, others_are=others_are):
            yield listed([_meaning_nothing(name) for name in names], most, others_are)
        case Table():
            yield from _titled(block, depth)
        case Plot(table=table, says=says):
            yield f"{'#' * depth} {escaped(table.title)}"
            yield from ("", escaped(says), "", *_table(table))
        case Everybody(table=table, by=by, named=named):
            rows = [row for row in table.rows if row[by] in named]
            yield from _titled(table._replace(rows=rows), depth)
        case Fold(title=title, blocks=blocks):
            yield f"{'#' * depth} {escaped(plain(title))}"
            yield from _lines(blocks, depth + 1)
        case _:
            assert_never(block)


def listed(names: Sequence[str], most: int, others_are: str) -> str:
    """Write some names, and say how many more there are, and where.

    >>> listed(["Ada", "Alan", "Grace"], 2, "in the table")
    'Ada, Alan and 1 more, in the table'
    """
    more = f" and {len(names) - most:,} more, {others_are}" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _titled(table: Table, depth: int) -> Iterator[str]:
    if table.title:
        yield from (f"{'#' * depth} {escaped(table.title)}", "")
    yield from _table(table) if table.rows else ("nobody" if table.columns else "nothing",)


def _table(table: Table) -> Iterator[str]:
    columns = table.columns or ("", "")
    yield _row(columns)
    yield _row(("---",) * len(columns))
    yield from map(_row, table.rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_meaning_nothing(cell) for cell in cells)} |"


def _meaning_nothing(text: str) -> str:
    return escaped(isolated(text))
