from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from unit.tools.stage import a_context, printed_by

from tools.errors import SetUpError, UnavailableError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_step_is_one_line_what_how_long_what_came_of_it(tmp_path: Path) -> None:
    context = a_context(tmp_path)

    with context.progress.step("Pulumi", "5 min") as outcome:
        outcome.text = "built"

    assert printed_by(context) == ["Pulumi (5 min) … built, 1.0 s"]


def test_a_step_is_announced_before_it_begins(tmp_path: Path) -> None:
    context = a_context(tmp_path)

    with context.progress.step("Pulumi", "5 min"):
        assert printed_by(context) == ["Pulumi (5 min) … "]


def test_a_source_that_has_nothing_says_why(tmp_path: Path) -> None:
    context = a_context(tmp_path)

    with pytest.raises(UnavailableError), context.progress.step("Pulumi", "5 min"):
        raise UnavailableError("there is no Go")

    assert printed_by(context) == ["Pulumi (5 min) … there is no Go, 1.0 s"]


def test_a_step_that_is_interrupted_says_so(tmp_path: Path) -> None:
    context = a_context(tmp_path)

    with pytest.raises(KeyboardInterrupt), context.progress.step("Pulumi", "5 min"):
        raise KeyboardInterrupt

    assert printed_by(context) == ["Pulumi (5 min) … failed, 1.0 s"]


def test_a_check_is_kept_back_as_long_as_nothing_has_to_be_done(tmp_path: Path) -> None:
    context = a_context(tmp_path)

    with context.progress.summary("Set-up"), context.progress.check("uv") as outcome:
        outcome.text = "/bin/uv"

    assert printed_by(context) == ["Set-up … ready, 1.0 s"]


def test_the_one_line_is_begun_before_anything_is_looked_at(tmp_path: Path) -> None:
    context = a_context(tmp_path)

    with context.progress.summary("Set-up"):
        assert printed_by(context) == ["Set-up … "]


def test_what_was_found_is_told_before_the_first_step(tmp_path: Path) -> None:
    context = a_context(tmp_path)

    with context.progress.summary("Set-up"):
        with context.progress.check("uv") as outcome:
            outcome.text = "there is none yet"
        with context.progress.step("uv, for this clone alone", "1 min") as outcome:
            outcome.text = "done"

    assert printed_by(context) == [
        "Set-up … ",
        "uv: there is none yet",
        "uv, for this clone alone (1 min) … done, 1.0 s",
    ]


def test_what_was_found_is_told_when_the_set_up_is_stopped(tmp_path: Path) -> None:
    context = a_context(tmp_path)

    with pytest.raises(SetUpError), context.progress.summary("Set-up"), context.progress.check("uv"):
        raise SetUpError("This Python lacks its venv module.")

    assert printed_by(context) == ["Set-up … ", "uv: failed"]
