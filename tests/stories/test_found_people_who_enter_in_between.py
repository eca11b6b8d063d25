"""With the real ``pulumi`` command: a run that ends in the middle brings in nobody who was not counted before it.

The job's filter is saved before groups are taken out, which the engine does last of all. The story is told once, and
each test reads a fact off it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from acts import told_in

from emulator.moods.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acts import Teller

pytestmark = pytest.mark.engine

SALES: dict[str, Any] = {"groups": ["Elium users", "Platform team"], "filters": {"users": ["department EQUALS Sales"]}}
OTHERS: dict[str, Any] = {"groups": ["Platform team"], "filters": {"users": None}}
ASKED = "If that is meant, set this, spelled as your other settings are: acceptEntrants: 11"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teller]:
    with told_in(tmp_path_factory.mktemp("elium"), **SALES) as teller:
        teller.up("first")
        teller.cycle()
        teller.preview("seen", succeeds=False, **OTHERS)
        teller.up("refused", succeeds=False)

        teller.served.emulator.entra.faults.add([Fault(route="DELETE */appRoleAssignedTo/{id}", status=403)])
        teller.up("cut", succeeds=False, acceptEntrants=11, **OTHERS)
        teller.cycle()
        teller.refresh("later")
        yield teller


def test_they_are_counted_and_named(story: Teller) -> None:
    assert "8 would be in scope in between, and not afterwards: Ada Byron (ada.byron@contoso.com)," in (
        story.acts["seen"].said
    )


@pytest.mark.parametrize("act", ["seen", "refused"])
def test_they_must_be_accepted_with_those_who_enter(story: Teller, act: str) -> None:
    assert ASKED in story.acts[act].said
    assert [call for call in story.acts[act].calls if not call.startswith("GET")] == []


def test_as_many_come_in_as_were_accepted(story: Teller) -> None:
    before, after = (story.acts[act].world.accounts for act in ("refused", "later"))

    assert len(after) - len(before) == 11
