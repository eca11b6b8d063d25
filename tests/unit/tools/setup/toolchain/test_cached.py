from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from unit.tools.stage import a_context, a_program, fails, says

from tools.errors import UnavailableError
from tools.places import toolchain_home
from tools.setup.toolchain.cached import adding_to_cache, cached_toolchain
from tools.setup.toolchain.programs import ENGINE, PROGRAMS

if TYPE_CHECKING:
    from pathlib import Path

    from tools.setup.context import Context

ANSWERS = {"pulumi version": says("v3.259.0")}


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return a_context(tmp_path, ANSWERS)


def make(context: Context) -> None:
    with adding_to_cache(context) as home:
        for program in PROGRAMS:
            a_program(home / "bin" / program)


def test_what_was_made_is_found(context: Context) -> None:
    make(context)

    assert toolchain_home(context.cache) / "bin" == cached_toolchain(context)


def test_at_first_there_is_none(context: Context) -> None:
    with pytest.raises(UnavailableError, match="there is none yet"):
        cached_toolchain(context)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_truncated_program_is_noticed(context: Context, program: str) -> None:
    make(context)
    (toolchain_home(context.cache) / "bin" / program).write_text("#!", encoding="utf-8")

    with pytest.raises(UnavailableError, match=f"unusable, {program} is damaged"):
        cached_toolchain(context)


def test_an_engine_that_does_not_answer_is_noticed(tmp_path: Path, context: Context) -> None:
    make(context)

    with pytest.raises(UnavailableError, match="does not answer"):
        cached_toolchain(a_context(tmp_path, {"pulumi version": fails("Segmentation fault")}))


def test_a_damaged_toolchain_is_replaced(context: Context) -> None:
    make(context)
    (toolchain_home(context.cache) / "bin" / ENGINE).unlink()

    make(context)

    assert toolchain_home(context.cache) / "bin" == cached_toolchain(context)


def test_what_fails_half_way_leaves_nothing(context: Context) -> None:
    def fail_half_way() -> None:
        with adding_to_cache(context) as home:
            a_program(home / "bin" / ENGINE)
            raise UnavailableError("no space left")

    with pytest.raises(UnavailableError, match="no space left"):
        fail_half_way()

    assert list(context.cache.iterdir()) == []


def test_what_does_not_answer_does_not_get_into_the_cache(tmp_path: Path) -> None:
    context = a_context(tmp_path, {"pulumi version": fails("Segmentation fault")})

    with pytest.raises(UnavailableError, match="does not answer"):
        make(context)

    assert list(context.cache.iterdir()) == []


def test_what_a_killed_set_up_left_behind_is_swept_away(context: Context) -> None:
    left_behind = toolchain_home(context.cache).with_name(f"{toolchain_home(context.cache).name}.unfinished-x1y2")
    a_program(left_behind / "whole" / "bin" / ENGINE)

    make(context)

    assert [toolchain_home(context.cache)] == list(context.cache.iterdir())
