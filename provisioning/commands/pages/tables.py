"""The numbers of a report, as tables: what its plots are drawn of, and what Markdown has in their place. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from provisioning.operations.reporting.history import COUNTED, Cause, CycleTally
from provisioning.operations.standing import PersonStanding

COLUMNS = ("Person", "Standing", "Last action", "When, UTC", "Why")
"""What is told of a person."""

SHOWN = 60
"""How many of the last cycles are shown: of more, a plot has lines and no marks."""


class Table(NamedTuple):
    """The numbers that a plot is of."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables_of(cycles: Sequence[CycleTally], causes: Sequence[Cause]) -> list[Table]:
    """Give the numbers alone, where there are some."""
    shown = cycles[-SHOWN:]
    told = [accounts_table(shown), actions_table(shown)] if shown else []
    return [*told, *([causes_table(causes)] if causes else [])]


def accounts_table(cycles: Sequence[CycleTally]) -> Table:
    """Count the accounts that were open after each cycle."""
    rows = tuple((moment_of(each), f"{each.accounts:,}") for each in cycles)
    return Table("Open accounts over time", ("cycle, UTC", "open accounts"), rows)


def actions_table(cycles: Sequence[CycleTally]) -> Table:
    """Count what each cycle did."""
    rows = tuple((moment_of(each), *(f"{each.counts[what]:,}" for what in COUNTED)) for each in cycles)
    return Table("What each cycle did", ("cycle, UTC", *COUNTED), rows)


def causes_table(causes: Sequence[Cause]) -> Table:
    """Tell why people fail, and what helps."""
    rows = tuple((each.meaning, each.code, f"{len(each.people):,}", each.remedy) for each in causes)
    return Table("Failures by cause", ("cause", "code", "people", "what to do"), rows)


def moment_of(cycle: CycleTally) -> str:
    """Write when a cycle ended, in UTC and to the minute, as ISO 8601."""
    return f"{cycle.at:%Y-%m-%dT%H:%M}"


def cells_of(one: PersonStanding) -> tuple[str, ...]:
    """Tell of a person what :data:`COLUMNS` name."""
    why = one.meaning or one.code
    return one.person, one.standing.value, one.action, f"{one.at:%Y-%m-%d %H:%M}" if one.at else "", why
