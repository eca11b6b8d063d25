"""A fleet as a page: its tenants in a table, what they come to together, and a fold for each. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from provisioning.commands.pages.blocks import (
    Block,
    Counts,
    Everybody,
    Fold,
    Names,
    Page,
    Part,
    Sentence,
    Table,
    Verbatim,
)
from provisioning.commands.pages.plots import bins_plot, history_plots, standings_plot
from provisioning.commands.pages.stack import (
    AT_MOST,
    MADE_UP,
    NAMED,
    drift_blocks,
    failures,
    settings_blocks,
    state_blocks,
)
from provisioning.commands.pages.tables import COLUMNS, actions_table, cells_of, spread_cells
from provisioning.commands.wording import cycle_in_words, moment
from provisioning.operations.reporting.fleet import FleetReport, TenantReport
from provisioning.operations.reporting.gathering import StackReport
from provisioning.operations.standing import Standing
from provisioning.operations.status import State
from provisioning.words import counted

HEADS = ("Tenant", "Row", "Job", "People", "Failing", "Waiting", "Leaving", "Last cycle", "Note")

LAST_CYCLES = 10
"""How many are told of each tenant."""

NAMED_TENANTS = 20
"""How many tenants in the same trouble are named before the table, which has them all."""

WELL = frozenset({State.RUNNING, State.FIRST_CYCLE, State.OFF})


def page_of_fleet(report: FleetReport, *, is_made_up: bool) -> Page:
    """Make the page."""
    about = f"As of {moment(report.at)}, from {moment(report.since)} on.{MADE_UP if is_made_up else ''}"
    parts = [
        Part("state", "State", [*_state(report)]),
        Part("tenants", "Tenants", [_table(report)]),
        Part("failures", "Failures", [*failures(report.causes, "in the table of people")]),
        Part("history", "What happened", [*_history(report)]),
        Part("everybody", "People", [_everybody(report)]),
        Part("each", "Tenant by tenant", [*_folds(report, is_made_up=is_made_up)]),
    ]
    count = len(report.tenants)
    title = f"{counted(count, 'tenant')}: provisioning report"
    return Page(title, about, [part for part in parts if part.blocks])


def note_of(one: TenantReport) -> str:
    """Say in few words what is to be known of a tenant; empty where nobody needs to look."""
    held = one.stack.status if one.stack else None
    if held and held.state not in WELL:
        return f"{held.quarantine.reason}: {held.quarantine.meaning}" if held.quarantine else held.sentence
    if one.stack and one.stack.drift:
        return f"drift: {len(one.stack.drift):,}"
    return one.reason.partition("\n")[0]


def _state(report: FleetReport) -> Iterator[Block]:
    unasked = [one.tenant for one in report.tenants if one.stack is None]
    unwell = [one.tenant for one in report.tenants if one.stack and one.stack.status.state not in WELL]
    drifted = [one.tenant for one in report.tenants if one.stack and one.stack.drift]
    failing = [one.tenant for one in report.tenants if one.stack and one.stack.counts.get(Standing.FAILING.value)]
    yield Counts(report.counts)
    told = (
        (unwell, "Does not run"),
        (failing, "People fail"),
        (drifted, "Drifted"),
        (unasked, "Without a report of their own"),
    )
    for names, what in told:
        if names:
            yield Sentence(f"{what}, in {len(names):,} of {counted(len(report.tenants), 'tenant')}:", is_bad=True)
            yield Names(names, NAMED_TENANTS, "in the table of tenants")
    if not (unwell or failing or drifted or unasked):
        yield Sentence("Every tenant runs, and nobody fails.")
    counts = {one.tenant: one.stack.counts for one in report.tenants if one.stack}
    if counts:
        yield standings_plot(counts)


def _table(report: FleetReport) -> Table:
    return Table("Tenants", HEADS, [_row(one) for one in report.tenants])


def _row(one: TenantReport) -> tuple[str, ...]:
    stack = one.stack
    if stack is None:
        return (one.tenant, one.verdict, *("-",) * 6, note_of(one))
    told = (Standing.FAILING, Standing.WAITING, Standing.LEAVING)
    numbers = (sum(stack.counts.values()), *(stack.counts.get(each.value, 0) for each in told))
    last = cycle_in_words(stack.status.last_cycle) if stack.status.last_cycle else "none"
    return (one.tenant, one.verdict, stack.status.state.value, *(f"{each:,}" for each in numbers), last, note_of(one))


def _history(report: FleetReport) -> Iterator[Block]:
    if not report.days:
        yield Sentence("No log has a line about anybody in this time.")
    yield from history_plots(report.days, each="day")
    if any(each.themselves or each.otherwise for each in report.waits):
        yield bins_plot(report.waits)
        yield Sentence(AT_MOST)
        yield Fold("From entering scope to account, by tenant", [_times(report)])


def _times(report: FleetReport) -> Table:
    rows = []
    for one in report.tenants:
        waits = one.stack.waits if one.stack else None
        for spread, route in ((waits.themselves, "in person"), (waits.otherwise, "otherwise")) if waits else ():
            if spread.people:
                rows.append((one.tenant, route, f"{spread.people:,}", *spread_cells(spread)))
    heads = ("Tenant", "Assigned", "People", "Median", "Nine of ten within", "Longest")
    return Table("From entering scope to account, by tenant", heads, rows)


def _everybody(report: FleetReport) -> Everybody:
    rows = [(one.tenant, *cells_of(each)) for one in report.tenants if one.stack for each in one.stack.people]
    told = Table("Who fails, waits or leaves", ("Tenant", *COLUMNS), rows)
    return Everybody(told, 2, tuple(report.counts), NAMED, "elium people TENANT --csv")


def _folds(report: FleetReport, *, is_made_up: bool) -> Iterator[Fold]:
    """Tell of each. Mappings that many have are written once: a hundred times they are most of a hundred pages."""
    first: dict[tuple[tuple[str, str], ...], str] = {}
    for one in report.tenants:
        mappings = tuple((each.name, each.value) for each in one.stack.mappings) if one.stack else ()
        written_at = first.setdefault(mappings, one.tenant) if mappings else one.tenant
        yield _fold(one, "" if written_at == one.tenant else written_at, is_made_up=is_made_up)


def _fold(one: TenantReport, same_as: str, *, is_made_up: bool) -> Fold:
    job = f": {one.stack.status.state.value}" if one.stack else f": {one.verdict}"
    return Fold(f"{one.tenant}{job}", [*_blocks(one, same_as, is_made_up=is_made_up)])


def _blocks(one: TenantReport, same_as: str, *, is_made_up: bool) -> Iterator[Block]:
    if one.reason:
        yield Sentence(one.reason, is_bad=True)
    if one.what_to_do:
        yield Sentence(f"What to do: {one.what_to_do}")
    if one.stack:
        yield from _of_stack(one.stack, same_as, is_made_up=is_made_up)
    if one.plan:
        yield Fold("What its row would change now", [Verbatim(one.plan)])


def _of_stack(stack: StackReport, same_as: str, *, is_made_up: bool) -> Iterator[Block]:
    yield from state_blocks(stack.status)
    yield Counts(stack.counts)
    yield from drift_blocks(stack.drift, is_made_up=is_made_up)
    if stack.cycles:
        yield Fold("Its last cycles", [actions_table(stack.cycles[-LAST_CYCLES:], "cycle")])
    yield Fold("What is configured", [*settings_blocks(stack, same_as=same_as)])
