"""With the real ``pulumi`` command: who is assigned changes by number only, whatever line of the settings takes it.

The story is told once, and each test reads a fact off it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from acts import told_in

from emulator.company.store import Kind
from emulator.moods.faults import Fault

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
WITHOUT_A_PLAN = ("the plan left out, seen", "the plan left out")
AGAIN = ("one more by now, seen", "one more by now")
REFUSED = (*LEFT_OUT, "although it fails", "another app, seen", "another app", "many", *WITHOUT_A_PLAN, *AGAIN)


def leave_the_plan_out(teller: Teller, name: str, *command: str) -> None:
    """Declare one group more, and have the engine assign it and do nothing else."""
    teller.stack.declare(users=[HYPATIA], groups=[*GROUPS, TEAMS[0]])
    (assigned, *_) = [held["urn"] for each, held in teller.stack.state().items() if "-assignment-" in each]
    team = teller.named(Kind.GROUP, TEAMS[0]).id
    teller.act(name, *command, "--target", assigned[: -len(team)] + team, succeeds=False)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teller]:
    with told_in(tmp_path_factory.mktemp("elium"), **BOTH) as teller:
        teller.make_group("Empty")
        teller.make_group("Teams only", "Platform team", "Compiler team")
        teller.up("first")
        teller.cycle()

        teller.preview("without the group, seen", succeeds=False, **WITHOUT_THE_GROUP)
        teller.up("without the group", succeeds=False)
        teller.up("although it fails", "--continue-on-error", succeeds=False, **WITHOUT_THE_GROUP)
        teller.preview("another role, seen", role="msiam_access", **BOTH)
        teller.preview("another app, seen", succeeds=False, galleryApp="Custom", **BOTH)
        teller.up("another app", succeeds=False)
        teller.up("many", succeeds=False, users=[HYPATIA], groups=[*GROUPS, "All of sales", *TEAMS])

        leave_the_plan_out(teller, "the plan left out, seen", "preview")
        leave_the_plan_out(teller, "the plan left out", "up", "--yes", "--skip-preview")

        teller.served.emulator.entra.faults.add([Fault(route="DELETE */appRoleAssignedTo/{id}", status=403)])
        teller.up("not carried out", succeeds=False, acceptLeavers=10, **WITHOUT_THE_GROUP)
        teller.join("Elium users", "Margaret Hamilton")
        teller.preview("one more by now, seen", succeeds=False)
        teller.up("one more by now", succeeds=False)

        teller.up("accepted", acceptLeavers=11, **WITHOUT_THE_GROUP)
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
    assert "If that is meant, set this, spelled as your other settings are: acceptLeavers: 10" in story.acts[act].said


def test_an_engine_that_goes_on_after_errors_ends_with_the_refusal(story: Teller) -> None:
    """Otherwise it would delete the assignment in the end, which the program does not declare any more."""
    said = story.acts["although it fails"].said

    assert "set this, spelled as your other settings are: acceptLeavers: 10" in said
    assert "error: What depends on elium-plan was left as it is.\n" in said


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
    assert "If that is meant, set this, spelled as your other settings are: acceptEntrants: 6" in said


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


@pytest.mark.parametrize("act", WITHOUT_A_PLAN)
def test_nobody_is_assigned_by_a_run_that_leaves_the_plan_out(story: Teller, act: str) -> None:
    sentence = (
        "This run leaves the plan out, so what becomes of group Platform team is not judged. Nobody was assigned."
    )
    assert sentence in story.acts[act].said


@pytest.mark.parametrize("act", AGAIN)
def test_an_accepted_change_that_was_not_carried_out_is_judged_with_those_who_joined_meanwhile(
    story: Teller, act: str
) -> None:
    assert "unexpected status 403" in story.acts["not carried out"].said
    assert "11 of 12 people in scope would leave; the limit is 5, the larger of 5 and 5 %." in story.acts[act].said


def test_an_accepted_number_lets_those_people_go_and_nobody_else(story: Teller) -> None:
    assert "That is accepted by acceptLeavers: 11." in story.acts["accepted"].said
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
