"""With the real engine: a group that is renamed, or written in another way, keeps its assignment and its people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from acts import Act, Teller, told_in

from emulator.company.store import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teller]:
    with told_in(tmp_path_factory.mktemp("elium"), groups=["Elium users"]) as teller:
        teller.up("first")
        group = teller.named(Kind.GROUP, "Elium users").id
        teller.up("by its id", groups=[group])
        teller.tenant.directory.change(group, {"displayName": "Elium people"})
        teller.up("by its new name", groups=["Elium people"])
        teller.make_group("Elium - people", "Ada Byron")
        teller.up("beside one that is written alike", groups=["Elium people", "Elium - people"])
        yield teller


@pytest.mark.parametrize(
    ("act", "called"),
    [
        ("by its id", "Elium users"),
        ("by its new name", "Elium people"),
        ("beside one that is written alike", "Elium people"),
    ],
)
def test_the_assignment_stays_and_is_not_made_again(story: Teller, act: str, called: str) -> None:
    told: Act = story.acts[act]

    assert f"{called} -> User of Elium" in told.world.assigned
    assert "deleted" not in told.said
