from __future__ import annotations

from pathlib import Path

import pytest
from unit.tools.stage import Machine, a_context, a_program, asked_of, says

from tools.setup.commands import Ended
from tools.setup.context import Context
from tools.setup.language_hosts import HOSTS, hand_on_language_hosts, language_hosts

YAML = "plugins/language-yaml-v1.25.0/pulumi-language-yaml"
NODE = "plugins/language-nodejs-v3.60.0/pulumi-language-nodejs"


def build(command: list[str]) -> Ended:
    """Do what Go does: write the program after ``-o``."""
    a_program(Path(command[command.index("-o") + 1]), "built")
    return says("")


@pytest.fixture
def toolchain(tmp_path: Path) -> Path:
    return a_program(tmp_path / "toolchain" / "pulumi").parent


@pytest.fixture
def context(tmp_path: Path) -> Context:
    go = a_program(tmp_path / "go" / "go")
    machine = Machine({"go version": says("go version go1.26.8 linux/amd64"), "go build": build})
    return a_context(tmp_path, machine, {"PATH": str(go.parent)})


def test_they_lie_where_pulumi_looks_for_plugins(context: Context, toolchain: Path) -> None:
    language_hosts(context, toolchain)

    assert {(context.clone.pulumi_home / place).read_text() for place in (YAML, NODE)} == {"built"}
    # Pulumi passes over a folder that is a link.
    assert not (context.clone.pulumi_home / YAML).parent.is_symlink()


def test_those_beside_the_engine_are_left_alone(context: Context, toolchain: Path, tmp_path: Path) -> None:
    for host in HOSTS:
        a_program(toolchain / host.program)
    link = tmp_path / "bin" / "pulumi"
    link.parent.mkdir()
    link.symlink_to(toolchain / "pulumi")

    language_hosts(context, link.parent)

    assert asked_of(context) == []
    assert not context.clone.pulumi_home.exists()


def test_one_of_another_version_goes_since_pulumi_takes_the_newest(context: Context, toolchain: Path) -> None:
    newer = a_program(context.clone.pulumi_home / "plugins/language-yaml-v9.0.0/pulumi-language-yaml")

    language_hosts(context, toolchain)

    assert not newer.exists()


def test_another_home_of_plugins_gets_them_too(context: Context, toolchain: Path, tmp_path: Path) -> None:
    language_hosts(context, toolchain)

    hand_on_language_hosts(context.clone, tmp_path / "home")

    assert (tmp_path / "home" / NODE).read_text() == "built"


def test_where_the_clone_has_none_there_is_nothing_to_hand_on(context: Context, tmp_path: Path) -> None:
    hand_on_language_hosts(context.clone, tmp_path / "home")

    assert not (tmp_path / "home").exists()
