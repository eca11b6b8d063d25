"""A journal outlives the runner, whose folder is gone, and nobody else can read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.onboard.journals import kept

ITS_OWN = Path(".state/fleet/bolt/.state/teardown/bolt.json")


def written(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def cut_run(results: Path, project: Path) -> None:
    with kept(results, project):
        written(project / ITS_OWN, "half")
        raise KeyboardInterrupt


def test_a_journal_is_kept_however_the_run_ends_and_comes_back_on_the_next_runner(tmp_path: Path) -> None:
    results, first, second = (tmp_path / name for name in ("out", "first", "second"))

    with pytest.raises(KeyboardInterrupt):
        cut_run(results, first)
    with kept(results, second):
        found = second / ITS_OWN
        assert found.read_text(encoding="utf-8") == "half"
        written(found, "whole")

    journal = results / "journals" / "bolt.json"
    assert journal.read_text(encoding="utf-8") == "whole"
    assert [file.stat().st_mode & 0o077 for file in (journal, second / ITS_OWN)] == [0, 0]


def test_of_several_attempts_the_last_one_counts_and_what_the_runner_has_itself_before_it(tmp_path: Path) -> None:
    results, runner, other = (tmp_path / name for name in ("out", "runner", "other"))
    for attempt in ("1", "2"):
        written(results / f"elium-teardown-{attempt}" / "journals" / "bolt.json", attempt)
    written(other / ITS_OWN, "its own")

    for project, text in ((runner, "2"), (other, "its own")):
        with kept(results, project):
            assert (project / ITS_OWN).read_text(encoding="utf-8") == text
