"""A teardown as text, Markdown, HTML or JSON."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from provisioning.commands.json_form import as_text
from provisioning.commands.wording import moment, span
from provisioning.errors import ConfigurationError
from provisioning.model.assignment import PrincipalKind
from provisioning.model.names import plain
from provisioning.operations.teardown.leaver import Way
from provisioning.operations.teardown.plan import Accounts
from provisioning.operations.teardown.report import PersonReport, State, TeardownReport
from provisioning.planning.markdown import escaped
from provisioning.words import counted

WIDTH = 12

FITS = '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'

STYLE = (
    "body{font:1rem system-ui;margin:2rem}"
    "td,th{text-align:left;overflow-wrap:anywhere;padding:.2rem 1rem .2rem 0;vertical-align:top}"
)


def lines_of_teardown(report: TeardownReport) -> Iterator[str]:
    """Tell a teardown as text."""
    yield headline(report)
    for name, text in facts(report).items():
        if text:
            yield f"  {name:<{WIDTH}}{text}"
    for person in report.people:
        yield f"  {person.way.value:<{WIDTH}}{standing(person, report):<8}{plain(person.name)}{_after(person)}"
    for step in report.steps:
        yield f"  {'step':<{WIDTH}}{step.step.value:<16}{moment(step.at, seconds=True) or 'to do'}"
    for obstacle in report.obstacles:
        yield f"  {'refused':<{WIDTH}}{obstacle.sentence}"
        yield f"  {'':<{WIDTH}}{obstacle.way_on}"
    for note in report.notes:
        yield f"  {'note':<{WIDTH}}{note}"


def markdown_of(report: TeardownReport) -> str:
    """Write it as Markdown."""
    parts = [f"# {headline(report)}", "", "| | |", "| --- | --- |"]
    parts += [f"| {name} | {escaped(text)} |" for name, text in facts(report).items() if text]
    parts += ["", "| Person | Account | How | Evidence |", "| --- | --- | --- | --- |"]
    parts += [f"| {' | '.join(map(escaped, _row(person, report)))} |" for person in report.people]
    parts += ["", *(f"- {step.step.value}: {moment(step.at) or 'to do'}" for step in report.steps)]
    parts += [f"- refused: {one.sentence} {one.way_on}" for one in report.obstacles]
    parts += [f"- {note}" for note in report.notes]
    return "\n".join(parts) + "\n"


def html_of(report: TeardownReport) -> str:
    """Write it as a page that loads nothing."""
    head = html.escape(headline(report))
    told = "".join(f"<tr><th>{name}<td>{html.escape(text)}" for name, text in facts(report).items() if text)
    cells = ("".join(f"<td>{html.escape(cell)}" for cell in _row(person, report)) for person in report.people)
    rows = "".join(f"<tr>{row}" for row in cells)
    done = [f"{step.step.value}: {moment(step.at) or 'to do'}" for step in report.steps]
    done += [f"refused: {one.sentence} {one.way_on}" for one in report.obstacles]
    items = "".join(f"<li>{html.escape(text)}" for text in (*done, *report.notes))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8">{FITS}<title>{head}</title><style>{STYLE}</style>'
        f"<h1>{head}</h1><table>{told}</table>"
        f"<table><tr><th>Person<th>Account<th>How<th>Evidence{rows}</table><ul>{items}</ul></html>\n"
    )


def text_of(report: TeardownReport) -> str:
    """Write it as text."""
    return "\n".join(lines_of_teardown(report)) + "\n"


FORMS: Mapping[str, Callable[[TeardownReport], str]] = {
    ".txt": text_of,
    ".json": lambda report: as_text(report) + "\n",
    ".html": html_of,
    ".md": markdown_of,
}
"""By the suffix of the file."""


def form_of(file: Path) -> Callable[[TeardownReport], str]:
    """Find how a file is written.

    :raises ConfigurationError: when its suffix says nothing.
    """
    form = FORMS.get(file.suffix.lower())
    if form is None:
        raise ConfigurationError(
            f"--report: {file.name} has none of the suffixes {', '.join(FORMS)}.",
            hint="Name the file with one of them.",
        )
    return form


def headline(report: TeardownReport) -> str:
    """Say how far it is, and of how many people it is shown."""
    match report.state:
        case State.FINISHED:
            return f"{report.stack}: taken down on {moment(report.finished)}; {_counted(report)}"
        case State.REFUSED:
            return f"{report.stack}: a teardown is refused; nothing was done"
        case State.UNFINISHED:
            return f"{report.stack}: a teardown is on its way; {_counted(report)}"
        case State.PLANNED:
            return f"{report.stack}: this is what a teardown would do; nothing was done"


def _counted(report: TeardownReport) -> str:
    if report.accounts is Accounts.RETAIN:
        return "the accounts stay as they are"
    people = [one for one in report.people if one.kind is PrincipalKind.USER]
    accounts = counted(len(people), "account is", "accounts are")
    return f"{sum(one.is_closed for one in people)} of {accounts} closed, with proof"


def facts(report: TeardownReport) -> dict[str, str]:
    """Give what was accepted, each by its name; empty where there is nothing."""
    longest = span(report.takes_at_most)
    takes = longest if report.takes_at_least == report.takes_at_most else f"{span(report.takes_at_least)} to {longest}"
    is_over = report.state is State.FINISHED
    return {
        "job": report.job_id,
        "accounts": report.accounts.value + (", ForceDeletes" if report.force_deletes else ""),
        "assigned": ", ".join(report.assignments),
        "takes": "" if is_over or report.accounts is Accounts.RETAIN else f"about {takes}",
        "checksum": report.checksum,
    }


def standing(person: PersonReport, report: TeardownReport) -> str:
    """Say in a word how an account stands: ``closed``, ``open``, ``unknown`` or ``kept``."""
    if report.accounts is Accounts.RETAIN:
        return "kept"
    if person.is_closed:
        return "closed"
    return "unknown" if person.way is Way.NONE else "open"


def _after(person: PersonReport) -> str:
    told = [person.why, *_evidence(person)]
    text = "; ".join(filter(None, told))
    return f"  {text}" if text else ""


def _evidence(person: PersonReport) -> Iterator[str]:
    for one in person.evidence:
        reference = f", {one.reference}" if one.reference else ""
        yield f"{one.source.value}: {one.says}, {moment(one.at, seconds=True)}{reference}"


def _row(person: PersonReport, report: TeardownReport) -> tuple[str, ...]:
    how = ", ".join(filter(None, (person.way.value, person.why)))
    return plain(person.name), standing(person, report), how, "; ".join(_evidence(person))
