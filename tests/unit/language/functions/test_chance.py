from __future__ import annotations

import string
import uuid
from random import Random

import pytest

from provisioning.language import EvaluationError, Expression


def made(text: str, seed: int = 7) -> str:
    value = Expression.parse(text).evaluate({}, random=Random(seed))
    assert isinstance(value, str)
    return value


def counts(text: str) -> tuple[int, int, int, int]:
    kinds = (string.digits, string.punctuation, string.ascii_uppercase, string.ascii_lowercase)
    digits, special, upper, lower = (sum(character in kind for character in text) for kind in kinds)
    return digits, special, upper, lower


def test_a_guid_is_random_and_valid() -> None:
    guid = uuid.UUID(made("Guid()"))

    assert guid.version == 4
    assert str(guid) != made("Guid()", seed=8)


@pytest.mark.parametrize("seed", range(20))
def test_a_random_string_has_what_is_asked_of_each_kind(seed: int) -> None:
    text = made('RandomString(10, 2, 2, 2, 1, "?,")', seed)

    digits, special, upper, lower = counts(text)
    assert len(text) == 10
    assert (digits >= 2, special >= 2, upper >= 2, lower >= 1) == (True,) * 4
    assert not set(text) & set("?,")


def test_a_random_string_is_exactly_what_is_asked_when_nothing_is_left_over() -> None:
    assert counts(made("RandomString(6, 3, 0, 0, 3)")) == (3, 0, 0, 3)


def test_a_random_string_does_not_put_the_kinds_in_order() -> None:
    assert len({made("RandomString(6, 3, 0, 0, 3)", seed)[0].isdigit() for seed in range(20)}) == 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("RandomString(257, 0, 0, 0, 0)", "at most 256"),
        ("RandomString(-1, 0, 0, 0, 0)", "at most 256"),
        ("RandomString(2, 1, 1, 1, 0)", "cannot fit 3"),
        ("RandomString(2, -1, 0, 0, 0)", "cannot fit"),
        ('RandomString(2, 1, 0, 0, 0, "0123456789")', "avoids every character"),
    ],
)
def test_a_random_string_that_cannot_be_is_refused(text: str, problem: str) -> None:
    with pytest.raises(EvaluationError, match=problem):
        made(text)
