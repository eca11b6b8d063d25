"""With the real ``pulumi`` command: a job that is asked to be replaced is judged as one that is deleted.

A job that is made while there is one takes that over. Made before the old one is deleted, it would be the one that is
deleted; and where that is refused, every later run would try to delete it again.

The story is told once, and each test reads a fact off it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from acts import told_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from acts import Teller

pytestmark = pytest.mark.engine

DECLARED: dict[str, Any] = {"groups": ["Elium users"]}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teller]:
    with told_in(tmp_path_factory.mktemp("elium"), **DECLARED) as teller:
        teller.up("first")
        teller.cycle()
        teller.up("replaced", "--replace", teller.stack.state()["elium-job"]["urn"], succeeds=False)
        teller.up("afterwards")
        teller.up("nobody", groups=[], acceptLeavers=10)
        teller.cycle()
        teller.up("in the end", groups=[])
        yield teller


def test_it_is_refused_before_anything_is_done_while_people_are_provisioned_by_it(story: Teller) -> None:
    said, calls = story.acts["replaced"].said, story.acts["replaced"].calls

    assert "Up to 10 people are provisioned by this job, assigned and active (Ada Byron" in said
    assert [call for call in calls if not call.startswith("GET")] == []


def test_a_refusal_leaves_nothing_to_be_done(story: Teller) -> None:
    assert "6 unchanged" in story.acts["afterwards"].said


def test_what_it_advises_can_be_done(story: Teller) -> None:
    accounts = story.acts["in the end"].world.accounts

    assert (len(accounts), any(accounts.values())) == (10, False)
    assert "5 unchanged" in story.acts["in the end"].said


def test_a_job_whose_app_is_judged_anew_in_the_same_run_is_made_anew(tmp_path: Path) -> None:
    """What was judged has the old job as one that is there; carried out, it would leave the app without any."""
    with told_in(tmp_path, **DECLARED, onDestroy="retain") as teller:
        teller.up("first")
        state = teller.stack.state()
        both = [part for name in ("elium-plan", "elium-job") for part in ("--replace", state[name]["urn"])]

        teller.up("replaced", *both)

        writes = [call for call in teller.acts["replaced"].calls if not call.startswith("GET")]
        assert writes.index("DELETE jobs/{job}") < writes.index("POST jobs") < writes.index("POST jobs/{job}/start")
        assert list(teller.world().jobs.values()) == [True]
        assert teller.stack.outputs()["jobId"] in teller.world().jobs
        teller.cycle()
        assert len(teller.world().accounts) == 10
