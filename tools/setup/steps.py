"""The steps of the set-up, in their order."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from typing import TYPE_CHECKING

from tools.errors import SetUpError
from tools.places import this_clone, user_cache
from tools.setup.azuread_plugin import azuread_plugin
from tools.setup.commands import run
from tools.setup.context import Context
from tools.setup.language_hosts import language_hosts
from tools.setup.lock import locked
from tools.setup.progress import Progress
from tools.setup.python_environment import python_environment
from tools.setup.toolchain.sources import toolchain
from tools.versions import locked_version, npm_locked_version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

DESCRIPTION = (
    "Prepare this clone: the locked Python environment in .venv, the Pulumi engine in your cache, the azuread plugin "
    "in .state. What is there already stays, so it can be run again at any time; nothing outside of clone and cache "
    "is touched. `make setup PYTHON=python3.12` runs it with another Python; docs/how-to/when-setup-fails.md explains "
    "what it says."
)

INTERRUPTED = 130
"""The exit code that shells give to a program ended by Ctrl-C."""


def set_up(context: Context, *, languages: bool = False) -> None:
    """Prepare everything, alone in this clone; *languages* means programs in TypeScript and YAML, too.

    :raises SetUpError: when something is missing that only the user can install.
    """

    def announce() -> None:
        context.progress.say("Another set-up is at work in this clone; waiting for it.")

    with context.progress.summary("Set-up"), locked(context.clone.state, when_waiting=announce):
        python_environment(context)
        folder = toolchain(context)
        azuread_plugin(context, folder, locked_version("pulumi-azuread", lock=context.clone.root / "uv.lock"))
        if languages:
            language_hosts(context, folder)
            azuread_plugin(context, folder, npm_locked_version("@pulumi/azuread", lock=context.clone.npm_lock))


def main(arguments: Sequence[str]) -> int:
    """Run the set-up for this clone and this user, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.setup", description=DESCRIPTION)
    parser.add_argument("--languages", action="store_true", help="also what runs programs in TypeScript and YAML")
    asked = parser.parse_args(arguments)
    environment = dict(os.environ)
    signal.signal(signal.SIGTERM, _stop)  # so that it ends like Ctrl-C, with nothing left running
    context = Context(this_clone(), user_cache(environment), environment, run, Progress(sys.stderr))
    return exit_code_of(context, languages=asked.languages)


def exit_code_of(context: Context, *, languages: bool = False) -> int:
    """Run the set-up, say in one sentence what stopped it, and return the exit code."""
    try:
        set_up(context, languages=languages)
    except SetUpError as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. Run it again to go on.\n")
        return INTERRUPTED
    return 0


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
