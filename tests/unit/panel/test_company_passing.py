"""Time that passed, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from provisioning.panel.company.passing import Passed

NINE = datetime(2026, 1, 15, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "cycles", "sentence"),
    [
        (timedelta(minutes=40), 1, "40 minutes passed, to 2026-01-15 09:40. One cycle ran."),
        (timedelta(days=1, hours=1), 37, "1 day 1 hour passed, to 2026-01-16 10:00. 37 cycles ran."),
        (timedelta(seconds=30), 0, "Less than a minute passed, to 2026-01-15 09:00. No cycle ran."),
        (timedelta(), 1, "One cycle ran."),
    ],
)
def test_how_much_time_passed_is_said_and_how_many_cycles_ran(span: timedelta, cycles: int, sentence: str) -> None:
    assert Passed(NINE, NINE + span, cycles, {}).what == sentence


@pytest.mark.parametrize(
    ("cycles", "counts", "ending", "sentence"),
    [
        (1, {"created": 2, "changed": 0, "refused": 1}, "", "At Elium: 2 created, 1 refused."),
        (1, {"created": 0}, "", "Nothing had to be changed at Elium."),
        (0, {"created": 0}, "No cycle is due.", "No cycle is due."),
    ],
)
def test_what_was_done_is_counted(cycles: int, counts: dict[str, int], ending: str, sentence: str) -> None:
    assert Passed(NINE, NINE, cycles, counts, ending).then == sentence
