from __future__ import annotations

import time

import pytest

from provisioning.errors import TooSlowError
from provisioning.language.dotnet.backtracking import MOST_STATES, can_take_for_ever, is_slow
from provisioning.language.dotnet.regex import regex_of

SLOW = [
    r"^([a-zA-Z0-9_.-]+)+@contoso\.org$",
    r"(a+)+$",
    r"(a*)*b",
    r"(a{2,})*",
    r"([a-z]{1,3})+",
    r"(a|a)*",
    r"(a|ab|b)*c",
    r"((ab)*|a)*b",
    r"(\w+\s?)*$",
    r"(.*)*",
    r"(.+,)*",
    r"(x+x+)+y",
    r"(?=(a+)+$)a",
    r"(?>(a+)+b)",
    r"^(\d+|[0-9a-f]+)*$",
    r"(?i)(a|A)*x",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"(\S+\s*)+x",
    r"(é|[à-ü])+$",
    r"(\w|\p{L})*x",
    r"([a-z-[b]]|c)*x",
]
FINE = [
    "",
    r"^ext-.*$",
    r".*\@domain.com",
    r"([1-9][0-9])",
    r"^\d{1,3}(\.\d{1,3}){3}$",
    r"(\d{3})+",
    r"(\w+\s)*\w*",
    r"^[a-z0-9]+([._-][a-z0-9]+)*@contoso\.org$",
    r"(?>a+)+b",
    r"(?:(?>a?))*b",
    r"(a|b)*",
    r"(a|A)*x",
    r"(a?b)*",
    r"(a{1,1})*",
    r"(?:[^,]+,)*[^,]+",
    r"\+(?<isd>\d* )(?<p>\d{10})",
    r"^(Sales|Marketing|Engineering)(, (Sales|Marketing|Engineering))*$",
    r"(a)\1*",
    r"(?<=a+)(?!b+)c",
    r".*.*x",
]


@pytest.mark.parametrize("pattern", SLOW)
def test_a_pattern_whose_ways_double_is_found(pattern: str) -> None:
    assert is_slow(regex_of(pattern))


@pytest.mark.parametrize("pattern", FINE)
def test_a_pattern_whose_ways_do_not_double_is_left_alone(pattern: str) -> None:
    assert not is_slow(regex_of(pattern))


# Our own engine sees through most of the others, where .NET's does not.
@pytest.mark.parametrize(
    ("pattern", "text"),
    [(r"(a|a)*", "a" * 60 + "!"), (r"(a|aa)+$", "a" * 60 + "!"), (r"(é|[à-ü])+$", "é" * 60 + "!")],
)
def test_what_is_found_is_slow_indeed_and_stopped(pattern: str, text: str) -> None:
    begun = time.perf_counter()

    with pytest.raises(TooSlowError, match=r"took more than 0\.05 s"):
        regex_of(pattern).matches(text, limit=0.05)

    assert is_slow(regex_of(pattern))
    assert time.perf_counter() - begun < 5


def test_a_pattern_that_is_not_usable_is_not_slow() -> None:
    assert not can_take_for_ever("(")


@pytest.mark.parametrize(
    "pattern",
    [
        "(" + "|".join(f"w{number}x" for number in range(100)) + ")*",
        "(" + "|".join(f".{number}.?" for number in range(60)) + ")*",
        "[a-z]*" * MOST_STATES,
        "(a+)+" + "b" * MOST_STATES,
    ],
)
def test_a_pattern_of_many_parts_is_answered_soon_rather_than_surely(pattern: str) -> None:
    assert not is_slow(regex_of(pattern))
