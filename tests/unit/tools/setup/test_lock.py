from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tools.setup.lock import locked

if TYPE_CHECKING:
    from pathlib import Path

HOLD = """
import pathlib, sys
from tools.setup.lock import locked
with locked(pathlib.Path(sys.argv[1]), when_waiting=lambda: None):
    print("holding", flush=True)
    sys.stdin.read()
"""


def test_who_is_alone_does_not_wait(tmp_path: Path) -> None:
    waited: list[str] = []

    with locked(tmp_path / "new", when_waiting=lambda: waited.append("yes")):
        pass

    assert waited == []


def test_the_second_waits_until_the_first_is_gone(tmp_path: Path) -> None:
    first = subprocess.Popen(  # noqa: S603 - it is our own Python
        [sys.executable, "-c", HOLD, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert first.stdout is not None
    assert first.stdout.readline() == "holding\n"
    waited: list[str] = []

    def when_waiting() -> None:
        waited.append("yes")
        first.kill()  # as rude as it gets: the lock is let go of all the same

    with first, locked(tmp_path, when_waiting=when_waiting):
        assert waited == ["yes"]
