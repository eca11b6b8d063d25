"""The environment that keeps Pulumi local and quiet: its engine, its plugins and its memory are those of this clone.

``python -m tools.environment`` prints it, for ``eval "$(…)"``; with a command behind it, that command runs in it.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shlex
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tools.errors import SetUpError
from tools.places import this_clone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tools.places import Clone


def environment(clone: Clone, user: Mapping[str, str], *, keep_backend: bool = False) -> dict[str, str]:
    """Return the variables to lay on top of the *user*'s.

    A passphrase that the user has chosen stays theirs. A backend stays theirs only on request (*keep_backend*),
    so that trying things out never writes into a company's state.

    :raises SetUpError: before the set-up has run.
    """
    first = [str(clone.commands), str(_toolchain(clone))]
    others = [folder for folder in user.get("PATH", os.defpath).split(os.pathsep) if folder not in first]
    return {
        "PATH": os.pathsep.join([*first, *others]),
        "PULUMI_HOME": str(clone.pulumi_home),
        "PULUMI_BACKEND_URL": (keep_backend and user.get("PULUMI_BACKEND_URL")) or _backend(clone),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        **_passphrase(clone, user),
    }


def _toolchain(clone: Clone) -> Path:
    try:
        folder = Path(json.loads(clone.toolchain_record.read_text(encoding="utf-8"))["bin"])
    except FileNotFoundError:
        folder = None
    if folder is None or not folder.is_dir():
        raise SetUpError("There is no Pulumi for this clone yet: run `make setup` first.")
    return folder


def _backend(clone: Clone) -> str:
    clone.pulumi_state.mkdir(parents=True, exist_ok=True)
    return clone.pulumi_state.as_uri()


def _passphrase(clone: Clone, user: Mapping[str, str]) -> dict[str, str]:
    """Name the clone's own passphrase, unless the user has one; an empty one is one, too."""
    if "PULUMI_CONFIG_PASSPHRASE" in user or "PULUMI_CONFIG_PASSPHRASE_FILE" in user:
        return {}
    if not clone.passphrase.exists():
        _invent_passphrase(clone)
    return {"PULUMI_CONFIG_PASSPHRASE_FILE": str(clone.passphrase)}


def _invent_passphrase(clone: Clone) -> None:
    """Write a passphrase that only this user can read, whole or not at all; of two at once, the first one stays."""
    with tempfile.NamedTemporaryFile("w", dir=clone.state, prefix="passphrase-") as unfinished:
        unfinished.write(secrets.token_urlsafe(32))
        unfinished.flush()
        with suppress(FileExistsError):
            os.link(unfinished.name, clone.passphrase)


def main(arguments: Sequence[str]) -> int:
    """Print the environment, or run a command in it, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.environment", description=__doc__)
    parser.add_argument("--keep-backend", action="store_true", help="keep a PULUMI_BACKEND_URL of your own")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="what to run; without it, the environment is printed")
    asked = parser.parse_args(arguments)
    try:
        ours = environment(this_clone(), os.environ, keep_backend=asked.keep_backend)
    except SetUpError as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    if asked.command:
        os.execvpe(asked.command[0], asked.command, {**os.environ, **ours})  # noqa: S606 - no shell is meant
    sys.stdout.writelines(f"export {name}={shlex.quote(value)}\n" for name, value in ours.items())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
