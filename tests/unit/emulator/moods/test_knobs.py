"""The knobs and the page about them."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from emulator.moods.knobs import Knobs, reference

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "knobs.md"


def test_the_page_is_what_the_code_says() -> None:
    assert PAGE.read_text("utf-8") == reference()


def test_every_knob_says_what_is_known_about_it() -> None:
    marks = (
        "ocumented",
        "bserved",
        "nferred",
        "nknown",
        "isputed",
        "aptured",
        "ublished",
        "says",
        "See ",
        "left open",
    )

    for knob in fields(Knobs):
        row = next(line for line in reference().splitlines() if line.startswith(f"| `{knob.name}` |"))
        assert any(mark in row for mark in marks), row
