from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from unit.tools.stage import a_context, a_program, fails, printed_by, says

from tools.errors import SetUpError
from tools.setup.toolchain.cached import adding_to_cache
from tools.setup.toolchain.programs import PROGRAMS
from tools.setup.toolchain.sources import AT_HAND, BUILT, CACHED, INSTALLED, RELEASED, TO_BE_MADE, toolchain

if TYPE_CHECKING:
    from pathlib import Path

    from tools.setup.context import Context


@pytest.fixture
def context(tmp_path: Path) -> Context:
    """Has no Pulumi, no Go and no network."""
    context = a_context(tmp_path, {"install.sh": fails(""), "pulumi version": says("v3.259.0")})
    context.clone.state.mkdir()
    return context


def fill_cache_of(context: Context) -> None:
    with adding_to_cache(context) as home:
        for program in PROGRAMS:
            a_program(home / "bin" / program)


def test_the_cheapest_source_comes_first() -> None:
    assert [*AT_HAND, *TO_BE_MADE] == [INSTALLED, CACHED, RELEASED, BUILT]


def test_a_cached_toolchain_is_taken_and_remembered(context: Context) -> None:
    fill_cache_of(context)

    folder = toolchain(context)

    assert json.loads(context.clone.toolchain_record.read_text(encoding="utf-8")) == {"bin": str(folder)}
    assert printed_by(context) == ["Pulumi on PATH: there is none", f"Pulumi in the user's cache: {folder}"]


def test_each_source_that_has_nothing_says_why(context: Context) -> None:
    with pytest.raises(SetUpError):
        toolchain(context)

    assert [re.split(" … |: ", line)[1].split(",")[0] for line in printed_by(context)] == [
        "there is none",
        "there is none yet",
        "out of reach",
        "there is no Go",
    ]


def test_where_no_source_has_one_a_sentence_says_what_to_install(context: Context) -> None:
    with pytest.raises(SetUpError, match=r"install Pulumi 3\.255\.0 or newer .*, or Go 1\.26\.0 or newer"):
        toolchain(context)

    assert not context.clone.toolchain_record.exists()
