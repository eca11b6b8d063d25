"""The emulator's reference page names everything that it has, and nothing else."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from emulator.company.seed import Seed, read
from emulator.moods.faults import Fault
from emulator.web.environment import environment_of
from tools.manual.parity_rows import OTHER_ROUTES

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "emulator.md").read_text("utf-8")


def rows_of(chapter: str) -> list[str]:
    """Give what stands in the first column of a chapter's table."""
    text = PAGE.partition(f"\n## {chapter}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)


def test_every_control_request_is_documented() -> None:
    assert rows_of("Control") == [name for name in OTHER_ROUTES if "/_emulator/" in name]


def test_every_part_of_a_fault_is_documented() -> None:
    assert rows_of("Faults") == [part.name for part in fields(Fault) if not part.name.startswith("_")]


def test_every_part_of_the_seed_is_documented() -> None:
    assert rows_of("The seed") == list(Seed.model_fields)


def test_every_variable_of_the_environment_is_documented() -> None:
    text = PAGE.partition("\n## Environment\n")[2].partition("\n## ")[0]

    assert set(environment_of(read(), "https://localhost", "ca.pem")) == set(re.findall(r"`([A-Z_]+)`", text))
