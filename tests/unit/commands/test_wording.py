from __future__ import annotations

from datetime import timedelta

import pytest

from provisioning.commands.wording import span


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(minutes=1, seconds=2), "1 min 2 s"),
        (timedelta(hours=2, seconds=5), "2 h"),
        (timedelta(days=3, hours=4, minutes=5), "3 d 4 h"),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(length: timedelta, said: str) -> None:
    assert span(length) == said
