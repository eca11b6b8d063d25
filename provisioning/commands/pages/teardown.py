"""A teardown as a page: the proof, person by person, and who remains and why. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

from provisioning.commands.pages.blocks import Block, Counts, Everybody, Page, Part, Sentence, Table
from provisioning.commands.pages.plots import closing_plot
from provisioning.commands.pages.stack import MADE_UP
from provisioning.commands.teardown_report import facts, headline, standing
from provisioning.commands.wording import moment
from provisioning.model.assignment import PrincipalKind
from provisioning.operations.teardown.leaver import Evidence, Source
from provisioning.operations.teardown.report import PersonReport, TeardownReport

COLUMNS = ("Person or group", "Account", "Closed, UTC", "Who says so", "How")
"""What is told of each."""

SAYING: Mapping[Source, str] = {
    Source.TARGET: "the target itself",
    Source.ON_DEMAND: "Entra's answer to the call",
    Source.LOG: "Entra's provisioning log",
}
"""Who says that an account is closed."""

HOW_SHOWN = (
    "Closed is whoever is shown to be: by the target, which was asked itself, by Entra's answer to the call that "
    "closed the account, or by Entra's provisioning log. Of the log the time is when it happened, of the others when "
    "it was said."
)


def page_of_teardown(report: TeardownReport, *, is_made_up: bool) -> Page:
    """Make the page. It is of the journal alone, and nothing that it tells of need be there any more."""
    began, ended = moment(report.began), moment(report.finished)
    about = f"Begun {began}, finished {ended}." if ended else f"Begun {began}, and not finished."
    parts = [
        Part("state", "State", [*_state(report)]),
        Part("proof", "Proof, person by person", [*_proof(report)]),
        Part("remaining", "Who remains, and why", [*_remaining(report)]),
        Part("steps", "What was done", [*_steps(report)]),
    ]
    return Page(f"{report.stack}: proof of a teardown", f"{about}{MADE_UP if is_made_up else ''}", parts)


def _state(report: TeardownReport) -> Iterator[Block]:
    yield Sentence(f"{headline(report)}.", is_bad=not report.finished)
    counts = Counter(standing(one, report) for one in report.people if _is_person(one))
    yield Counts(dict(sorted(counts.items())))
    yield Table("", (), [(name, text) for name, text in facts(report).items() if text])


def _proof(report: TeardownReport) -> Iterator[Block]:
    yield Sentence(HOW_SHOWN)
    rows = [_cells(one, report) for one in report.people]
    choices = tuple(sorted({row[1] for row in rows}))
    # Each is named on paper as well: a proof that leaves somebody out is none.
    told = Table("Each person and group", COLUMNS, rows)
    yield Everybody(told, 1, choices, frozenset(choices), f"elium report {report.stack} --teardown")
    closed = (closed_at(one) for one in report.people if _is_person(one))
    counted = Counter(f"{at:%Y-%m-%dT%H:%M}" for at in closed if at)
    total, over_time = 0, []
    for minute, count in sorted(counted.items()):
        total += count
        over_time.append((minute, total))
    if over_time:
        yield closing_plot(over_time)


def _remaining(report: TeardownReport) -> Iterator[Block]:
    left = [one for one in report.people if _is_person(one) and standing(one, report) != "closed"]
    if not left:
        yield Sentence("Nobody: every account is shown to be closed.")
        return
    rows = [(one.name, standing(one, report), _why(one, report)) for one in left]
    yield Table("Who remains", ("Person", "Account", "Why"), rows)


def _steps(report: TeardownReport) -> Iterator[Block]:
    rows = [(each.step.value, moment(each.at, seconds=True) or "to do") for each in report.steps]
    yield Table("", ("Step", "Done, UTC"), rows)
    yield from (Sentence(f"Refused: {one.sentence} {one.way_on}", is_bad=True) for one in report.obstacles)
    yield from (Sentence(note) for note in report.notes)


def closed_at(person: PersonReport) -> datetime | None:
    """Tell when an account was closed: by the log, which knows when it happened, or else when it was first said."""
    if not person.is_closed:
        return None
    of_log = [one.at for one in person.evidence if one.source is Source.LOG]
    return min(of_log or [one.at for one in person.evidence], default=None)


def _cells(person: PersonReport, report: TeardownReport) -> tuple[str, ...]:
    at = closed_at(person)
    how = ", ".join(filter(None, (person.way.value, person.why)))
    said = "; ".join(map(_said, person.evidence)) or "nobody"
    return person.name, standing(person, report), f"{at:%Y-%m-%d %H:%M:%S}" if at else "", said, how


def _said(one: Evidence) -> str:
    reference = f" ({one.reference})" if one.reference else ""
    return f"{SAYING[one.source]}: {one.says}, {moment(one.at, seconds=True)}{reference}"


def _why(person: PersonReport, report: TeardownReport) -> str:
    if standing(person, report) == "kept":
        return "accounts were kept, as was asked"
    return person.why or "nothing shows yet that the account is closed"


def _is_person(one: PersonReport) -> bool:
    return one.kind is PrincipalKind.USER
