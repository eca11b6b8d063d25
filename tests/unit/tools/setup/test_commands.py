from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from tools.setup.commands import CANNOT_RUN, TOOK_TOO_LONG, Ended, run

if TYPE_CHECKING:
    from pathlib import Path

PATH = {"PATH": os.environ["PATH"]}


def test_what_a_program_prints_is_kept_errors_included() -> None:
    both = "import sys; print('out', flush=True); print('err', file=sys.stderr)"

    assert Ended(0, "out\nerr\n") == run([sys.executable, "-c", both], within=10, environment=PATH)


def test_a_program_runs_where_and_with_what_it_is_told(tmp_path: Path) -> None:
    tell = "import os; print(os.getcwd(), os.environ['WHO'])"

    ended = run([sys.executable, "-c", tell], within=10, environment={**PATH, "WHO": "ada"}, where=tmp_path)

    assert f"{tmp_path} ada\n" == ended.output


def test_a_program_that_does_not_exist_has_ended() -> None:
    assert Ended(CANNOT_RUN, "no-such-program: No such file or directory") == run(
        ["no-such-program"], within=10, environment=PATH
    )


def test_a_file_that_is_no_program_has_ended(tmp_path: Path) -> None:
    junk = tmp_path / "junk"
    junk.write_bytes(b"\x7fELF, but only half of it")
    junk.chmod(0o755)

    assert run([junk], within=10, environment=PATH).code == CANNOT_RUN


def test_a_program_without_an_end_is_ended_with_all_it_has_started() -> None:
    # The child holds the pipe open: run() would not come back if only its parent were ended.
    endless = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import signal; signal.pause()'])"

    ended = run([sys.executable, "-c", endless], within=0.5, environment=PATH)

    assert ended.code == TOOK_TOO_LONG


def test_the_last_line_says_why() -> None:
    assert Ended(1, "building\nno space left\n\n").last_line == "no space left"


def test_who_says_nothing_leaves_an_exit_code() -> None:
    assert Ended(3, "").last_line == "exit code 3"
