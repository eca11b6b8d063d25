"""The numbers of a report, as tables: what its plots are drawn of, and what Markdown has in their place. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from provisioning.commands.pages.blocks import Table
from provisioning.commands.wording import span
from provisioning.operations.reporting.history import COUNTED, Cause, CycleTally
from provisioning.operations.reporting.waits import Bin, Spread, Waits
from provisioning.operations.standing import PersonStanding, Standing, why_of

COLUMNS = ("Person", "Standing", "Last action", "When, UTC", "Why")
"""What is told of a person."""

SHOWN = 60
"""How many of the last cycles are shown: of more, a plot has lines and no marks."""

SPREAD = ("median", "nine of ten within", "longest")
"""What is told of many times."""

ROUTES = ("assigned themselves", "by a group, or as everybody is")
"""How people came into scope."""


def accounts_table(cycles: Sequence[CycleTally], each: str) -> Table:
    """Count the accounts that were open after each cycle, or day."""
    rows = [(moment_of(one), f"{one.accounts:,}") for one in cycles]
    return Table("Open accounts over time", (f"{each}, UTC", "open accounts"), rows)


def actions_table(cycles: Sequence[CycleTally], each: str) -> Table:
    """Count what each cycle, or day, did."""
    rows = [(moment_of(one), *(f"{one.counts[what]:,}" for what in COUNTED)) for one in cycles]
    return Table(f"What each {each} did", (f"{each}, UTC", *COUNTED), rows)


def causes_table(causes: Sequence[Cause]) -> Table:
    """Tell why people fail, and what helps."""
    rows = [(one.meaning, one.code, f"{len(one.people):,}", one.remedy) for one in causes]
    return Table("Failures by cause", ("cause", "code", "people", "what to do"), rows)


def waits_table(waits: Waits) -> Table:
    """Count people by how long it took, and give the median, nine of ten, and the longest."""
    table = bins_table(waits.bins)
    spreads = [spread_cells(each) for each in (waits.themselves, waits.otherwise)]
    rows = [(name, *cells) for name, *cells in zip(SPREAD, *spreads, strict=True)]
    return table._replace(rows=[*table.rows, *rows])


def bins_table(bins: Sequence[Bin]) -> Table:
    """Count people by how long it took."""
    rows = [(words_of_bin(each), f"{each.themselves:,}", f"{each.otherwise:,}") for each in bins]
    totals = (sum(each.themselves for each in bins), sum(each.otherwise for each in bins))
    rows.append(("people", f"{totals[0]:,}", f"{totals[1]:,}"))
    return Table("From entering scope to account", ("time, at most", *ROUTES), rows)


def spread_cells(spread: Spread) -> tuple[str, str, str]:
    """Write the median, nine of ten and the longest; strokes where there is nobody."""
    times = (spread.median, spread.nine_of_ten, spread.longest)
    return (span(times[0]), span(times[1]), span(times[2])) if spread.people else ("-", "-", "-")


def standings_table(counts: Mapping[str, Mapping[str, int]]) -> Table:
    """Count how people stand, tenant by tenant."""
    held = [each.value for each in Standing if any(told.get(each.value) for told in counts.values())]
    rows = [(name, *(f"{told.get(each, 0):,}" for each in held)) for name, told in counts.items()]
    return Table("How people stand, by tenant", ("tenant", *held), rows)


def times_table(counted: Sequence[tuple[str, int]]) -> Table:
    """Count closed accounts over time."""
    return Table("Accounts closed over time", ("UTC", "accounts closed"), [(at, f"{count:,}") for at, count in counted])


def words_of_bin(each: Bin) -> str:
    """Name a span of time by its end; the last is open.

    >>> from datetime import timedelta
    >>> words_of_bin(Bin(timedelta(hours=1), 0, 0)), words_of_bin(Bin(None, 0, 0))
    ('1 h', 'more')
    """
    return "more" if each.up_to is None else span(each.up_to)


def moment_of(cycle: CycleTally) -> str:
    """Write when a cycle ended, in UTC and to the minute, as ISO 8601."""
    return f"{cycle.at:%Y-%m-%dT%H:%M}"


def cells_of(one: PersonStanding) -> tuple[str, ...]:
    """Tell of a person what :data:`COLUMNS` name."""
    at = f"{one.at:%Y-%m-%d %H:%M}" if one.at else ""
    return one.person, one.standing.value, one.action, at, why_of(one)
