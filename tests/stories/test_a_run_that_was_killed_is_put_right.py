"""With the real ``pulumi`` command, killed with SIGKILL at a call: what the manual says to do then puts it right.

What such a run leaves in Entra and not in the state is told in ``test_a_cut_run_is_mended.py``, and every other place
to be killed at in ``test_a_killed_run_is_finished_by_the_next.py``.

The story is told once, and each test reads a fact off it.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from acts import Teller, told_in

from emulator.moods.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

PROCESSES = Path("/proc")
PLUGIN = b"entrasync-plugin"
SETTINGS: dict[str, Any] = {"groups": ["Elium users"]}
EVERYBODY = SETTINGS | {"scope": "all", "acceptEntrants": 14}

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(
        not (PROCESSES / "self" / "environ").exists(), reason="whose process is whose is read from /proc"
    ),
]


class Kills(Fault):
    """Kills processes of one stack when they ask for something, and does not do it.

    To be killed after a call is to be killed at the next one: a request whose sender is gone may not be read at all.
    """

    def __init__(self, route: str, home: str, command: bytes = b"") -> None:
        super().__init__(route=route, drop=True)
        self._mark, self._command = f"PULUMI_HOME={home}\0".encode(), command
        self.killed = 0

    def strikes(self, name: str) -> bool:
        if not super().strikes(name):
            return False
        for process in PROCESSES.glob("[0-9]*"):
            if _reads(process / "environ", self._mark) and _reads(process / "cmdline", self._command):
                os.kill(int(process.name), signal.SIGKILL)
                self.killed += 1
        return True


def _reads(file: Path, text: bytes) -> bool:
    """Tell whether a file of a process that may end meanwhile holds a text."""
    try:
        return text in file.read_bytes()
    except OSError:
        return False


def _killed(teller: Teller, name: str, route: str, command: bytes = b"") -> None:
    """Run ``up`` and kill it at a request."""
    kills = Kills(route, teller.stack.variables["PULUMI_HOME"], command)
    teller.served.emulator.entra.faults.add([kills])
    teller.up(name, succeeds=False)
    assert kills.killed


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teller]:
    with told_in(tmp_path_factory.mktemp("elium"), **SETTINGS) as teller:
        _killed(teller, "making", "PUT */synchronization/secrets")
        teller.refresh("locked", succeeds=False)
        teller.act("cancel", "cancel", "--yes")
        teller.up("finished")
        teller.cycle()

        teller.stack.declare(**EVERYBODY)
        _killed(teller, "widening", "POST */restart", PLUGIN)
        teller.refresh("refresh")
        teller.up("restarted")
        teller.cycle()
        teller.up("again", **SETTINGS | {"scope": "all"})

        teller.stack.declare(groups=[], scope="all")
        _killed(teller, "unassigning", "DELETE */appRoleAssignedTo/{id}")
        teller.act("cancel again", "cancel", "--yes")
        # As when the run is killed while Entra answers.
        teller.tenant.directory.unassign(teller.assignments()[0].id)
        teller.up("gone already", succeeds=False)
        teller.refresh("refresh again")
        teller.up("in the end")
        yield teller


def test_a_run_that_was_killed_leaves_a_lock_that_names_what_takes_it_away(story: Teller) -> None:
    assert "delete the lock file with `pulumi cancel`" in story.acts["locked"].said


def test_a_job_that_was_made_unnoticed_is_taken_over_by_the_next_run(story: Teller) -> None:
    (made,) = story.acts["making"].world.jobs

    assert story.acts["making"].world.jobs == {made: False}
    assert story.acts["finished"].world.jobs == {made: True}


def test_a_restart_that_was_due_when_the_plugin_was_killed_is_done_after_a_refresh(story: Teller) -> None:
    assert '~ scope: "assigned" => "all"' in story.acts["refresh"].said
    writes = [call for call in story.acts["restarted"].calls if not call.startswith("GET")]
    assert writes == ["POST jobs/{job}/restart"]


def test_nobody_is_missing_in_the_end_and_nothing_is_left_to_do(story: Teller) -> None:
    accounts = story.acts["again"].world.accounts

    assert (len(accounts), all(accounts.values())) == (24, True)
    assert "6 unchanged" in story.acts["again"].said


def test_an_assignment_that_is_gone_already_is_forgotten_by_a_refresh(story: Teller) -> None:
    assert "unexpected status 404" in story.acts["gone already"].said
    assert "5 unchanged" in story.acts["in the end"].said
    assert (story.acts["in the end"].world.assigned, len(story.acts["in the end"].world.accounts)) == ([], 24)


def test_no_kill_becomes_a_traceback(story: Teller) -> None:
    assert [name for name, act in story.acts.items() if "Traceback" in act.said] == []
