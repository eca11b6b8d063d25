"""What is kept of a log: those who were skipped must not push out what failed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from provisioning.model.provisioning_log import LogEntry
from provisioning.panel.stack.log import KEPT, KEPT_SKIPPED, kept

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)


def an_entry(minutes_ago: int, result: str) -> LogEntry:
    return LogEntry(str(minutes_ago), NOW - timedelta(minutes=minutes_ago), "other", result, "0a", "Ada", "User")


def test_what_failed_long_ago_is_kept_before_what_was_skipped_just_now() -> None:
    skipped = [an_entry(minutes, "skipped") for minutes in range(1_000)]
    failed = [an_entry(10_000 + minutes, "failure") for minutes in range(1_000)]

    found = kept([*failed, *skipped])

    assert [entry.id for entry in found] == [
        *(str(minutes) for minutes in range(KEPT_SKIPPED)),
        *(str(10_000 + minutes) for minutes in range(KEPT)),
    ]
