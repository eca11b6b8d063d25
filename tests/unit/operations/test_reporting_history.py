"""What a report counts of the provisioning log: cycles, open accounts, and why people fail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from provisioning.model.provisioning_log import LogEntry
from provisioning.operations.reporting.history import Cause, CycleTally, History, causes_of
from provisioning.operations.standing import PersonStanding, Standing

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def line(action: str, cycle: str, *, minutes: int = 0, result: str = "success", kind: str = "User") -> LogEntry:
    at = NOON + timedelta(minutes=minutes)
    return LogEntry(f"{cycle}-{action}-{minutes}", at, action, result, "id", "Ada", kind, cycle=cycle)


def told(*newest_first: LogEntry, open_now: int) -> list[tuple[str, int, dict[str, int]]]:
    history = History()
    for each in newest_first:
        history.take(each)
    cycles = history.cycles(open_now=open_now)
    return [(each.cycle, each.accounts, {what: n for what, n in each.counts.items() if n}) for each in cycles]


def test_open_accounts_are_counted_back_from_now() -> None:
    assert told(
        line("disable", "third", minutes=80),
        line("disable", "third", minutes=80),
        line("update", "second", minutes=40),
        line("create", "first", minutes=1),
        line("create", "first"),
        line("create", "first"),
        open_now=1,
    ) == [
        ("first", 3, {"created": 3}),
        ("second", 3, {"updated": 1}),
        ("third", 1, {"disabled": 2}),
    ]


def test_what_was_skipped_or_is_about_groups_is_not_counted() -> None:
    skipped = line("update", "one", result="skipped"), line("create", "one", kind="Group"), line("other", "one")

    assert told(*skipped, open_now=5) == []


def test_a_failure_opens_no_account() -> None:
    assert told(line("create", "one", result="failure"), open_now=0) == [("one", 0, {"failed": 1})]


def test_a_cycle_ends_with_its_last_line() -> None:
    history = History()
    for minutes in (7, 3, 5):
        history.take(line("create", "one", minutes=minutes))

    (cycle,) = history.cycles(open_now=3)

    assert cycle == CycleTally("one", NOON + timedelta(minutes=7), cycle.counts, 3)


def failing(name: str, code: str, standing: Standing = Standing.FAILING) -> PersonStanding:
    return PersonStanding(name, name, standing, "create", NOON, code, "", "")


def test_those_who_fail_are_put_together_by_why_the_most_frequent_first() -> None:
    causes = causes_of(
        [
            failing("Zoe", "DuplicateTargetEntries"),
            failing("Ada", "DuplicateTargetEntries"),
            failing("Tony", "Unheard"),
            failing("Radia", "DuplicateTargetEntries", Standing.PROVISIONED),
        ]
    )

    assert causes == (
        Cause(
            "DuplicateTargetEntries",
            "matching finds several accounts at the target",
            "make the matching attribute unique, then restart",
            ("Ada", "Zoe"),
        ),
        Cause("Unheard", "Unheard", "", ("Tony",)),
    )
