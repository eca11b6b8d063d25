"""A rehearsal as text: counts first, then who, then a few requests as they would be sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from provisioning.operations.rehearsal.report import FateCount, FateRow, RehearsalReport

SHOWN = 10
"""How many of each kind are shown unless everybody is asked for."""

KINDS = {"User": ("person", "people"), "Group": ("group", "groups")}

WIDTH = 10


def lines_of_rehearsal(report: RehearsalReport, *, everybody: bool) -> Iterator[str]:
    """Tell what came of it."""
    beside = ", beside what cannot be played" if report.not_played else ""
    yield f"{report.stack}: {_counted(report.counts) or 'nothing would be sent'}{beside}"
    for change in report.changes:
        yield f"  {change}"
    if report.refusal:
        yield f"refused   {report.refusal}"
        yield f"{'':<{WIDTH}}What follows is what would happen all the same."
    for _, several in groupby(report.rows, key=lambda row: (row.fate, row.kind)):
        yield from _rows([*several], everybody=everybody)
    for sample in report.samples:
        yield f"{'request':<{WIDTH}}{sample.method} {sample.path}"
        if sample.body:
            yield f"{'':<{WIDTH}}{sample.body}"
    for sentence in report.not_played:
        yield f"{'unknown':<{WIDTH}}{sentence}"
    for note in report.notes:
        yield f"{'note':<{WIDTH}}{note}"
    if report.saved:
        yield f"{'saved':<{WIDTH}}{report.saved}"


def _counted(counts: Sequence[FateCount]) -> str:
    return ", ".join(f"{one.count:,} {_named(one)} {one.fate.value}" for one in counts)


def _named(counted: FateCount) -> str:
    one, several = KINDS.get(counted.kind, (counted.kind, counted.kind))
    return one if counted.count == 1 else several


def _rows(rows: Sequence[FateRow], *, everybody: bool) -> Iterator[str]:
    shown = rows if everybody else rows[:SHOWN]
    yield from map(_row, shown)
    if len(rows) > len(shown):
        yield f"{'':<{WIDTH}}and {len(rows) - len(shown):,} more: --all shows them"


def _row(row: FateRow) -> str:
    why = ". To do: ".join(filter(None, (row.meaning, row.what_to_do)))
    code = f"{row.code}: {why}" if row.code and why else row.code
    return f"{row.fate.value:<{WIDTH}}{row.name}  {', '.join(row.attributes) or code}".rstrip()
