"""A journal outlives the runner, whose folder is gone, and nobody else can read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.onboard.journals import kept

ITS_OWN = Path(".state/fleet/bolt/.state/teardown/bolt.json")
AMONG_RESULTS = Path("journals/bolt/bolt.json")


def written(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def cut_run(results: Path, project: Path) -> None:
    with kept(results, project, ["bolt"]):
        written(project / ITS_OWN, "half")
        # So it is kept even where nobody comes to end this.
        assert (results / AMONG_RESULTS).read_text(encoding="utf-8") == "half"
        raise KeyboardInterrupt


def test_a_journal_is_kept_however_the_run_ends_and_comes_back_on_the_next_runner(tmp_path: Path) -> None:
    results, first, second = (tmp_path / name for name in ("out", "first", "second"))

    with pytest.raises(KeyboardInterrupt):
        cut_run(results, first)
    with kept(results, second, ["bolt"]):
        assert (second / ITS_OWN).read_text(encoding="utf-8") == "half"
        written(second / ITS_OWN, "whole")

    assert (results / AMONG_RESULTS).read_text(encoding="utf-8") == "whole"
    assert (second / ITS_OWN).read_text(encoding="utf-8") == "whole"
    assert not (second / ITS_OWN).parent.is_symlink()
    assert [(second / ITS_OWN).stat().st_mode & 0o077, (results / AMONG_RESULTS).parent.stat().st_mode & 0o077] == [
        0,
        0,
    ]


def test_a_runner_that_keeps_its_folder_goes_on_after_a_kill(tmp_path: Path) -> None:
    results, project = tmp_path / "out", tmp_path / "project"
    its_own, among_results = (project / ITS_OWN).parent, (results / AMONG_RESULTS).parent
    for folder in (its_own.parent, among_results):
        folder.mkdir(parents=True)
    # As a kill leaves it.
    its_own.symlink_to(among_results)
    written(project / ITS_OWN, "half")

    with kept(results, project, ["bolt"]):
        assert (project / ITS_OWN).read_text(encoding="utf-8") == "half"
    assert (project / ITS_OWN).read_text(encoding="utf-8") == "half"


def test_of_several_attempts_the_last_one_counts_and_what_the_runner_has_itself_before_it(tmp_path: Path) -> None:
    runner, other = tmp_path / "runner", tmp_path / "other"
    written(other / ITS_OWN, "its own")

    for project, text in ((runner, "2"), (other, "its own")):
        results = project / "out"
        for attempt in ("1", "2"):
            written(results / f"elium-teardown-{attempt}" / AMONG_RESULTS, attempt)
        with kept(results, project, ["bolt"]):
            assert (project / ITS_OWN).read_text(encoding="utf-8") == text
