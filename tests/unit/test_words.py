from __future__ import annotations

import pytest

from provisioning.words import counted


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 calls"), (1, "1 call"), (2, "2 calls"), (1_000, "1,000 calls"), (-1, "-1 calls")]
)
def test_one_is_one_and_everything_else_is_several(count: int, said: str) -> None:
    assert counted(count, "call") == said


def test_a_word_brings_its_own_plural_and_its_verb() -> None:
    assert [counted(count, "person is", "people are") for count in (1, 2)] == ["1 person is", "2 people are"]
