"""Running other programs: what to run goes in, how it ended comes out. A program that cannot be run has ended, too."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended."""

    code: int
    """Its exit code: 0 when it did what it was asked to."""

    output: str
    """Everything it printed, errors included."""

    @property
    def succeeded(self) -> bool:
        """Tell whether it did what it was asked to."""
        return self.code == 0

    @property
    def last_line(self) -> str:
        """What it said last, which is mostly why it gave up."""
        lines = self.output.strip().splitlines()
        return lines[-1].strip() if lines else f"exit code {self.code}"


Command: TypeAlias = "Sequence[str | Path]"
"""A program and its arguments."""


class Runner(Protocol):
    """Runs a program to its end."""

    def __call__(
        self, command: Command, *, within: float, environment: Mapping[str, str], where: Path | None = None
    ) -> Ended:
        """Run *command* in folder *where* and wait for it, *within* seconds at most."""


CANNOT_RUN = 126
TOOK_TOO_LONG = 124
"""The exit codes that shells use for the two."""


def run(command: Command, *, within: float, environment: Mapping[str, str], where: Path | None = None) -> Ended:
    """Run *command* for real. Whatever ends the waiting also ends the program and all that it has started."""
    try:
        program = subprocess.Popen(  # noqa: S603 - the commands are ours, and there is no shell
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=where,
            env=dict(environment),
            start_new_session=True,
        )
    except OSError as reason:
        return Ended(CANNOT_RUN, f"{command[0]}: {reason.strerror}")
    with program:
        try:
            output, _ = program.communicate(timeout=within)
        except subprocess.TimeoutExpired:
            return Ended(TOOK_TOO_LONG, f"no answer within {within:.0f} s")
        finally:
            if program.returncode is None:
                os.killpg(program.pid, signal.SIGKILL)  # it leads a session of its own
    return Ended(program.returncode, output)
