from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from unit.tools.stage import a_program

from tools.setup.manifest import MANIFEST, flaw_of, seal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    a_program(tmp_path / "pulumi", "the engine")
    seal(tmp_path, ["pulumi"])
    return tmp_path


def test_a_sealed_folder_has_no_flaw(folder: Path) -> None:
    assert flaw_of(folder, ["pulumi"]) is None


def test_a_truncated_program_is_damaged(folder: Path) -> None:
    (folder / "pulumi").write_text("the eng", encoding="utf-8")

    assert flaw_of(folder, ["pulumi"]) == "pulumi is damaged"


def test_a_program_that_is_gone_is_missing(folder: Path) -> None:
    (folder / "pulumi").unlink()

    assert flaw_of(folder, ["pulumi"]) == "pulumi is missing"


def test_a_program_that_was_not_sealed_is_damaged(folder: Path) -> None:
    a_program(folder / "another")

    assert flaw_of(folder, ["pulumi", "another"]) == "another is damaged"


def test_a_program_without_permission_cannot_be_run(folder: Path) -> None:
    (folder / "pulumi").chmod(0o644)

    assert flaw_of(folder, ["pulumi"]) == "pulumi cannot be run"


def test_a_folder_without_a_manifest_is_not_trusted(folder: Path) -> None:
    (folder / MANIFEST).unlink()

    assert flaw_of(folder, ["pulumi"]) == "manifest.json is missing"


@pytest.mark.parametrize("half_written", ["", '{"pulumi": "ab'])
def test_a_half_written_manifest_is_not_trusted(folder: Path, half_written: str) -> None:
    (folder / MANIFEST).write_text(half_written, encoding="utf-8")

    assert flaw_of(folder, ["pulumi"]) == "manifest.json cannot be read"
