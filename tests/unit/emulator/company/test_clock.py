from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from emulator.company.clock import Clock, RunningClock, StandingClock, as_graph_writes

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


def test_a_standing_clock_moves_when_told() -> None:
    clock = StandingClock(NOON)
    clock.advance(timedelta(minutes=40))

    assert NOON + timedelta(minutes=40) == clock.now()


def test_a_running_clock_follows_the_wall_and_can_be_ahead_of_it() -> None:
    wall = NOON
    clock = RunningClock(lambda: wall)
    clock.advance(timedelta(days=28))
    wall += timedelta(seconds=1)

    assert NOON + timedelta(days=28, seconds=1) == clock.now()


@pytest.mark.parametrize("clock", [StandingClock(), RunningClock()], ids=["standing", "running"])
def test_time_goes_forward_only(clock: Clock) -> None:
    with pytest.raises(ValueError, match="forward only"):
        clock.advance(timedelta(seconds=-1))


def test_a_moment_is_written_as_graph_writes_it() -> None:
    assert as_graph_writes(NOON) == "2026-01-15T12:00:00Z"
    assert as_graph_writes(None) == "0001-01-01T00:00:00Z"
