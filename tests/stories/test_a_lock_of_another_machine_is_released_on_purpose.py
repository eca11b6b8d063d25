"""A runner is killed with its machine: its lock stays, is told by name, and goes only when a person has said so."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from pulumi_fleet import Fleet, fleet

from provisioning.commands.exit_codes import ExitCode
from provisioning.fleet.engine import Command
from provisioning.fleet.locks import Holder
from provisioning.operations.deployed import EngineError

pytestmark = pytest.mark.engine

ELSEWHERE = "runner-17"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with fleet(tmp_path_factory.mktemp("fleet"), ("acme", "bolt")) as found:
        assert found.elium("up", "--yes", "--only", "bolt").code == ExitCode.OK
        yield found


def locks(story: Fleet, name: str) -> list[Path]:
    folder = story.folder / "state" / ".pulumi" / "locks" / "organization" / "elium-provisioning" / name
    return list(folder.glob("*.json"))


def lock(story: Fleet, name: str, *, host: str, pid: int) -> None:
    """Lock a stack as a run does."""
    folder = story.folder / "state" / ".pulumi" / "locks" / "organization" / "elium-provisioning" / name
    folder.mkdir(parents=True, exist_ok=True)
    held = {"pid": pid, "username": "ci", "hostname": host, "timestamp": datetime.now(UTC).isoformat()}
    (folder / f"{host}-{pid}.json").write_text(json.dumps(held), encoding="utf-8")


def killed_elsewhere(story: Fleet) -> None:
    """Kill a run while it makes acme's app, and let it have been another machine's."""
    with story.begun("up", "--yes", "--only", "acme") as run:
        while run.poll() is None and not story.apps("Elium acme"):
            pass
        # As when a machine goes: nobody is left who could tidy up, so the engine goes before it notices.
        run.send_signal(signal.SIGSTOP)
        for process in psutil.Process(run.pid).children(recursive=True):
            process.kill()
        run.kill()
    (left,) = locks(story, "acme")
    held = json.loads(left.read_text("utf-8"))
    left.write_text(json.dumps({**held, "hostname": ELSEWHERE}), encoding="utf-8")


def test_a_lock_of_a_killed_machine_is_named_and_released_only_on_purpose(story: Fleet) -> None:
    killed_elsewhere(story)

    ended = story.elium("up", "--json", "--resume")

    # Nobody here knows whether it still runs, so it is left alone.
    assert ended.verdicts == {"acme": "failed"}, ended.err
    assert f"@{ELSEWHERE} (pid " in ended.documents["acme"]["reason"]
    assert ended.documents["acme"]["whatToDo"].endswith("elium fleet unlock --only acme")

    shown = story.elium("unlock")

    assert shown.code == ExitCode.CONFIGURATION
    assert f"@{ELSEWHERE} (pid " in shown.err
    assert f"Whether it is still at work, only {ELSEWHERE} knows." in shown.err
    checksum = shown.err.rstrip().rpartition("--doit ")[2]
    assert story.elium("unlock", "--doit", "0ther000").code == ExitCode.REFUSED
    assert len(locks(story, "acme")) == 1

    ended = story.elium("unlock", "--json", "--doit", checksum)

    assert (ended.code, ended.verdicts) == (ExitCode.OK, {"acme": "done", "bolt": "unchanged"}), ended.err
    (holder,) = ended.documents["acme"]["holders"]
    assert (holder["host"], holder["isAlive"]) == (ELSEWHERE, None)
    assert holder.keys() == {"user", "host", "pid", "since", "isAlive"}
    assert locks(story, "acme") == []
    # What the killed run had made is in the state, so the next one does not make it twice.
    assert "pending_operations" not in json.loads(story.pulumi("acme", "stack", "export"))["deployment"]
    ended = story.elium("up", "--json", "--yes")
    assert ended.verdicts == {"acme": "done", "bolt": "unchanged"}, ended.err
    assert len(story.apps("Elium acme")) == 1
    assert set(story.elium("unlock", "--json").verdicts.values()) == {"unchanged"}


def test_a_lock_whose_holder_is_at_work_here_is_never_released(story: Fleet) -> None:
    lock(story, "bolt", host=socket.gethostname(), pid=os.getpid())

    ended = story.elium("unlock", "--only", "bolt")

    assert ended.code == ExitCode.REFUSED
    assert "It is at work." in ended.out
    assert f"kill -INT {os.getpid()}" in ended.out
    (holder,) = story.elium("unlock", "--only", "bolt", "--json").documents["bolt"]["holders"]
    assert (holder["pid"], holder["isAlive"]) == (os.getpid(), True)
    (left,) = locks(story, "bolt")
    left.unlink()


def test_a_lock_that_is_another_one_than_was_shown_stays(story: Fleet) -> None:
    lock(story, "bolt", host="runner-18", pid=7)
    command, folder = Command(story.environment), story.folder / ".state" / "fleet" / "bolt"
    shown = Holder("ci", ELSEWHERE, 7, datetime(2026, 11, 25, 4, tzinfo=UTC))

    with pytest.raises(EngineError, match=r"but by ci@runner-18 \(pid 7, .*Nothing was released"):
        command.release("bolt", folder, story.environment, shown=(shown,))

    (left,) = locks(story, "bolt")
    left.unlink()
