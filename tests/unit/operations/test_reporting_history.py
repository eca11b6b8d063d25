"""What a report counts of the provisioning log: cycles, open accounts, and why people fail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from provisioning.model.provisioning_log import LogEntry
from provisioning.operations.reporting.history import COUNTED, Cause, CycleTally, History, by_day, causes_of, together
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


def test_causes_of_several_jobs_name_the_job_with_the_person() -> None:
    causes = {job: causes_of([failing(name, "Unheard")])[0] for job, name in (("bolt", "Zoe"), ("acme", "Ada"))}

    (cause,) = together(causes.items())

    assert cause.people == ("acme: Ada", "bolt: Zoe")


def tally(days: float, accounts: int, **counts: int) -> CycleTally:
    return CycleTally("", NOON + timedelta(days=days), dict.fromkeys(COUNTED, 0) | counts, accounts)


def test_cycles_of_several_jobs_are_added_up_day_by_day() -> None:
    first = [tally(0, 3, created=1), tally(0.1, 5, created=2), tally(2, 4, disabled=1)]
    second = [tally(2.1, 12, created=2, failed=1)]

    told = by_day([first, second, []])

    assert [(each.cycle, each.accounts) for each in told] == [("2026-03-01", 5 + 10), ("2026-03-03", 4 + 12)]
    assert [{what: n for what, n in each.counts.items() if n} for each in told] == [
        {"created": 3},
        {"created": 2, "disabled": 1, "failed": 1},
    ]


def test_when_an_account_was_made_is_the_last_time() -> None:
    history = History()
    for minutes in (9, 3):
        history.take(line("create", "one", minutes=minutes))

    assert history.made == {"id": NOON + timedelta(minutes=9)}
