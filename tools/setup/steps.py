"""The steps of the set-up, in their order."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

from tools.errors import SetUpError
from tools.places import this_clone, user_cache
from tools.setup.azuread_plugin import azuread_plugin
from tools.setup.commands import run
from tools.setup.one_at_a_time import alone_in
from tools.setup.progress import Progress
from tools.setup.python_environment import python_environment
from tools.setup.toolchain.sources import toolchain
from tools.setup.workshop import Workshop

if TYPE_CHECKING:
    from types import FrameType

INTERRUPTED = 130
"""The exit code that shells give to a program ended by Ctrl-C."""


def set_up(workshop: Workshop) -> None:
    """Prepare everything, alone in this clone.

    :raises SetUpError: when something is missing that only the user can install.
    """

    def announce() -> None:
        workshop.progress.say("Another set-up is at work in this clone; waiting for it.")

    with alone_in(workshop.clone.state, when_waiting=announce):
        python_environment(workshop)
        azuread_plugin(workshop, toolchain(workshop))


def main() -> int:
    """Run the set-up for this clone and this user, and return the exit code."""
    environment = dict(os.environ)
    signal.signal(signal.SIGTERM, _stop)  # so that it ends like Ctrl-C, with nothing left running
    return exit_code_of(Workshop(this_clone(), user_cache(environment), environment, run, Progress(sys.stdout)))


def exit_code_of(workshop: Workshop) -> int:
    """Run the set-up, say in one sentence what stopped it, and return the exit code."""
    try:
        set_up(workshop)
    except SetUpError as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. Run it again to go on.\n")
        return INTERRUPTED
    return 0


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
