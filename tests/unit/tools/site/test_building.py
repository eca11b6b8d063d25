from __future__ import annotations

from pathlib import Path

from unit.tools.stage import Machine, a_context, fails, says

from tools.setup.commands import Ended
from tools.setup.context import Context
from tools.site.building import build


def a_clone_that(tmp_path: Path, zensical: Ended) -> Context:
    context = a_context(tmp_path, Machine({"git ls-files": says("README.md\ndocs/README.md\n"), "zensical": zensical}))
    (context.clone.root / "docs").mkdir()
    (context.clone.root / "README.md").write_text("# Elium\n", encoding="utf-8")
    (context.clone.root / "docs" / "README.md").write_text("# The manual\n", encoding="utf-8")
    (context.clone.root / "zensical.toml").write_text("[project]\n", encoding="utf-8")
    return context


def test_what_zensical_complains_of_is_told(tmp_path: Path) -> None:
    trace = "Traceback (most recent call last):\n  File main.py\nRuntimeError: Aborted"
    said = f"\x1b[33mUnresolved link\x1b[0m in a.md\n{trace}"

    told = build(a_clone_that(tmp_path, fails(said)), tmp_path, tmp_path / "build")

    assert told == ["Zensical did not build the manual: RuntimeError: Aborted\nUnresolved link in a.md"]


def test_pages_that_were_built_are_read(tmp_path: Path) -> None:
    context = a_clone_that(tmp_path, says("Build finished"))

    assert build(context, tmp_path, tmp_path / "build") == [f"{tmp_path}/build/site: there are no pages."]


def test_without_git_nothing_is_built(tmp_path: Path) -> None:
    context = a_context(tmp_path, Machine({"git": fails("fatal: not a git repository")}))

    told = build(context, tmp_path, tmp_path / "build")

    assert told == ["git does not say which files belong to the clone: fatal: not a git repository"]
