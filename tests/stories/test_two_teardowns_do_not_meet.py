"""Two teardowns of a stack at once, and one that was killed: the second one acts only when the first is gone."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from operating import Operator, Ran, ServedClock, operating

from provisioning.commands.exit_codes import ExitCode

HOLDER = """
import sys
from pathlib import Path
from provisioning.operations.teardown.lock import alone
with alone("dev", Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def operator() -> Iterator[Operator]:
    with operating() as operator:
        yield operator


@pytest.fixture
def holder(operator: Operator) -> Iterator[subprocess.Popen[str]]:
    """Start another process that takes the same stack down."""
    command = (sys.executable, "-c", HOLDER, str(operator.folder))
    with subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 - ours
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def take_down(operator: Operator) -> Ran:
    shown = operator.elium("teardown", "dev", "--json").document
    return operator.elium("teardown", "dev", "--doit", shown["checksum"])


def meanwhile(do: Callable[[], Ran], monkeypatch: pytest.MonkeyPatch) -> list[Ran]:
    """Do something once, in the first pause that the command makes."""
    ran: list[Ran] = []
    sleep = ServedClock.sleep

    async def sleep_once(clock: ServedClock, seconds: float) -> None:
        monkeypatch.setattr(ServedClock, "sleep", sleep)
        other = Thread(target=lambda: ran.append(do()))
        other.start()
        other.join()
        await sleep(clock, seconds)

    monkeypatch.setattr(ServedClock, "sleep", sleep_once)
    return ran


def test_a_second_one_does_nothing_and_says_who_is_at_it(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = meanwhile(lambda: operator.elium("teardown", "dev", "--doit", "1a2b3c4d"), monkeypatch)
    first = take_down(operator)
    (second,) = seconds

    assert (first.code, operator.active) == (0, [])
    assert (second.code, second.calls) == (ExitCode.REFUSED, [])
    assert f"under way already, by process {os.getpid()} on {socket.gethostname()}. Nothing was done." in second.err
    assert "Wait until it has ended, and look then: elium teardown dev" in second.err


@pytest.mark.usefixtures("holder")
def test_looking_is_possible_meanwhile(operator: Operator) -> None:
    assert operator.elium("teardown", "dev", "--json").document["state"] == "planned"


@pytest.mark.usefixtures("holder")
def test_with_organisation_and_project_before_it_it_is_the_same_stack(operator: Operator) -> None:
    assert operator.elium("teardown", "contoso/provisioning/dev", "--doit", "1a2b3c4d").code == ExitCode.REFUSED


def test_one_that_was_killed_is_in_nobody_s_way(operator: Operator, holder: subprocess.Popen[str]) -> None:
    refused = take_down(operator)
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    done = take_down(operator)

    assert re.search(rf"by process {holder.pid} on", refused.err)
    assert (refused.code, done.code, operator.active) == (ExitCode.REFUSED, 0, [])


def test_where_nothing_can_be_locked_nothing_is_done(operator: Operator) -> None:
    (operator.folder / ".state").write_text("not a folder", encoding="utf-8")
    ran = operator.elium("teardown", "dev", "--doit", "1a2b3c4d")

    assert (ran.code, ran.calls) == (ExitCode.CONFIGURATION, [])
    assert f"The lock {Path(operator.folder, '.state/teardown/dev.lock')} cannot be taken" in ran.err
