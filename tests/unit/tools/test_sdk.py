from __future__ import annotations

from pathlib import Path

import pytest
from unit.tools.stage import Machine, a_context, a_program, asked_of, fails, says

from tools.errors import SetUpError
from tools.sdk import compile_node_sdk, generator, write_sdks
from tools.setup.commands import Ended
from tools.setup.context import Context


def build(command: list[str]) -> Ended:
    """Do what Go does: write the program after ``-o``."""
    a_program(Path(command[command.index("-o") + 1]), "built")
    return says("")


@pytest.fixture
def context(tmp_path: Path) -> Context:
    """Return a clone with the generator's source, on a machine with Go and Node."""
    for program in ("go", "node", "npm"):
        a_program(tmp_path / "bin" / program)
    quiet = dict.fromkeys(("entrasync.json", "npm ci", "tsc"), says(""))
    machine = Machine({"go version": says("go1.26.8"), "go build": build, **quiet})
    context = a_context(tmp_path, machine, {"PATH": str(tmp_path / "bin")})
    folder = context.clone.root / "tools" / "pulumi-sdks"
    folder.mkdir(parents=True)
    for name in ("main.go", "go.sum"):
        (folder / name).write_text(name, encoding="utf-8")
    context.clone.npm_lock.parent.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        context.clone.npm_lock.with_name(name).write_text("{}", encoding="utf-8")
    return context


def test_the_generator_is_given_the_schema_that_people_review(context: Context, tmp_path: Path) -> None:
    write_sdks(context, tmp_path / "sdk")

    asked = asked_of(context)[-1]
    assert asked.endswith(f"/bin/pulumi-sdks {context.clone.root}/schemas/entrasync.json {tmp_path}/sdk")


def test_another_source_is_another_generator(context: Context) -> None:
    before = generator(context.clone)
    (context.clone.root / "tools" / "pulumi-sdks" / "main.go").write_text("other", encoding="utf-8")

    assert generator(context.clone).version != before.version


def test_what_the_generator_has_against_the_schema_is_said(context: Context, tmp_path: Path) -> None:
    assert isinstance(context.run, Machine)
    context.run.answers = {**context.run.answers, "entrasync.json": fails("invalid token 'job'\nthe schema is wrong")}

    with pytest.raises(SetUpError, match="invalid token 'job'"):
        write_sdks(context, tmp_path / "sdk")


def test_the_compiled_sdk_has_beside_it_what_it_reads(context: Context, tmp_path: Path) -> None:
    written = tmp_path / "sdk"
    (written / "nodejs" / "bin").mkdir(parents=True)
    for name in ("package.json", "README.md"):
        (written / "nodejs" / name).write_text(name, encoding="utf-8")

    package = compile_node_sdk(context, written)

    assert sorted(each.name for each in package.iterdir()) == ["README.md", "package.json"]
    assert (written / "nodejs" / "node_modules").readlink() == context.clone.node_modules
