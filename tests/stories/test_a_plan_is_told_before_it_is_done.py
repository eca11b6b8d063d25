"""With the real ``pulumi`` command: a preview says what comes of a change and whom it touches, and refuses too much.

The story is told once, and each test reads a fact off it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from pulumi_stack import Stack

from emulator import Emulator

SETTINGS: dict[str, Any] = {
    "groups": ["Elium users"],
    "mappings": {"users": {"userName": {"source": "[userPrincipalName]", "match": 1}, "title": "[department]"}},
}
RENAMED = SETTINGS | {"mappings": {"users": {**SETTINGS["mappings"]["users"], "title": "[jobTitle]"}}}
FILTERED = SETTINGS | {"filters": {"users": ["department EQUALS Knowledge"]}}
MISTYPED = SETTINGS | {"mappings": {"users": {**SETTINGS["mappings"]["users"], "titel": "[jobTitle]"}}}
ACTIVE_LOST = SETTINGS | {"mappings": {"users": {**SETTINGS["mappings"]["users"], "active": '"True"'}}}


@dataclass
class Story:
    """What Pulumi said, act by act, and how often the schema was replaced."""

    said: dict[str, str] = field(default_factory=dict)
    replaced: dict[str, int] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder, shelf = tmp_path_factory.mktemp("elium"), tmp_path_factory.mktemp("kept")
    story = Story()
    with Emulator().serve() as served:
        stack = Stack.of_this_project(folder, served.environment | {"ELIUM_KEEP_SCHEMAS": str(shelf)}, **SETTINGS)
        stack.up()

        def act(name: str, settings: dict[str, Any], *arguments: str, succeeds: bool = True) -> None:
            stack.declare(**settings)
            story.said[name] = stack.run(*arguments, succeeds=succeeds)
            asked = served.requests("graph")
            story.replaced[name] = sum(call.method == "PUT" and call.path.endswith("/schema") for call in asked)

        act("renamed", RENAMED, "preview", "--diff")
        act("mistyped", MISTYPED, "preview", succeeds=False)
        act("active", ACTIVE_LOST, "preview", succeeds=False)
        act("filtered", FILTERED, "preview", succeeds=False)
        act("forced", FILTERED, "up", "--yes", "--skip-preview", succeeds=False)
        act("accepted", FILTERED | {"acceptLeavers": 7}, "up", "--yes")
        story.outputs = stack.state()["elium-job"]["outputs"]
        story.kept = sorted(path.name for path in shelf.iterdir())
        stack.run("destroy", "--yes", "--skip-preview")
    return story


def test_a_preview_says_what_comes_of_a_change(story: Story) -> None:
    assert "warning: Restarts the initial cycle: everybody in scope is looked at again" in story.said["renamed"]


def test_a_preview_says_whom_it_touches_with_the_values_before_and_after(story: Story) -> None:
    said = story.said["renamed"]

    assert '~ source: "[department]" => "[jobTitle]"' in said
    assert 'Ada Byron (ada.byron@contoso.com): "Knowledge" → "Knowledge Manager"' in said


def test_a_target_that_elium_does_not_have_stops_the_preview(story: Story) -> None:
    assert "mappings.users.titel: the app has no such attribute; the nearest is title." in story.said["mistyped"]


def test_a_lost_active_stops_the_preview(story: Story) -> None:
    assert (
        "active would no longer follow IsSoftDeleted, so nobody who leaves would be disabled." in story.said["active"]
    )


def test_too_many_who_would_leave_stop_the_preview_and_the_update(story: Story) -> None:
    for act in ("filtered", "forced"):
        assert "people in scope would leave; the limit is 5, the larger of 5 and 5 %." in story.said[act]
        assert "If that is meant, accept it by name: acceptLeavers: 7" in story.said[act]
    assert story.replaced["forced"] == story.replaced["renamed"]


def test_an_accepted_number_lets_the_change_pass(story: Story) -> None:
    assert story.replaced["accepted"] == story.replaced["forced"] + 1
    assert "That is accepted by acceptLeavers: 7." in story.said["accepted"]


def test_the_schema_that_was_replaced_is_told_by_version_and_kept_as_a_file(story: Story) -> None:
    version = story.outputs["replacedSchemaVersion"]

    assert version.startswith("Date:")
    assert len(story.kept) == story.replaced["accepted"]


def test_the_plan_that_was_carried_out_is_the_one_that_was_shown(story: Story) -> None:
    digests = re.findall(r"^ *plan ([0-9a-f]{8})$", story.said["accepted"], re.MULTILINE)

    assert (len(digests), len(set(digests))) == (2, 1)
