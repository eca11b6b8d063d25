"""How long it took from entering the scope to the account: what is known, what is at most, and what is not known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.person import Person
from provisioning.operations.reporting.waits import (
    ENDS,
    Bin,
    Entering,
    Spread,
    bins_together,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SINCE = NOON - timedelta(days=30)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def assigned(kind: PrincipalKind, created: datetime | None) -> dict[str, Assignment]:
    return {"way": Assignment("way", kind, "Way", "role", created=created)}


def entering(
    ways: dict[str, Assignment], born: datetime | str | None, *, through: str = "way", made: datetime = NOON
) -> Entering:
    found = Entering({"ada": made}, SINCE, ways)
    text = born.isoformat() if isinstance(born, datetime) else born
    found.hear(Person("ada", "Ada", {"createdDateTime": text}, through=frozenset({through} - {""})))
    return found


@pytest.mark.parametrize("kind", PrincipalKind)
def test_the_later_of_assignment_and_person_counts(kind: PrincipalKind) -> None:
    for born, since in ((NOON - DAY, NOON - 2 * HOUR), (NOON - 2 * HOUR, NOON - DAY)):
        found = entering(assigned(kind, since), born)

        assert (found.themselves + found.otherwise, found.waits.unknown) == ([2 * HOUR], 0)


def test_whoever_is_assigned_in_person_is_known_however_old_that_is() -> None:
    found = entering(assigned(PrincipalKind.USER, SINCE - DAY), SINCE - 9 * DAY)

    assert found.waits.themselves == Spread(1, 31 * DAY, 31 * DAY, 31 * DAY)


def test_when_somebody_joined_an_old_group_is_not_known() -> None:
    found = entering(assigned(PrincipalKind.GROUP, SINCE - DAY), SINCE - 9 * DAY)

    assert (found.waits.otherwise.people, found.waits.unknown) == (0, 1)


def test_where_everybody_is_in_scope_the_person_counts() -> None:
    assert entering({}, NOON - HOUR, through="").otherwise == [HOUR]


@pytest.mark.parametrize(
    ("born", "since"),
    [
        (None, NOON - HOUR),
        ("yesterday", NOON - HOUR),
        ("2026-03-01T10:00:00", NOON - HOUR),
        (NOON - HOUR, None),
        (NOON - HOUR, NOON + HOUR),
    ],
    ids=["no date", "no moment", "no zone", "no date of the assignment", "assigned after the account"],
)
def test_what_cannot_be_told_is_not_known(born: datetime | str | None, since: datetime | None) -> None:
    for kind in PrincipalKind:
        assert entering(assigned(kind, since), born).waits.unknown == 1


def test_whose_account_is_older_than_the_log_is_not_counted() -> None:
    found = Entering({}, SINCE)
    found.hear(Person("ada", "Ada", {"createdDateTime": NOON.isoformat()}))

    assert (found.waits.unknown, found.waits.otherwise.people) == (0, 0)


@pytest.mark.parametrize(
    ("hours", "median", "nine"),
    [((), 0, 0), ((3,), 3, 3), ((1, 2), 1, 2), (range(1, 11), 5, 9), (range(1, 102), 51, 91)],
)
def test_median_and_nine_of_ten_are_times_that_somebody_had(hours: range, median: int, nine: int) -> None:
    spread = Spread.of(each * HOUR for each in hours)

    assert (spread.median, spread.nine_of_ten) == (median * HOUR, nine * HOUR)


def test_each_time_is_in_one_bin_and_bins_add_up() -> None:
    found = Entering({}, SINCE)
    found.themselves.extend(end for end in ENDS if end)
    found.otherwise.append(90 * DAY)
    waits = found.waits

    assert [each.themselves for each in waits.bins] == [1] * (len(ENDS) - 1) + [0]
    assert waits.bins[-1] == Bin(None, 0, 1)
    assert bins_together([waits, waits])[-1] == Bin(None, 0, 2)
    assert bins_together([]) == ()
