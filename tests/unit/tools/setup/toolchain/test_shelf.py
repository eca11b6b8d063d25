from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from unit.tools.stage import a_program, a_workshop, fails, says

from tools.errors import UnavailableError
from tools.places import toolchain_home
from tools.setup.toolchain.programs import ENGINE, PROGRAMS
from tools.setup.toolchain.shelf import being_made, cached_toolchain

if TYPE_CHECKING:
    from pathlib import Path

    from tools.setup.workshop import Workshop

ANSWERS = {"pulumi version": says("v3.259.0")}


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return a_workshop(tmp_path, ANSWERS)


def make(workshop: Workshop) -> None:
    with being_made(workshop) as home:
        for program in PROGRAMS:
            a_program(home / "bin" / program)


def test_what_was_made_is_found(workshop: Workshop) -> None:
    make(workshop)

    assert toolchain_home(workshop.cache) / "bin" == cached_toolchain(workshop)


def test_at_first_there_is_none(workshop: Workshop) -> None:
    with pytest.raises(UnavailableError, match="there is none yet"):
        cached_toolchain(workshop)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_truncated_program_is_noticed(workshop: Workshop, program: str) -> None:
    make(workshop)
    (toolchain_home(workshop.cache) / "bin" / program).write_text("#!", encoding="utf-8")

    with pytest.raises(UnavailableError, match=f"unusable, {program} is damaged"):
        cached_toolchain(workshop)


def test_an_engine_that_does_not_answer_is_noticed(tmp_path: Path, workshop: Workshop) -> None:
    make(workshop)

    with pytest.raises(UnavailableError, match="does not answer"):
        cached_toolchain(a_workshop(tmp_path, {"pulumi version": fails("Segmentation fault")}))


def test_a_damaged_toolchain_is_replaced(workshop: Workshop) -> None:
    make(workshop)
    (toolchain_home(workshop.cache) / "bin" / ENGINE).unlink()

    make(workshop)

    assert toolchain_home(workshop.cache) / "bin" == cached_toolchain(workshop)


def test_what_fails_half_way_leaves_nothing(workshop: Workshop) -> None:
    def fail_half_way() -> None:
        with being_made(workshop) as home:
            a_program(home / "bin" / ENGINE)
            raise UnavailableError("no space left")

    with pytest.raises(UnavailableError, match="no space left"):
        fail_half_way()

    assert list(workshop.cache.iterdir()) == []


def test_what_does_not_answer_is_not_put_on_the_shelf(tmp_path: Path) -> None:
    workshop = a_workshop(tmp_path, {"pulumi version": fails("Segmentation fault")})

    with pytest.raises(UnavailableError, match="does not answer"):
        make(workshop)

    assert list(workshop.cache.iterdir()) == []


def test_what_a_killed_set_up_left_behind_is_swept_away(workshop: Workshop) -> None:
    left_behind = toolchain_home(workshop.cache).with_name(f"{toolchain_home(workshop.cache).name}.unfinished-x1y2")
    a_program(left_behind / "whole" / "bin" / ENGINE)

    make(workshop)

    assert [toolchain_home(workshop.cache)] == list(workshop.cache.iterdir())
