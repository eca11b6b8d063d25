from __future__ import annotations

from pathlib import Path

import pytest
from unit.tools.stage import Machine, a_context, a_program, asked_of, printed_by, says

from tools.errors import SetUpError
from tools.places import built_home
from tools.setup.commands import Ended
from tools.setup.context import Context
from tools.setup.go_programs import Recipe, built_program

HOST = Recipe("pulumi-language-yaml", "example.com/yaml/cmd/host", "1.25.0", stamp="example.com/yaml/version.Version")


def build(command: list[str]) -> Ended:
    """Do what Go does: write the program after ``-o``."""
    a_program(Path(command[command.index("-o") + 1]), "built")
    return says("")


@pytest.fixture
def machine() -> Machine:
    return Machine({"go version": says("go version go1.26.8 linux/amd64"), "go build": build})


@pytest.fixture
def context(tmp_path: Path, machine: Machine) -> Context:
    go = a_program(tmp_path / "go" / "go")
    return a_context(tmp_path, machine, {"PATH": str(go.parent)})


def builds_of(context: Context) -> list[str]:
    return [line for line in asked_of(context) if "go build" in line]


def test_it_is_built_in_its_own_module_and_stamped(context: Context) -> None:
    program = built_program(HOST, context)

    assert program == built_home(context.cache, HOST.program, "1.25.0") / "bin" / HOST.program
    (line,) = builds_of(context)
    assert line.startswith("pulumi-language-yaml: go build")
    assert "-X example.com/yaml/version.Version=v1.25.0" in line
    assert line.endswith(HOST.package)


def test_it_is_built_once_for_all_clones(context: Context) -> None:
    assert built_program(HOST, context) == built_program(HOST, context)

    assert len(builds_of(context)) == 1


def test_a_damaged_one_is_built_again(context: Context) -> None:
    built_program(HOST, context).write_text("half of it", encoding="utf-8")

    built_program(HOST, context)

    assert len(builds_of(context)) == 2
    assert "pulumi-language-yaml in the user's cache: pulumi-language-yaml is damaged" in printed_by(context)


def test_without_go_a_sentence_says_what_to_install(tmp_path: Path) -> None:
    context = a_context(tmp_path)

    with pytest.raises(SetUpError, match="pulumi-language-yaml cannot be built, there is no Go: install"):
        built_program(HOST, context)

    assert [each.name for each in context.cache.iterdir()] == ["lock"]
