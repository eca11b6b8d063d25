from __future__ import annotations

from datetime import timedelta

import pytest

from emulator.company.durations import duration_in
from emulator.company.refusal import Refusal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT40M", timedelta(minutes=40)),
        ("P28D", timedelta(days=28)),
        ("P1W", timedelta(weeks=1)),
        ("P1DT2H3M4.5S", timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
    ],
)
def test_a_duration_is_read(text: str, expected: timedelta) -> None:
    assert expected == duration_in(text)


@pytest.mark.parametrize("text", ["", "P", "PT", "40", "-PT1M", "P1Y", "P1DT", "PT٣M", "PT1M\n"])
def test_what_is_not_a_duration_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="is not a duration"):
        duration_in(text)
