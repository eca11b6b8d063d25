"""With the real ``pulumi`` command: who is assigned changes by number only, whatever line of the settings takes it.

The story is told once, and each test reads a fact off it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from acts import told_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acts import Teller

pytestmark = pytest.mark.engine

HYPATIA = "hypatia@contoso.com"
TEAMS = ["Platform team", "Compiler team"]
GROUPS = ["Elium users", "Empty", "Marketing", "Teams only"]
BOTH: dict[str, Any] = {"groups": GROUPS, "users": [HYPATIA]}
WITHOUT_THE_GROUP: dict[str, Any] = {"groups": GROUPS[1:], "users": [HYPATIA]}
LEFT_OUT = ("without the group, seen", "without the group")
REFUSED = (*LEFT_OUT, "another app, seen", "another app", "many")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teller]:
    with told_in(tmp_path_factory.mktemp("elium"), **BOTH) as teller:
        teller.make_group("Empty")
        teller.make_group("Teams only", "Platform team", "Compiler team")
        teller.up("first")
        teller.cycle()

        teller.preview("without the group, seen", succeeds=False, **WITHOUT_THE_GROUP)
        teller.up("without the group", succeeds=False)
        teller.preview("another role, seen", role="msiam_access", **BOTH)
        teller.preview("another app, seen", succeeds=False, galleryApp="Custom", **BOTH)
        teller.up("another app", succeeds=False)
        teller.up("many", succeeds=False, users=[HYPATIA], groups=[*GROUPS, "All of sales", *TEAMS])

        teller.up("accepted", acceptLeavers=10, **WITHOUT_THE_GROUP)
        teller.cycle()
        teller.up("without the number", **WITHOUT_THE_GROUP)
        teller.up("nobody", acceptLeavers=1, groups=[])
        teller.cycle()
        teller.destroy("gone")
        yield teller


def test_a_group_that_is_left_out_is_named_with_the_people_who_would_leave(story: Teller) -> None:
    said = story.acts["without the group, seen"].said

    assert "  - assignment of group Elium users\n" in said
    assert "10 would leave: Ada Byron (ada.byron@contoso.com), Alan Turing (alan.turing@contoso.com)," in said
    assert "11 people in scope now, 1 person afterwards." in said


@pytest.mark.parametrize("act", LEFT_OUT)
def test_it_is_refused_with_the_number_that_accepts_it(story: Teller, act: str) -> None:
    assert "10 of 11 people in scope would leave; the limit is 5, the larger of 5 and 5 %." in story.acts[act].said
    assert (
        "If that is meant, accept it by name (in a stack's settings with their prefix): acceptLeavers: 10"
        in story.acts[act].said
    )


def test_an_app_of_another_template_is_refused_while_people_are_provisioned(story: Teller) -> None:
    assert "The application would be replaced, and its job deleted with it." in story.acts["another app, seen"].said
    for act in ("another app, seen", "another app"):
        assert "Up to 11 people are provisioned by this job, assigned and active (Ada Byron" in story.acts[act].said


def test_another_role_is_told_by_the_names_of_those_who_get_it(story: Teller) -> None:
    said = story.acts["another role, seen"].said

    assert "  ~ role of group Elium users\n" in said
    assert "  ~ role of user hypatia@contoso.com\n" in said


def test_groups_that_bring_many_are_refused_with_the_number_that_accepts_it(story: Teller) -> None:
    said = story.acts["many"].said

    assert "6 would enter: Margaret Hamilton (margaret.hamilton@contoso.com)," in said
    assert "6 people would enter, beside 11 in scope now; the limit is 5, the larger of 5 and 5 %." in said
    assert "If that is meant, accept it by name (in a stack's settings with their prefix): acceptEntrants: 6" in said


@pytest.mark.parametrize("act", REFUSED)
def test_what_is_refused_leaves_everything_as_it_is(story: Teller, act: str) -> None:
    told = story.acts[act]

    assert told.world == story.acts["without the group, seen"].world
    assert {call.partition(" ")[0] for call in told.calls} <= {"GET"}


def test_a_group_that_brings_nobody_is_told_when_it_is_added(story: Teller) -> None:
    said = story.acts["first"].said

    for sentence in (
        "warning: The group Empty is empty, so it brings nobody.",
        "warning: The group Marketing is a Microsoft 365 group, and only security groups bring people.",
        "warning: The group Teams only holds nobody but other groups, whose members are not provisioned: Compiler team",
    ):
        assert sentence in said


def test_an_accepted_number_lets_those_people_go_and_nobody_else(story: Teller) -> None:
    assert "That is accepted by acceptLeavers: 10." in story.acts["accepted"].said
    assert "Elium users -> User of Elium" not in story.acts["accepted"].world.assigned
    assert "Hypatia -> User of Elium" in story.acts["accepted"].world.assigned

    accounts = story.acts["without the number"].world.accounts
    assert (len(accounts), [who for who, is_active in accounts.items() if is_active]) == (11, [HYPATIA])


def test_taking_the_number_out_again_is_not_a_change(story: Teller) -> None:
    told = story.acts["without the number"]

    assert ("9 unchanged" in told.said, told.calls) == (True, ["GET jobs"])


def test_once_nobody_is_assigned_and_a_cycle_ran_a_destroy_leaves_nobody_behind(story: Teller) -> None:
    world = story.acts["gone"].world

    assert "Nobody is provisioned by this job any more, which is gone now." in story.acts["gone"].said
    assert (world.assigned, world.jobs, set(world.accounts.values())) == ([], {}, {False})


def test_no_refusal_is_a_traceback(story: Teller) -> None:
    assert [name for name, act in story.acts.items() if "Traceback" in act.said] == []
