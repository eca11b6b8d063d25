"""How somebody stands: by scope, and by the last lines of the log."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from provisioning.language import ScopingFilter
from provisioning.model.connection import Scope
from provisioning.model.person import Person
from provisioning.model.provisioning_log import LogEntry
from provisioning.operations.explanation import NO_ROLE
from provisioning.operations.standing import Last, Standing, standing_of, standing_of_one_who_is_gone, why_of
from provisioning.planning.configuration import Rules

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
MOST_MEGABYTES = 300
HERE = Path(__file__).parents[2]

CREATED, DISABLED, FAILED = ("create", "success", ""), ("disable", "success", ""), ("create", "failure", "Timeout")
UP_TO_DATE, NOBODY = ("other", "skipped", "RedundantExport"), ("other", "skipped", "NotEffectivelyEntitled")
HELD = ("stagedDelete", "skipped", "")
RULES = Rules(Scope.ASSIGNED, ScopingFilter.parse(["mail IS NOT NULL"]), {}, {}, held={"g": ({"id": "18d1"},)})


def last_of(*lines: tuple[str, str, str]) -> Last | None:
    """Take lines of the log, newest first."""
    last: Last | None = None
    for action, result, code in lines:
        entry = LogEntry("1", NOW, action, result, "0a", "Ada", "User", code=code)
        last = last.before(entry) if last else Last.of(entry, {})
    return last


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([CREATED], ""),
        ([], "nothing is in the log, which does not reach back to the first cycles: most likely provisioned"),
        ([("create", "failure", "Unheard")], "Unheard"),
        ([DISABLED], "no cycle has brought them to the target yet"),
    ],
)
def test_whoever_is_not_provisioned_stands_so_for_a_reason(lines: list[tuple[str, str, str]], why: str) -> None:
    assert why_of(standing_of(a_person(), RULES, last_of(*lines), is_whole=False)) == why


@pytest.mark.parametrize(
    ("lines", "inside", "outside", "gone"),
    [
        ([], Standing.WAITING, Standing.EXCLUDED, None),
        ([CREATED], Standing.PROVISIONED, Standing.LEAVING, Standing.LEAVING),
        ([UP_TO_DATE], Standing.PROVISIONED, Standing.LEAVING, Standing.LEAVING),
        ([FAILED, CREATED], Standing.FAILING, Standing.LEAVING, Standing.LEAVING),
        ([FAILED], Standing.FAILING, Standing.EXCLUDED, None),
        ([DISABLED, CREATED], Standing.WAITING, Standing.LEFT, Standing.LEFT),
        ([NOBODY, DISABLED], Standing.WAITING, Standing.LEFT, Standing.LEFT),
        ([HELD, CREATED], Standing.PROVISIONED, Standing.LEAVING, Standing.LEAVING),
        ([NOBODY], Standing.WAITING, Standing.EXCLUDED, None),
    ],
)
def test_scope_and_log_decide_together(
    lines: list[tuple[str, str, str]], inside: Standing, outside: Standing, gone: Standing | None
) -> None:
    last = last_of(*lines)
    left = standing_of_one_who_is_gone("0a", last) if last else None

    assert standing_of(a_person(), RULES, last, is_whole=True).standing is inside
    assert standing_of(a_person(mail=None), RULES, last, is_whole=True).standing is outside
    assert (left.standing if left else None) is gone


def test_whoever_is_in_no_line_of_a_log_that_does_not_reach_back_is_quiet() -> None:
    assert standing_of(a_person(), RULES, None, is_whole=False).standing is Standing.QUIET


def test_default_access_alone_lets_nobody_in() -> None:
    rules = Rules(Scope.ASSIGNED, None, {}, {}, held={"g": ({"id": NO_ROLE},)})

    assert standing_of(a_person(), rules, None, is_whole=True).standing is Standing.EXCLUDED


def listed(people: int) -> int:
    """List people, their lines of the log and their accounts, and tell how many megabytes that took at most."""
    told = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-m", "many_people", str(people)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent)])},
        capture_output=True,
        text=True,
        check=True,
    )
    lines, megabytes = map(int, told.stdout.split())
    assert lines == people + 1
    return megabytes


def test_a_hundred_thousand_people_with_their_lines_and_accounts_stay_within_300_megabytes() -> None:
    few, more = listed(5_000), listed(25_000)

    # What a person takes is a straight line, of which two points are known.
    assert few + (more - few) * (100_000 - 5_000) / 20_000 < MOST_MEGABYTES


def a_person(mail: str | None = "ada@contoso.com") -> Person:
    return Person("0a", "Ada", {"mail": mail}, through=frozenset({"g"}))


def test_default_access_counts_where_the_log_shows_an_account() -> None:
    rules = Rules(Scope.ASSIGNED, None, {}, {}, held={"g": ({"id": NO_ROLE},)})

    assert standing_of(a_person(), rules, last_of(CREATED), is_whole=True).standing is Standing.PROVISIONED
