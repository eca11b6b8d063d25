from __future__ import annotations

from shutil import copytree
from typing import TYPE_CHECKING

import pytest

from tools.manual import __main__ as command
from tools.manual.generated import generated, stale, write
from tools.places import Clone, this_clone

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    clone = this_clone().root
    for folder in ("docs", "schemas"):
        copytree(clone / folder, tmp_path / folder)
    monkeypatch.setattr(command, "this_clone", lambda: Clone(tmp_path))
    write(tmp_path)
    return tmp_path


def spoil(page: Path) -> None:
    page.write_text(page.read_text(encoding="utf-8").replace("e", "E"), encoding="utf-8")


def test_every_generated_file_that_was_edited_is_stale(root: Path) -> None:
    whole = [file for file, _ in generated(root) if "<!-- generated:" not in file.read_text(encoding="utf-8")]
    for file in whole:
        spoil(file)

    assert len(whole) > 1
    assert [file for file, _ in stale(root)] == whole


def test_a_stale_page_is_named_with_the_command_that_writes_it(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(root / "docs/reference/knobs.md")

    assert command.main(["--check"]) == 1
    assert capsys.readouterr().err == "docs/reference/knobs.md is stale: run `make docs`.\n"


def test_one_command_writes_everything_that_is_stale(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "schemas/stack.schema.json").unlink()
    spoil(root / "docs/reference/expressions.md")

    assert command.main([]) == 0
    assert capsys.readouterr().out == (
        "schemas/stack.schema.json: written anew\ndocs/reference/expressions.md: written anew\n"
    )
    assert list(stale(root)) == []


def test_a_page_that_is_right_is_not_touched(root: Path) -> None:
    assert write(root) == []
