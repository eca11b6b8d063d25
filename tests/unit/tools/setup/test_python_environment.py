from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING

import pytest
from unit.tools.stage import Machine, a_context, a_program, asked_of, fails, printed_by, says

from tools.errors import SetUpError
from tools.setup.python_environment import environment_beside, python_environment

if TYPE_CHECKING:
    from pathlib import Path

NOT_YET = fails("Would create project environment")
SYNCED = {"--check": NOT_YET, "uv sync": says("")}


def test_a_recent_uv_on_path_is_used(tmp_path: Path) -> None:
    uv = a_program(tmp_path / "bin" / "uv")
    context = a_context(tmp_path, {"uv --version": says("uv 0.9.30"), **SYNCED}, {"PATH": str(uv.parent)})

    python_environment(context)

    assert asked_of(context)[1].startswith(f"{uv} sync --locked --all-extras")


def test_an_old_uv_on_path_is_passed_over_for_the_clones_own(tmp_path: Path) -> None:
    old = a_program(tmp_path / "bin" / "uv")
    answers = {f"{old} --version": says("uv 0.4.1"), ".uv/bin/uv --version": says("uv 0.13.9"), **SYNCED}
    context = a_context(tmp_path, answers, {"PATH": str(old.parent)})

    python_environment(context)

    assert printed_by(context)[0] == f"uv: {context.clone.uv_home}/bin/uv"


def test_without_any_uv_the_clone_gets_the_pinned_one(tmp_path: Path) -> None:
    context = a_context(tmp_path, {"-m venv": says(""), "-m pip": says(""), **SYNCED})

    python_environment(context)

    home = context.clone.uv_home
    assert [
        f"{home}/bin/uv --version",
        f"{sys.executable} -m venv {home}",
        f"{home}/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9",
    ] == asked_of(context)[:3]


def test_a_half_made_uv_home_is_swept_away(tmp_path: Path) -> None:
    context = a_context(tmp_path, {"-m venv": says(""), "-m pip": says(""), **SYNCED})
    half = a_program(context.clone.uv_home / "bin" / "uv")

    python_environment(context)

    assert not half.exists()


@pytest.mark.parametrize("lacking", ["venv", "ensurepip"])
def test_a_python_without_venv_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == lacking else object())

    with pytest.raises(SetUpError, match="apt install python3-venv"):
        python_environment(a_context(tmp_path))


def test_a_new_environment_gets_the_python_of_the_set_up(tmp_path: Path) -> None:
    context = a_context(tmp_path, {"uv --version": says("uv 0.13.9"), **SYNCED})

    python_environment(context)

    assert asked_of(context)[-1].endswith(f"--python {sys.executable}")


def test_an_environment_that_is_complete_is_only_looked_at(tmp_path: Path) -> None:
    context = a_context(tmp_path, {"uv --version": says("uv 0.13.9"), "--check": says("Would make no changes")})

    python_environment(context)

    assert asked_of(context)[-1].endswith("--check")
    assert printed_by(context)[-1] == "Python environment in .venv, as locked: complete"


def test_an_environment_that_works_keeps_its_python(tmp_path: Path) -> None:
    context = a_context(tmp_path, {"uv --version": says("uv 0.13.9"), **SYNCED})
    a_program(context.clone.python)

    python_environment(context)

    assert "--python" not in asked_of(context)[-1]


def test_an_active_environment_elsewhere_does_not_lead_uv_astray(tmp_path: Path) -> None:
    machine = Machine({"uv --version": says("uv 0.13.9"), **SYNCED})
    context = a_context(tmp_path, machine, {"PATH": "", "VIRTUAL_ENV": "/elsewhere"})

    python_environment(context)

    assert "VIRTUAL_ENV" not in machine.environments[-1]
    assert f"{context.clone.root}/.venv" == machine.environments[-1]["UV_PROJECT_ENVIRONMENT"]


def test_what_uv_complains_about_is_passed_on(tmp_path: Path) -> None:
    context = a_context(tmp_path, {"uv --version": says("uv 0.13.9"), "uv sync": fails("The lockfile needs update")})

    with pytest.raises(SetUpError, match="The lockfile needs update"):
        python_environment(context)


@pytest.mark.parametrize(("alone", "chosen"), [(True, "--only-group site"), (False, "--all-extras --group site")])
def test_a_group_that_few_need_has_an_environment_to_itself(tmp_path: Path, chosen: str, *, alone: bool) -> None:
    machine = Machine({"uv --version": says("uv 0.13.9"), **SYNCED})
    context = a_context(tmp_path, machine)

    commands = environment_beside(context, "site", alone=alone)

    root = context.clone.root
    assert commands == root / ".venv-site" / "bin"
    assert f" sync --locked {chosen} --project {root} --python {root}/.venv/bin/python" in asked_of(context)[-1]
    assert machine.environments[-1]["UV_PROJECT_ENVIRONMENT"] == f"{root}/.venv-site"
