from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from unit.tools.stage import a_context, printed_by

from tools.errors import UnavailableError

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
