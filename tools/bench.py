"""What the set-up itself costs: when all is there, and Pulumi on a program that has nothing to wait for.

``make bench`` prints it. The program exports one value: what is measured is the engine, the language host and Python.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tools.environment import environment
from tools.errors import SetUpError
from tools.places import this_clone
from tools.setup.commands import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tools.setup.commands import Command

PROGRAM = {
    "Pulumi.yaml": "name: bench\nruntime: python\n",
    "__main__.py": 'import pulumi\n\npulumi.export("answer", 42)\n',
}

MEASUREMENTS: tuple[tuple[str, Command], ...] = (
    ("set-up, everything there", [sys.executable, "-m", "tools.setup"]),
    ("a new stack", ["pulumi", "stack", "init", "bench"]),
    ("preview", ["pulumi", "preview", "--stack", "bench"]),
    ("first up", ["pulumi", "up", "--yes", "--stack", "bench"]),
    ("up with nothing to do", ["pulumi", "up", "--yes", "--stack", "bench"]),
    ("destroy", ["pulumi", "destroy", "--yes", "--stack", "bench"]),
)
AT_MOST = 120.0


def main(arguments: Sequence[str]) -> int:
    """Take every measurement once, in order, and return the exit code."""
    argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__).parse_args(arguments)
    try:
        with _a_program() as folder:
            for what, command in MEASUREMENTS:
                sys.stdout.write(f"{what:<26}{_seconds_of(command, folder):6.2f} s\n")
                sys.stdout.flush()
    except SetUpError as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    return 0


@contextmanager
def _a_program() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in PROGRAM.items():
            (Path(folder) / name).write_text(content, encoding="utf-8")
        yield Path(folder)


def _seconds_of(command: Command, folder: Path) -> float:
    """Run *command* in *folder*, whose state lies there, too."""
    clone = this_clone()
    ours = {**os.environ, **environment(clone, os.environ), "PULUMI_BACKEND_URL": folder.as_uri()}
    begun = time.monotonic()
    ended = run(command, within=AT_MOST, environment=ours, where=folder if command[0] == "pulumi" else clone.root)
    if not ended.succeeded:
        raise SetUpError(f"`{' '.join(str(word) for word in command)}` failed:\n{ended.output.strip()}")
    return time.monotonic() - begun


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
