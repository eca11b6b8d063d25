"""With the real ``pulumi`` command, killed with SIGKILL at three calls: what the manual says to do then puts it right.

The story is told once, and each test reads a fact off it.
"""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from acts import Teller, told_in

from emulator.faults import Fault
from scripts.recover.engine import Engine
from scripts.recover.looking import look_at

if TYPE_CHECKING:
    from collections.abc import Iterator

PROCESSES = Path("/proc")
PLUGIN = b"pulumi-resource-entrasync"
SETTINGS: dict[str, Any] = {"groups": ["Elium users"]}
MORE: dict[str, Any] = {"groups": ["Elium users", "All of sales"]}
EVERYBODY = MORE | {"scope": "all", "acceptEntrants": 14}

pytestmark = pytest.mark.skipif(
    not (PROCESSES / "self" / "environ").exists(), reason="whose process is whose is read from /proc"
)


class Kills(Fault):
    """Carries a request out, or not, and kills processes of one stack before anybody hears of it."""

    def __init__(self, route: str, home: str, command: bytes = b"", *, committed: bool) -> None:
        super().__init__(route=route, drop=True, committed=committed)
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


def _killed(teller: Teller, name: str, route: str, command: bytes = b"", *, committed: bool) -> None:
    """Run ``up`` and kill it at a request."""
    kills = Kills(route, teller.stack.variables["PULUMI_HOME"], command, committed=committed)
    teller.served.emulator.entra.faults.add([kills])
    teller.up(name, succeeds=False)
    assert kills.killed


def _recover(teller: Teller) -> list[str]:
    """Do what ``make recover`` does, once, and give the verbs."""
    engine = Engine(teller.stack.folder, teller.stack.variables, "dev")
    lines = asyncio.run(look_at(engine)).lines
    for line in lines:
        engine.carry_out(line)
    return [line[1] for line in lines]


@pytest.fixture(scope="module")
def recovered() -> list[str]:
    return []


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, recovered: list[str]) -> Iterator[Teller]:
    with told_in(tmp_path_factory.mktemp("elium"), **SETTINGS) as teller:
        _killed(teller, "making", "POST */synchronization/jobs", committed=True)
        teller.refresh("locked", succeeds=False)
        teller.act("cancel", "cancel", "--yes")
        teller.up("finished")
        teller.cycle()

        teller.stack.declare(**MORE)
        _killed(teller, "assigning", "POST */appRoleAssignedTo", committed=True)
        teller.act("cancel again", "cancel", "--yes")
        recovered.extend(_recover(teller))

        teller.stack.declare(**EVERYBODY)
        _killed(teller, "widening", "POST */restart", PLUGIN, committed=False)
        teller.refresh("refresh")
        teller.up("restarted")
        teller.cycle()
        teller.up("again", **MORE | {"scope": "all"})
        yield teller


def test_a_run_that_was_killed_leaves_a_lock_that_names_what_takes_it_away(story: Teller) -> None:
    assert "delete the lock file with `pulumi cancel`" in story.acts["locked"].said


def test_an_assignment_that_entra_has_and_the_state_has_not_is_imported(story: Teller, recovered: list[str]) -> None:
    assert "All of sales -> User of Elium" in story.acts["assigning"].world.assigned
    assert recovered == ["import", "refresh"]
    assert story.acts["again"].world.assigned == ["All of sales -> User of Elium", "Elium users -> User of Elium"]


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
    assert "7 unchanged" in story.acts["again"].said


def test_no_kill_becomes_a_traceback(story: Teller) -> None:
    assert [name for name, act in story.acts.items() if "Traceback" in act.said] == []
