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

    from tools.setup.commands import Command, Ended
    from tools.setup.workshop import Workshop

AT_MOST = 1200.0


def python_environment(workshop: Workshop) -> None:
    """Make ``.venv`` hold exactly what ``uv.lock`` says.

    :raises SetUpError: when that cannot be.
    """
    with workshop.progress.step("uv", "seconds, 1 min the first time") as outcome:
        uv = _uv_on_path(workshop) or _uv_of_the_clone(workshop)
        outcome.text = str(uv)
    with workshop.progress.step("Python environment in .venv, as locked", "seconds, 1 min the first time") as outcome:
        _demand(workshop.run(_sync(uv, workshop), within=AT_MOST, environment=_undisturbed(workshop)))
        outcome.text = "complete"


def _uv_on_path(workshop: Workshop) -> Path | None:
    found = shutil.which("uv", path=workshop.environment.get("PATH", ""))
    return Path(found) if found and _is_recent(Path(found), workshop) else None


def _uv_of_the_clone(workshop: Workshop) -> Path:
    home = workshop.clone.uv_home
    uv = home / "bin" / "uv"
    if _is_recent(uv, workshop):
        return uv
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
    _demand(workshop.run([sys.executable, "-m", "venv", home], within=AT_MOST, environment=workshop.environment))
    _demand(workshop.run(pip, within=AT_MOST, environment=workshop.environment))
    return uv


def _is_recent(uv: Path, workshop: Workshop) -> bool:
    answer = workshop.run([uv, "--version"], within=10, environment=workshop.environment)
    version = version_in(answer.output) if answer.succeeded else None
    return version is not None and version >= LEAST_UV


def _sync(uv: Path, workshop: Workshop) -> Command:
    # An environment that works keeps its Python; a new one gets the Python that runs the set-up.
    python = [] if workshop.clone.python.exists() else ["--python", sys.executable]
    return [uv, "sync", "--locked", "--all-extras", "--project", workshop.clone.root, *python]


def _undisturbed(workshop: Workshop) -> Mapping[str, str]:
    """Return the user's environment, less what would lead uv to another folder or to fetch another Python."""
    others = {"VIRTUAL_ENV", "UV_PROJECT", "UV_WORKING_DIRECTORY", "PYTHONPATH", "PYTHONHOME"}
    kept = {name: value for name, value in workshop.environment.items() if name not in others}
    return {**kept, "UV_PROJECT_ENVIRONMENT": str(workshop.clone.root / ".venv"), "UV_PYTHON_DOWNLOADS": "never"}


def _demand(ended: Ended) -> None:
    if not ended.succeeded:
        raise SetUpError(f"The Python environment could not be made:\n{ended.output.strip()}")
