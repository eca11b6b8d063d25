"""With the real ``pulumi`` command: a job that lists lack is kept, and one that was deleted by hand costs nobody.

The story is told once, and each test reads a fact off it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from acts import told_in

from emulator.moods.replication import NONE, Lag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acts import Teller

pytestmark = pytest.mark.engine

GROUP: dict[str, Any] = {"groups": ["Elium users"]}
NOBODY: dict[str, Any] = {"groups": []}
MEANS = "Whoever it provisioned may still have an active account"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teller]:
    with told_in(tmp_path_factory.mktemp("elium"), **GROUP) as teller:
        first = teller.up("first")
        teller.cycle()
        (job,) = first.world.jobs
        replication = teller.served.emulator.entra.replication
        replication.set(Lag(lists=9))
        replication.born(job)
        teller.preview("lagging, seen")
        teller.refresh("lagging, refreshed")
        replication.set(NONE)

        teller.ask("DELETE", f"/servicePrincipals/{teller.principal}/synchronization/jobs/{job}")
        teller.destroy("lost, destroyed", succeeds=False)
        teller.up("lost, without the group", succeeds=False, **NOBODY)
        teller.refresh("lost, refreshed")
        teller.up("forgotten, without the group", succeeds=False)
        teller.up("made anew", **GROUP)
        teller.cycle()
        teller.up("without the group", acceptLeavers=10, **NOBODY)
        teller.cycle()
        teller.destroy("gone")
        yield teller


@pytest.mark.parametrize("act", ["lagging, seen", "lagging, refreshed"])
def test_a_job_that_the_list_lacks_is_asked_for_itself_and_not_told_to_be_gone(story: Teller, act: str) -> None:
    assert "GET jobs/{job}" in story.acts[act].calls
    assert "no longer exists" not in story.acts[act].said


def test_a_destroy_over_open_accounts_is_refused_and_changes_nothing(story: Teller) -> None:
    told = story.acts["lost, destroyed"]

    assert "Up to 10 people were provisioned by this job, and still assigned and active (Ada Byron" in told.said
    assert "at Elium, and nobody disables these accounts any more. Nothing was changed." in told.said
    assert told.world.assigned == ["Elium users -> User of Elium"]


@pytest.mark.parametrize("act", ["lost, without the group", "forgotten, without the group"])
def test_nobody_loses_an_assignment_while_nobody_would_close_the_account(story: Teller, act: str) -> None:
    told = story.acts[act]

    assert "No job of this app is found, and there may have been one" in told.said
    assert "That is about 10 people." in told.said
    assert told.world.assigned == ["Elium users -> User of Elium"]


def test_a_refresh_that_forgets_the_job_says_once_what_that_means(story: Teller) -> None:
    assert story.acts["lost, refreshed"].said.count(MEANS) == 1


def test_a_new_job_finds_everybody(story: Teller) -> None:
    accounts = story.acts["without the group"].world.accounts

    assert "POST jobs" in story.acts["made anew"].calls
    assert (len(accounts), set(accounts.values())) == (10, {True})


def test_in_the_end_no_account_is_open(story: Teller) -> None:
    world = story.acts["gone"].world

    assert (world.jobs, world.assigned, set(world.accounts.values())) == ({}, [], {False})
