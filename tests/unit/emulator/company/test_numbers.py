from __future__ import annotations

import pytest

from emulator.company.numbers import integer, whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("999999999", 999_999_999)])
def test_digits_are_a_number_and_a_minus_makes_it_negative(text: str, number: int) -> None:
    assert (whole_number(text), integer(text), integer(f"-{text}")) == (number, number, -number)


@pytest.mark.parametrize("text", ["", "-", "--1", "+1", " 1", "1\n", "1.0", "1e3", "²", "٣", "1_000", "9" * 5_000])
def test_what_is_not_digits_is_not_a_number(text: str) -> None:
    assert (whole_number(text), integer(text)) == (None, None)
