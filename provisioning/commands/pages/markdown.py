"""A report as Markdown: numbers in place of plots, and of people those who fail, wait or leave."""

from __future__ import annotations

from provisioning.commands.pages.tables import COLUMNS, cells_of, tables_of
from provisioning.commands.wording import moment
from provisioning.operations.reporting.gathering import StackReport
from provisioning.operations.standing import Standing

NAMED = frozenset({Standing.FAILING, Standing.WAITING, Standing.LEAVING})
"""Of whom each is named."""


def markdown_of(report: StackReport, *, plan: str, is_made_up: bool) -> str:
    """Write it. *plan* is what the stack's file would change now, as text."""
    lines = [f"# {report.stack}: provisioning report", "", f"As of {moment(report.at)}.", ""]
    lines += ["Names are made up.", ""] if is_made_up else []
    lines += [report.status.sentence, ""]
    lines += [f"What to do: {report.status.what_to_do}", ""] if report.status.what_to_do else []
    lines += [_row(("People", "")), _rule(("", ""))]
    lines += [_row((name, f"{count:,}")) for name, count in report.counts.items()]
    lines += ["", "## What is configured", "", _row(("Setting", "Value")), _rule(("", ""))]
    lines += [_row((each.name, each.value)) for each in report.settings]
    lines += [_row(("assigned", ", ".join(report.assigned) or "nobody"))]
    if plan:
        lines += ["", "## What the stack's file would change now", "", "```text", plan, "```"]
    for title, columns, rows in tables_of(report.cycles, report.causes):
        lines += ["", f"## {title}", "", _row(columns), _rule(columns), *map(_row, rows)]
    lines += ["", "## Who fails, waits or leaves", "", _row(COLUMNS), _rule(COLUMNS)]
    lines += [_row(cells_of(one)) for one in report.people if one.standing in NAMED]
    return "\n".join(lines) + "\n"


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|').replace(chr(10), ' ') for cell in cells)} |"


def _rule(columns: tuple[str, ...]) -> str:
    return _row(("---",) * len(columns))
