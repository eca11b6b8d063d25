from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from witnesses.run import WITNESSES

from emulator import Emulator
from tools.manual.parity import FIGURES, problems, rows, witness, witnesses
from tools.manual.parity_rows import OTHER_ROUTES

if TYPE_CHECKING:
    from pathlib import Path


def test_every_row_has_a_witness_and_every_witness_a_row() -> None:
    assert problems(witnesses()) == []


def test_every_route_of_the_other_faces_has_a_row() -> None:
    assert sorted(f"{method} {path}" for method, path in Emulator().app.routes) == sorted(OTHER_ROUTES)


def test_a_row_without_a_witness_is_told() -> None:
    told = problems({row.claim: ["test"] for row in rows() if row.claim != "GET /users/delta"})

    assert told == ["Nothing shows that this holds: GET /users/delta"]


def test_a_witness_without_a_row_is_told() -> None:
    shown = {row.claim: ["test"] for row in rows()}

    assert problems({**shown, "GET /nowhere": ["test_x"]}) == ["There is no row for what test_x shows: GET /nowhere"]


def test_claims_are_read_from_the_tests(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text('@witness("A", "B")\n@other("C")\ndef test_y() -> None: ...\n')

    assert witnesses(tmp_path / "tests") == {"A": ["tests/test_x.py::test_y"], "B": ["tests/test_x.py::test_y"]}


def test_a_witness_needs_something_to_witness() -> None:
    with pytest.raises(ValueError, match="something to witness"):
        witness()


def test_the_figures_are_those_of_the_clients_that_are_locked() -> None:
    """A client that was raised walks anew: ``make witnesses ARGS="--record <name>"``."""
    figures = json.loads(FIGURES.read_text("utf-8"))

    assert {name: told["clients"] for name, told in figures.items()} == {
        each.name: each.versions() for each in WITNESSES
    }


def test_every_client_walked_both_at_an_address_and_at_microsofts_names() -> None:
    figures = json.loads(FIGURES.read_text("utf-8"))

    assert {name: len(told["walks"]) for name, told in figures.items()} == {each.name: 2 for each in WITNESSES}
