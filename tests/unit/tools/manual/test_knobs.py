"""The page about the knobs."""

from __future__ import annotations

from dataclasses import fields

import pytest

from emulator.moods.graph_knobs import GraphKnobs
from emulator.moods.knobs import Knobs
from tools.manual.knobs import page

MARKS = (
    *("ocumented", "bserved", "nferred", "nknown", "isputed", "aptured", "ublished"),
    *("says", "See ", "left open", "ommonly quoted"),
)


@pytest.mark.parametrize("knob", [knob.name for of in (Knobs, GraphKnobs) for knob in fields(of)])
def test_every_knob_says_what_is_known_about_it(knob: str) -> None:
    (row,) = (line for line in page().splitlines() if line.startswith(f"| `{knob}` |"))

    assert any(mark in row for mark in MARKS), row
