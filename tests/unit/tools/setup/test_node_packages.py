from __future__ import annotations

from pathlib import Path

import pytest
from unit.tools.stage import Machine, a_context, a_program, asked_of, fails, says

from tools.errors import SetUpError, UnavailableError
from tools.setup.context import Context
from tools.setup.node_packages import node_packages


@pytest.fixture
def machine() -> Machine:
    return Machine({"npm ci": says("")})


@pytest.fixture
def context(tmp_path: Path, machine: Machine) -> Context:
    for program in ("node", "npm"):
        a_program(tmp_path / "bin" / program)
    context = a_context(tmp_path, machine, {"PATH": str(tmp_path / "bin")})
    context.clone.npm_lock.parent.mkdir(parents=True)
    context.clone.npm_lock.write_text("{}", encoding="utf-8")
    context.clone.npm_lock.with_name("package.json").write_text("{}", encoding="utf-8")
    return context


def test_they_are_installed_as_locked_and_once(context: Context) -> None:
    assert node_packages(context) == node_packages(context) == context.clone.node_modules

    assert asked_of(context) == ["nodejs: npm ci --ignore-scripts --no-audit --no-fund --silent"]


def test_another_lock_installs_them_again(context: Context) -> None:
    node_packages(context)
    context.clone.npm_lock.write_text('{"name": "other"}', encoding="utf-8")

    node_packages(context)

    assert len(asked_of(context)) == 2


def test_what_failed_is_tried_again(context: Context, machine: Machine) -> None:
    machine.answers = {"npm ci": fails("npm error code ENOTFOUND")}
    with pytest.raises(SetUpError, match="could not be installed: npm error code ENOTFOUND"):
        node_packages(context)
    machine.answers = {"npm ci": says("")}

    node_packages(context)

    assert len(asked_of(context)) == 2


def test_without_node_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="there is no node and no npm"):
        node_packages(a_context(tmp_path))
