"""Many tenants on a screen: a line as each is done, a table at the end, Markdown for a pull request, JUnit's XML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from provisioning.commands.fleet.options import Form
from provisioning.commands.screen import Screen
from provisioning.fleet.acts import TenantOutcome, TenantPlan, Verdict
from provisioning.fleet.summary import tally_of
from provisioning.planning.markdown import escaped, fenced

if TYPE_CHECKING:
    from rich.progress import Progress

Row = TenantOutcome | TenantPlan

HEADS = ("tenant", "verdict", "changes", "leave", "enter", "note")

LONGEST_COMMENT = 65_536
"""Characters that GitHub takes in a comment (github: REST, issue comments)."""

ROOM = 100
"""Characters for saying how many are left."""

_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no document of XML may have, not even escaped (XML 1.0: 2.2, Char); a terminal's colours are among it."""


@dataclass(slots=True)
class Going:
    """Shows how far many tenants are: a bar on a terminal, a line for each in a pipeline; on stderr in both."""

    screen: Screen
    what: str
    """What is done to each, such as ``planning``."""
    total: int
    _done: int = 0
    _bar: Progress | None = field(default=None)

    def __enter__(self) -> Self:
        if self.screen.has_terminal:
            from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415 - the same

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
            self._bar = Progress(*columns, console=Console(file=self.screen.stderr), transient=True)
            self._bar.add_task(self.what, total=self.total)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def tell(self, one: Row) -> None:
        """Show that one more is done."""
        self.note(one.tenant, one.verdict.value)

    def note(self, tenant: str, how: str) -> None:
        """Show that one more is done, and *how* it stands in a word."""
        self._done += 1
        if self._bar is None:
            self.screen.tell(f"{self.what} {self._done}/{self.total}: {tenant}: {how}")
        else:
            self._bar.update(self._bar.task_ids[0], completed=self._done, description=f"{self.what} {tenant}")


def show(screen: Screen, rows: Sequence[Row], form: Form) -> None:
    """Write what came of each in the form that was asked for."""
    if form.junit:
        write_junit(form.junit, rows)
    if form.is_json:
        for row in rows:
            screen.document(row, is_line=True)
    elif form.markdown:
        screen.show(as_markdown(rows))
    else:
        for line in as_table(rows):
            screen.show(line)
        screen.tell(tally_of(row.verdict for row in rows))


def as_table(rows: Sequence[Row]) -> Iterator[str]:
    """Write a table in columns; what is to be done next stands below it."""
    table = [HEADS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(HEADS) - 1)]
    for line in table:
        yield "  ".join((*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[-1])).rstrip()
    for row in rows:
        if not row.is_well:
            yield ""
            yield f"{row.tenant}: {row.reason}"
            if row.what_to_do:
                yield f"  next: {row.what_to_do}"


def as_markdown(rows: Sequence[Row]) -> str:
    """Write GitHub's Markdown: what matters in a line, a table, and the rest in folds, as far as a comment goes."""
    head = [f"### {tally_of(row.verdict for row in rows)}", "", f"| {' | '.join(HEADS)} |", "|---" * len(HEADS) + "|"]
    table = [f"\n| {' | '.join(map(escaped, _cells(row)))} |" for row in rows]
    folds = [f"\n\n{_fold(row)}" for row in rows if row.verdict is not Verdict.UNCHANGED]
    text, left = _as_far_as_it_goes("\n".join(head), table)
    if not left:
        text, left = _as_far_as_it_goes(text, folds)
    return f"{text}\n\n… and {left:,} more: see the artifact." if left else text


def _as_far_as_it_goes(text: str, parts: Sequence[str]) -> tuple[str, int]:
    """Add parts to a comment until it is full; gives how many are left."""
    for number, part in enumerate(parts):
        if len(text) + len(part) > LONGEST_COMMENT - ROOM:
            return text, len(parts) - number
        text += part
    return text, 0


def write_junit(path: Path, rows: Sequence[Row]) -> None:
    """Write each tenant as a test: one that is not well has failed."""
    from junitparser import Failure, JUnitXml, TestCase, TestSuite  # noqa: PLC0415 - only who asks for it

    suite = TestSuite("elium fleet")
    for row in rows:
        case = TestCase(row.tenant, classname=f"fleet.{row.verdict.value.replace(' ', '_')}")
        if not row.is_well:
            said = _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", "\n".join(filter(None, (row.reason, row.what_to_do))))
            failure = Failure(said.partition("\n")[0], row.verdict.value)
            failure.text = said
            case.result = [failure]
        suite.add_testcase(case)
    whole = JUnitXml()
    whole.add_testsuite(suite)
    whole.write(str(path), pretty=True)


def _cells(row: Row) -> tuple[str, ...]:
    numbers = (row.changes, row.leaving, row.entering)
    return (row.tenant, row.verdict.value, *(f"{number:,}" if number else "-" for number in numbers), _note(row))


def _note(row: Row) -> str:
    if not row.is_well:
        return row.reason.partition("\n")[0]
    return row.state if isinstance(row, TenantOutcome) else "drift" if row.is_drift else ""


def _fold(row: Row) -> str:
    said = "\n".join(filter(None, (row.text if isinstance(row, TenantPlan) else "", row.reason, row.what_to_do)))
    summary = f"{escaped(row.tenant)}: {row.verdict.value}"
    return f"<details><summary>{summary}</summary>\n\n{fenced(said, 'text')}\n\n</details>"
