"""How waiting is shown: a bar where somebody watches, lines where nobody does."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from provisioning.commands.progress import Watching, in_words
from provisioning.commands.screen import Screen
from provisioning.model.identifiers import JobId, TemplateId
from provisioning.model.job import Job
from provisioning.model.synchronization_status import Cycle, Progress, SynchronizationStatus

MINUTE = timedelta(minutes=1)
BEGAN = datetime(2026, 1, 15, 9, tzinfo=UTC)


def a_status(**more: Any) -> SynchronizationStatus:
    return SynchronizationStatus(Job(JobId("elium.7a"), TemplateId("elium"), is_on=True, status="Active"), **more)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (a_status(), "waited 1 min, the first cycle runs: 20 minutes to hours"),
        (a_status(progress=Progress(3, 10, "Entries")), "waited 1 min, 3 of 10 Entries"),
        (a_status(last=Cycle(BEGAN, BEGAN + MINUTE, "Succeeded")), "waited 1 min, the last cycle took 1 min"),
    ],
)
def test_waiting_is_told_with_what_is_known(status: SynchronizationStatus, said: str) -> None:
    assert in_words(status, MINUTE) == said


def test_lines_are_written_where_there_is_no_terminal() -> None:
    err = io.StringIO()
    with Watching(Screen(io.StringIO(), err), MINUTE) as watching:
        watching.tell(a_status(), MINUTE)

    assert err.getvalue() == "waited 1 min, the first cycle runs: 20 minutes to hours\n"


def test_a_bar_is_drawn_on_a_terminal_and_nothing_goes_to_stdout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    out, err = io.StringIO(), io.StringIO()
    with Watching(Screen(out, err, has_terminal=True), MINUTE) as watching:
        watching.tell(a_status(progress=Progress(3, 10, "Entries")), MINUTE)

    assert "waited 1 min, 3 of 10 Entries" in err.getvalue()
    assert "\x1b[" in err.getvalue()
    assert out.getvalue() == ""


def test_colour_is_left_out_where_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    err = io.StringIO()
    with Watching(Screen(io.StringIO(), err, has_terminal=True), MINUTE) as watching:
        watching.tell(a_status(), MINUTE)

    assert "\x1b[3" not in err.getvalue().replace("\x1b[?25", "")
