from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from unit.tools.stage import Machine, a_context, a_program, asked_of, fails, says

from tools.errors import UnavailableError
from tools.setup.toolchain.built import built_toolchain
from tools.setup.toolchain.cached import cached_toolchain
from tools.setup.toolchain.programs import EXECUTOR

if TYPE_CHECKING:
    from tools.setup.commands import Ended
    from tools.setup.context import Context


def build(command: list[str]) -> Ended:
    """Do what Go does: write the program after ``-o``."""
    a_program(Path(command[command.index("-o") + 1]), "built")
    return says("")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Has a recent Go, and the modules at hand."""
    script = a_program(tmp_path / "sdk" / "python" / "cmd" / EXECUTOR, "#!/usr/bin/env python3\n")
    script.chmod(0o444)
    return Machine(
        {
            "go version": says("go version go1.26.8 linux/amd64"),
            "go build": build,
            "go list": says(f"{tmp_path}/sdk\n"),
            "pulumi version": says("v3.259.0"),
        }
    )


@pytest.fixture
def context(tmp_path: Path, machine: Machine) -> Context:
    go = a_program(tmp_path / "go" / "go")
    return a_context(tmp_path, machine, {"PATH": str(go.parent), "GOFLAGS": "-mod=vendor"})


def test_engine_and_host_are_built_each_in_its_own_module(context: Context) -> None:
    built_toolchain(context)

    assert [line.partition(": ")[0] for line in asked_of(context) if "go build" in line] == [
        "pulumi",
        "pulumi-language-python",
    ]


def test_what_was_built_is_found_in_the_cache(context: Context) -> None:
    assert built_toolchain(context) == cached_toolchain(context)


def test_both_programs_are_stamped_with_their_version(context: Context) -> None:
    built_toolchain(context)

    engine, host = (line for line in asked_of(context) if "go build" in line)
    assert "version.Version=v3.259.0" in engine
    assert "version.Version=v3.78.1" in host


def test_the_executor_can_be_run_though_the_module_cache_is_read_only(context: Context) -> None:
    folder = built_toolchain(context)

    assert os.access(folder / EXECUTOR, os.X_OK)


def test_the_users_go_flags_do_not_change_the_program(context: Context, machine: Machine) -> None:
    built_toolchain(context)

    assert machine.environments[0]["GOFLAGS"] == "-trimpath -buildvcs=false -mod=readonly"


def test_without_go_nothing_is_tried(tmp_path: Path) -> None:
    context = a_context(tmp_path)

    with pytest.raises(UnavailableError, match="there is no Go"):
        built_toolchain(context)

    assert asked_of(context) == []


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"go version": says("go version go1.20 linux/amd64")}, "Go is older than 1.26.0"),
        ({"go version": fails("go: go.mod requires go >= 1.26 (GOTOOLCHAIN=local)")}, "requires go >= 1.26"),
        ({"go version": says("go1.26.1"), "go build": fails("dial tcp: no such host")}, "no such host"),
    ],
)
def test_a_go_that_cannot_build_it_says_why(
    context: Context, machine: Machine, answers: dict[str, Ended], why: str
) -> None:
    machine.answers = answers

    with pytest.raises(UnavailableError, match=why):
        built_toolchain(context)

    assert list(context.cache.iterdir()) == []
