"""One stack as a page: how it goes, what would change, why people fail, what happened, who stands how. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from provisioning.commands.pages.blocks import (
    Block,
    Counts,
    Everybody,
    Fold,
    Heading,
    Names,
    Page,
    Part,
    Sentence,
    Table,
    Verbatim,
)
from provisioning.commands.pages.plots import causes_plot, history_plots, waits_plot
from provisioning.commands.pages.tables import COLUMNS, cells_of
from provisioning.commands.wording import WIDTH, lines_of_status, moment
from provisioning.model.names import isolated
from provisioning.operations.reporting.gathering import StackReport
from provisioning.operations.reporting.history import Cause
from provisioning.operations.reporting.waits import Waits
from provisioning.operations.standing import Standing
from provisioning.operations.status import StatusReport

SHOWN = 20
"""How many of those who fail for one cause are named beside it; the table has all."""

NAMED = frozenset({Standing.FAILING.value, Standing.WAITING.value, Standing.LEAVING.value})
"""Of whom each is named where nobody can search."""

MADE_UP = " Names are made up."

AT_MOST = (
    "Counted from the moment at which somebody can first have been in scope: when the assignment was made, or the "
    "person in Entra, whichever was later; up to the log's line that made the account. Entra does not tell when "
    "somebody joined a group, and a filter may have kept somebody out for longer, so it took at most this long."
)


def page_of_stack(report: StackReport, *, plan: str, why_no_plan: str, is_made_up: bool) -> Page:
    """Make the page. *plan* is what the stack's file would change now, as text; empty where *why_no_plan* says why."""
    about = f"As of {moment(report.at)}, from {moment(report.since)} on.{MADE_UP if is_made_up else ''}"
    parts = [
        Part("state", "State", [*state_blocks(report.status), Counts(report.counts), _state(report.status)]),
        Part("plan", "What the stack's file would change now", [*_plan(plan, why_no_plan)]),
        Part("drift", "Drift", [*drift_blocks(report.drift, is_made_up=is_made_up)]),
        Part("failures", "Failures", [*failures(report.causes, "in the table of people")]),
        Part("history", "What happened", [*_history(report)]),
        Part("everybody", "People", [_everybody(report)]),
        Part("settings", "What is configured", [*settings_blocks(report)]),
    ]
    return Page(f"{report.stack}: provisioning report", about, [part for part in parts if part.blocks])


def state_blocks(status: StatusReport) -> Iterator[Block]:
    """Tell how provisioning goes, and what to do."""
    yield Sentence(status.sentence, is_bad=bool(status.what_to_do))
    if status.what_to_do:
        yield Sentence(f"What to do: {status.what_to_do}")


def drift_blocks(drift: Sequence[str] | None, *, is_made_up: bool) -> Iterator[Block]:
    """Tell what is otherwise in Entra than the last ``up`` left it."""
    if drift:
        yield Sentence("Changed elsewhere since the last up:", is_bad=True)
        yield Table("", ("What is otherwise",), [(each,) for each in drift])
    elif drift is not None:
        yield Sentence("Entra is as the last up left it.")
    elif is_made_up:
        yield Sentence("Names are made up, and what differs has them.")
    else:
        yield Sentence("No state of a stack says how the last up left it.")


def failures(causes: Sequence[Cause], others_are: str) -> Iterator[Block]:
    """Tell why people fail, who, and what helps."""
    for cause in causes:
        yield Heading(f"{cause.meaning or 'without a reason'} ({len(cause.people):,})")
        if cause.code and cause.code != cause.meaning:
            yield Sentence(cause.code)
        if cause.remedy:
            yield Sentence(f"What to do: {cause.remedy}.")
        yield Names(cause.people, SHOWN, others_are)
    if causes:
        yield causes_plot(causes)


def settings_blocks(report: StackReport, *, same_as: str = "") -> Iterator[Block]:
    """Tell what is configured, as Entra has it."""
    rows = [(each.name, each.value) for each in report.settings]
    yield Table("", (), [*rows, ("assigned", ", ".join(map(isolated, report.assigned)) or "nobody")])
    mappings = [(each.name, each.value) for each in report.mappings]
    if same_as:
        yield Sentence(f"Attribute mappings: the same as those of {same_as}.")
    else:
        yield Fold("Attribute mappings", [Table("", ("Attribute", "What computes it"), mappings)])


def waits_blocks(waits: Waits) -> Iterator[Block]:
    """Tell how long it took from entering the scope to the account, and of whom that is not known."""
    known = waits.themselves.people + waits.otherwise.people
    if known:
        yield waits_plot(waits)
        yield Sentence(AT_MOST)
    if waits.unknown:
        made = known + waits.unknown
        yield Sentence(
            f"Of {waits.unknown:,} of the {made:,} whose account was made in this time it is not known when they came "
            "into scope: Entra has no date of it, or one before what was read of the log, or one after the account."
        )


def _plan(plan: str, why_not: str) -> Iterator[Block]:
    if plan:
        yield Verbatim(plan)
    elif why_not:
        yield Sentence(why_not)


def _history(report: StackReport) -> Iterator[Block]:
    if not report.cycles:
        yield Sentence("The log has no line about anybody in this time.")
    yield from history_plots(report.cycles, each="cycle")
    yield from waits_blocks(report.waits)


def _everybody(report: StackReport) -> Everybody:
    rows = [cells_of(one) for one in report.people]
    told = Table("Who fails, waits or leaves", COLUMNS, rows)
    return Everybody(told, 1, tuple(report.counts), NAMED, f"elium people {report.stack} --csv")


def _state(status: StatusReport) -> Table:
    """Give the lines of ``elium status`` that name something, as pairs."""
    rows = []
    for line in lines_of_status(status):
        name, text = line[2 : WIDTH + 2].strip(), line[WIDTH + 2 :].strip()
        if line.startswith("  ") and line[WIDTH + 1] == " " and name and text:
            rows.append((name, text))
    return Table("", (), rows)
