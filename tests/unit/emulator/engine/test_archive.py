"""A long log costs little to keep, and reading a page of it costs a page."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from emulator.engine.archive import Archive
from emulator.engine.entry import Action, Entry, Outcome, Retry, Run
from emulator.engine.scope import Verdict

BEGAN = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
RUN = Run("00000000-0000-0000-0000-000000000001", "elium.job")


def an_entry(number: int) -> Entry:
    return Entry(RUN, BEGAN + timedelta(seconds=number), "User", f"id-{number}", f"name-{number}", f"Name {number}")


def an_archive(size: int) -> Archive:
    archive = Archive()
    for number in range(size):
        archive.append(an_entry(number))
    return archive


@pytest.mark.parametrize("size", [0, 1, 999, 1_000, 1_001, 2_500])
def test_what_was_kept_comes_back_in_order(size: int) -> None:
    archive = an_archive(size)

    assert (len(archive), list(archive)) == (size, [an_entry(number) for number in range(size)])
    assert list(reversed(archive)) == list(archive)[::-1]


def test_every_fact_of_an_entry_comes_back() -> None:
    told = an_entry(0)
    told.action, told.outcome, told.matched, told.duration = Action.UPDATE, Outcome.FAILURE, True, 7
    told.verdict = Verdict(passes_filter=False, evaluation=(("Only.department EQUALS 'Sales'", False),))
    told.retry = Retry(BEGAN, BEGAN, 2)
    told.attributes, told.before, told.after = ("title", "roles"), (None, None), ("Lead", [{"value": "User"}])
    told.redacted, told.referred, told.unresolved = frozenset({"title"}), [("manager", "1")], [("members", "2")]
    told.code, told.reason, told.skip, told.failed_reference, told.target_id = (
        "Conflict",
        "It is taken.",
        "x",
        True,
        "9",
    )
    archive = an_archive(0)
    archive.append(told)
    for number in range(1, 1_000):
        archive.append(an_entry(number))

    unlike = [part.name for part in fields(Entry) if getattr(archive[0], part.name) != getattr(told, part.name)]

    assert unlike == []
    assert archive[0] is not told


@pytest.mark.parametrize("gone", [1, 999, 1_000, 1_500, 2_000, 2_300])
def test_what_is_too_old_is_dropped_from_the_beginning(gone: int) -> None:
    archive = an_archive(2_300)

    archive.drop_before(BEGAN + timedelta(seconds=gone))
    archive.append(an_entry(2_300))

    assert [entry.source_id for entry in archive] == [f"id-{number}" for number in range(gone, 2_301)]
    assert archive[-1].source_id == "id-2300"
    assert all(one.at < other.at for one, other in pairwise(archive))


def test_a_place_that_there_is_not_is_told() -> None:
    archive = an_archive(1_001)

    with pytest.raises(IndexError):
        archive[1_001]
