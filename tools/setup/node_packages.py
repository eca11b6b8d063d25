"""The packages of Node that ``tools/nodejs`` pins: what compiles an SDK, and what programs in TypeScript use."""

from __future__ import annotations

import shutil
from pathlib import Path

from tools.errors import SetUpError, UnavailableError
from tools.places import Clone
from tools.setup.commands import Command
from tools.setup.context import Context

LOCKED = ("package.json", "package-lock.json")
AT_MOST = 600.0


def node_packages(context: Context) -> Path:
    """Return the folder with the packages, as locked; they are installed where it holds others, or none.

    :raises UnavailableError: when there is no Node, or no npm.
    :raises SetUpError: when they cannot be installed.
    """
    path = context.environment.get("PATH", "")
    lacking = [program for program in ("node", "npm") if shutil.which(program, path=path) is None]
    if lacking:
        raise UnavailableError(f"there is no {' and no '.join(lacking)}")
    folder = context.clone.node_modules
    if not _are_as_locked(context.clone):
        with context.progress.step("packages of Node, as locked", "1 min the first time") as outcome:
            _install(context)
            outcome.text = str(folder)
    return folder


def _are_as_locked(clone: Clone) -> bool:
    record = _record(clone)
    return record.is_file() and record.read_bytes() == clone.npm_lock.read_bytes()


def _install(context: Context) -> None:
    clone = context.clone
    home = clone.node_modules.parent
    home.mkdir(parents=True, exist_ok=True)
    _record(clone).unlink(missing_ok=True)
    for name in LOCKED:
        shutil.copyfile(clone.npm_lock.with_name(name), home / name)
    command: Command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    ended = context.run(command, within=AT_MOST, environment=context.environment, where=home)
    if not ended.succeeded:
        raise SetUpError(f"The packages of Node could not be installed: {ended.last_line}")
    shutil.copyfile(clone.npm_lock, _record(clone))


def _record(clone: Clone) -> Path:
    """Give the file that holds the lock after which the packages were installed, whole or not at all."""
    return clone.node_modules.parent / "installed"
