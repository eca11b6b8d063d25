from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from unit.tools.stage import Machine, a_program, a_workshop, asked_of, fails, says

from tools.errors import UnavailableError
from tools.setup.toolchain.built import built_toolchain
from tools.setup.toolchain.programs import EXECUTOR
from tools.setup.toolchain.shelf import cached_toolchain

if TYPE_CHECKING:
    from tools.setup.commands import Ended
    from tools.setup.workshop import Workshop


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
def workshop(tmp_path: Path, machine: Machine) -> Workshop:
    go = a_program(tmp_path / "go" / "go")
    return a_workshop(tmp_path, machine, {"PATH": str(go.parent), "GOFLAGS": "-mod=vendor"})


def test_engine_and_host_are_built_each_in_its_own_module(workshop: Workshop) -> None:
    built_toolchain(workshop)

    assert [line.partition(": ")[0] for line in asked_of(workshop) if "go build" in line] == [
        "pulumi",
        "pulumi-language-python",
    ]


def test_what_was_built_is_found_in_the_cache(workshop: Workshop) -> None:
    assert built_toolchain(workshop) == cached_toolchain(workshop)


def test_both_programs_are_stamped_with_their_version(workshop: Workshop) -> None:
    built_toolchain(workshop)

    engine, host = (line for line in asked_of(workshop) if "go build" in line)
    assert "version.Version=v3.259.0" in engine
    assert "version.Version=v3.78.1" in host


def test_the_executor_can_be_run_though_the_module_cache_is_read_only(workshop: Workshop) -> None:
    folder = built_toolchain(workshop)

    assert os.access(folder / EXECUTOR, os.X_OK)


def test_the_users_go_flags_do_not_change_the_program(workshop: Workshop, machine: Machine) -> None:
    built_toolchain(workshop)

    assert machine.environments[0]["GOFLAGS"] == "-trimpath -buildvcs=false -mod=readonly"


def test_without_go_nothing_is_tried(tmp_path: Path) -> None:
    workshop = a_workshop(tmp_path)

    with pytest.raises(UnavailableError, match="there is no Go"):
        built_toolchain(workshop)

    assert asked_of(workshop) == []


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"go version": says("go version go1.20 linux/amd64")}, "Go is older than 1.26.0"),
        ({"go version": fails("go: go.mod requires go >= 1.26 (GOTOOLCHAIN=local)")}, "requires go >= 1.26"),
        ({"go version": says("go1.26.1"), "go build": fails("dial tcp: no such host")}, "no such host"),
    ],
)
def test_a_go_that_cannot_build_it_says_why(
    workshop: Workshop, machine: Machine, answers: dict[str, Ended], why: str
) -> None:
    machine.answers = answers

    with pytest.raises(UnavailableError, match=why):
        built_toolchain(workshop)

    assert list(workshop.cache.iterdir()) == []
