"""With the real ``pulumi`` command: a preview says what comes of a change and whom it touches, and refuses too much.

The story is told once, and each test reads a fact off it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from acts import Teller, told_in

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.engine

SETTINGS: dict[str, Any] = {
    "groups": ["Elium users"],
    "mappings": {"users": {"userName": {"source": "[userPrincipalName]", "match": 1}, "title": "[department]"}},
}
RENAMED = SETTINGS | {"mappings": {"users": {**SETTINGS["mappings"]["users"], "title": "[jobTitle]"}}}
FILTERED = SETTINGS | {"filters": {"users": ["department EQUALS Knowledge"]}}
ACTIVE_LOST = SETTINGS | {"mappings": {"users": {**SETTINGS["mappings"]["users"], "active": '"True"'}}}


@dataclass
class Story:
    """What was told, and what lies in the archive of schemas."""

    teller: Teller
    kept: list[str] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)

    def said(self, act: str) -> str:
        return self.teller.acts[act].said

    def replaced(self, act: str) -> int:
        return self.teller.acts[act].calls.count("PUT jobs/{job}/schema")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    archive = tmp_path_factory.mktemp("kept")
    variables = {"ELIUM_KEEP_SCHEMAS": str(archive)}
    with told_in(tmp_path_factory.mktemp("elium"), variables, **SETTINGS) as teller:
        story = Story(teller)
        teller.up("first")
        teller.cycle()
        teller.preview("renamed", **RENAMED)
        teller.preview("active", succeeds=False, **ACTIVE_LOST)
        teller.preview("filtered", succeeds=False, **FILTERED)
        teller.up("forced", succeeds=False)
        teller.stack.declare(**FILTERED | {"acceptLeavers": 7})
        teller.act("accepted", "up", "--yes")
        story.outputs = teller.stack.state()["elium-job"]["outputs"]
        story.kept = sorted(path.name for path in archive.iterdir())
        yield story


def test_a_preview_says_what_comes_of_a_change(story: Story) -> None:
    assert "  Restarts the initial cycle: everybody in scope is looked at again" in story.said("renamed")


def test_a_preview_says_whom_it_touches_with_the_values_before_and_after(story: Story) -> None:
    said = story.said("renamed")

    assert '~ source: "[department]" => "[jobTitle]"' in said
    assert 'Ada Byron (ada.byron@contoso.com): "Knowledge" → "Knowledge Manager"' in said


def test_a_lost_active_stops_the_preview(story: Story) -> None:
    assert "it would no longer follow IsSoftDeleted, so nobody who leaves would be disabled." in story.said("active")


def test_too_many_who_would_leave_stop_the_preview_and_the_update(story: Story) -> None:
    for act in ("filtered", "forced"):
        assert "7 of 10 people in scope would leave; the limit is 5, the larger of 5 and 5 %." in story.said(act)
        assert "If that is meant, set this, spelled as your other settings are: acceptLeavers: 7" in story.said(act)
    assert story.replaced("forced") == 0


def test_an_accepted_number_lets_the_change_pass(story: Story) -> None:
    assert story.replaced("accepted") == 1
    assert "That is accepted by acceptLeavers: 7." in story.said("accepted")


def test_the_schema_that_was_replaced_is_told_by_version_and_kept_as_a_file(story: Story) -> None:
    version = story.outputs["replacedSchemaVersion"]

    assert version.startswith("Date:")
    assert len(story.kept) == story.replaced("first") + story.replaced("accepted")


def test_the_plan_that_was_carried_out_is_the_one_that_was_shown(story: Story) -> None:
    digests = re.findall(r"^ *plan ([0-9a-f]{8}) ", story.said("accepted"), re.MULTILINE)

    assert (len(digests), len(set(digests))) == (2, 1)
