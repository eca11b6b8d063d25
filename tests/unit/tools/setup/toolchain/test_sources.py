from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from unit.tools.stage import a_program, a_workshop, fails, printed_by, says

from tools.errors import SetUpError
from tools.setup.toolchain.programs import PROGRAMS
from tools.setup.toolchain.shelf import being_made
from tools.setup.toolchain.sources import AT_HAND, BUILT, CACHED, OWN, RELEASED, TO_BE_MADE, toolchain

if TYPE_CHECKING:
    from pathlib import Path

    from tools.setup.workshop import Workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """Has no Pulumi, no Go and no network."""
    workshop = a_workshop(tmp_path, {"install.sh": fails(""), "pulumi version": says("v3.259.0")})
    workshop.clone.state.mkdir()
    return workshop


def fill_cache_of(workshop: Workshop) -> None:
    with being_made(workshop) as home:
        for program in PROGRAMS:
            a_program(home / "bin" / program)


def test_the_cheapest_source_comes_first() -> None:
    assert [*AT_HAND, *TO_BE_MADE] == [OWN, CACHED, RELEASED, BUILT]


def test_a_cached_toolchain_is_taken_and_remembered(workshop: Workshop) -> None:
    fill_cache_of(workshop)

    folder = toolchain(workshop)

    assert json.loads(workshop.clone.toolchain_record.read_text(encoding="utf-8")) == {"bin": str(folder)}
    assert [line.split(" (")[0] for line in printed_by(workshop)] == ["Pulumi on PATH", "Pulumi in the user's cache"]


def test_each_source_that_has_nothing_says_why(workshop: Workshop) -> None:
    with pytest.raises(SetUpError):
        toolchain(workshop)

    assert [line.split(" … ")[1].split(",")[0] for line in printed_by(workshop)] == [
        "there is none",
        "there is none yet",
        "out of reach",
        "there is no Go",
    ]


def test_where_no_source_has_one_a_sentence_says_what_to_install(workshop: Workshop) -> None:
    with pytest.raises(SetUpError, match=r"install Pulumi 3\.255\.0 or newer .*, or Go 1\.26\.0 or newer"):
        toolchain(workshop)

    assert not workshop.clone.toolchain_record.exists()
