"""The locked Python environment in ``.venv``, made by uv; the clone gets its own uv if need be."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tools.errors import SetUpError
from tools.versions import LEAST_UV, UV, version_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.places import Clone
    from tools.setup.commands import Command, Ended
    from tools.setup.context import Context

AT_MOST = 1200.0


def python_environment(context: Context) -> None:
    """Make ``.venv`` hold exactly what ``uv.lock`` says.

    :raises SetUpError: when that cannot be.
    """
    uv = _uv_at_hand(context) or _new_uv(context)
    if not _is_as_locked(uv, context):
        with context.progress.step("Python environment in .venv, as locked", "1 min the first time") as outcome:
            _demand(context.run(_sync(uv, context), within=AT_MOST, environment=_undisturbed(context)))
            outcome.text = "complete"


def uv_of(clone: Clone, environment: Mapping[str, str]) -> Path:
    """Give the uv that the set-up has found or installed."""
    own = clone.uv_home / "bin" / "uv"
    return own if own.exists() else Path(shutil.which("uv", path=environment.get("PATH", "")) or "uv")


def environment_beside(context: Context, group: str, *, alone: bool) -> Path:
    """Make an environment of its own for a *group* of dependencies, and give the folder with its commands.

    With *alone* it holds nothing else; otherwise it holds all that ``.venv`` does too.

    :raises SetUpError: when that cannot be.
    """
    uv = _uv_at_hand(context) or _new_uv(context)
    home = context.clone.environment_beside(group)
    chosen = ["--only-group", group] if alone else ["--all-extras", "--group", group]
    python = [] if home.exists() else ["--python", str(context.clone.python)]
    command: Command = [uv, "sync", "--locked", *chosen, "--project", context.clone.root, *python]
    with context.progress.step(f"Python environment in {home.name}, as locked", "1 min the first time") as outcome:
        _demand(context.run(command, within=AT_MOST, environment=_undisturbed(context, home)))
        outcome.text = "complete"
    return home / "bin"


def _uv_at_hand(context: Context) -> Path | None:
    with context.progress.check("uv") as outcome:
        own = context.clone.uv_home / "bin" / "uv"
        uv = _uv_on_path(context) or (own if _is_recent(own, context) else None)
        outcome.text = str(uv or "there is none yet")
    return uv


def _new_uv(context: Context) -> Path:
    with context.progress.step("uv, for this clone alone", "1 min") as outcome:
        uv = _install_uv(context)
        outcome.text = str(uv)
    return uv


def _is_as_locked(uv: Path, context: Context) -> bool:
    with context.progress.check("Python environment in .venv, as locked") as outcome:
        asked: Command = [*_sync(uv, context), "--check"]
        is_complete = context.run(asked, within=AT_MOST, environment=_undisturbed(context)).succeeded
        outcome.text = "complete" if is_complete else "not yet"
    return is_complete


def _uv_on_path(context: Context) -> Path | None:
    found = shutil.which("uv", path=context.environment.get("PATH", ""))
    return Path(found) if found and _is_recent(Path(found), context) else None


def _install_uv(context: Context) -> Path:
    home = context.clone.uv_home
    if any(importlib.util.find_spec(module) is None for module in ("venv", "ensurepip")):
        raise SetUpError("This Python lacks its venv module: install it (Debian and Ubuntu: apt install python3-venv).")
    shutil.rmtree(home, ignore_errors=True)
    pip: Command = [
        home / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        f"uv=={UV}",
    ]
    _demand(context.run([sys.executable, "-m", "venv", home], within=AT_MOST, environment=context.environment))
    _demand(context.run(pip, within=AT_MOST, environment=context.environment))
    return home / "bin" / "uv"


def _is_recent(uv: Path, context: Context) -> bool:
    answer = context.run([uv, "--version"], within=10, environment=context.environment)
    version = version_in(answer.output) if answer.succeeded else None
    return version is not None and version >= LEAST_UV


def _sync(uv: Path, context: Context) -> Command:
    # An environment that works keeps its Python; a new one gets the Python that runs the set-up.
    python = [] if context.clone.python.exists() else ["--python", sys.executable]
    return [uv, "sync", "--locked", "--all-extras", "--project", context.clone.root, *python]


def _undisturbed(context: Context, home: Path | None = None) -> Mapping[str, str]:
    """Return the user's environment, less what would lead uv to another folder or to fetch another Python."""
    others = {"VIRTUAL_ENV", "UV_PROJECT", "UV_WORKING_DIRECTORY", "PYTHONPATH", "PYTHONHOME"}
    kept = {name: value for name, value in context.environment.items() if name not in others}
    return {**kept, "UV_PROJECT_ENVIRONMENT": str(home or context.clone.environment), "UV_PYTHON_DOWNLOADS": "never"}


def _demand(ended: Ended) -> None:
    if not ended.succeeded:
        raise SetUpError(f"The Python environment could not be made:\n{ended.output.strip()}")
