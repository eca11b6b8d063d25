from __future__ import annotations

from typing import Any

import pytest

from provisioning.provider.messages import Message
from provisioning.provider.turn import Turn


@pytest.mark.parametrize("name", ["acceptLeavers", "acceptEntrants", "impactLimit"])
def test_what_speaks_of_one_run_is_not_a_lasting_difference(name: str) -> None:
    before, after = Turn(before={"scope": "all", name: 7}, after={"scope": "all"}).lasting()

    assert before == after == {"scope": "all"}


@pytest.mark.parametrize(
    ("before", "after", "spent"),
    [
        ({}, {"acceptLeavers": 7}, set()),
        ({"acceptLeavers": 6}, {"acceptLeavers": 7}, set()),
        ({"acceptLeavers": 7}, {"acceptLeavers": 7}, {"acceptLeavers"}),
        ({"acceptLeavers": 0}, {"acceptLeavers": 0}, {"acceptLeavers"}),
        ({"acceptLeavers": 7}, {}, set()),
        ({"acceptEntrants": 7, "acceptLeavers": 1}, {"acceptEntrants": 7, "acceptLeavers": 2}, {"acceptEntrants"}),
    ],
)
def test_a_number_that_stood_there_at_the_last_change_is_spent(
    before: dict[str, Any], after: dict[str, Any], spent: set[str]
) -> None:
    assert Turn(before=before, after=after).spent == spent


async def test_a_turn_warns_and_informs() -> None:
    told: list[Message] = []

    async def say(message: Message) -> None:
        told.append(message)

    await Turn(say=say).warn("careful")
    await Turn(say=say).inform("by the way")

    assert told == [Message("careful"), Message("by the way", is_warning=False)]
