from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from unit.tools.stage import a_context, a_program, fails, says

from tools.errors import UnavailableError
from tools.setup.toolchain.installed import installed_toolchain
from tools.setup.toolchain.programs import ENGINE, PROGRAMS

if TYPE_CHECKING:
    from pathlib import Path

    from tools.setup.commands import Ended
    from tools.setup.context import Context


def with_programs(folder: Path, *programs: str, version: Ended | None = None) -> Context:
    for program in programs:
        a_program(folder / "bin" / program)
    return a_context(folder, {"pulumi version": version or says("v3.300.1")}, {"PATH": str(folder / "bin")})


def test_a_complete_recent_toolchain_is_taken(tmp_path: Path) -> None:
    assert tmp_path / "bin" == installed_toolchain(with_programs(tmp_path, *PROGRAMS))


def test_a_language_host_beside_the_real_file_of_a_linked_engine_counts(tmp_path: Path) -> None:
    for program in PROGRAMS:
        a_program(tmp_path / "Cellar" / program)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / ENGINE).symlink_to(tmp_path / "Cellar" / ENGINE)

    assert tmp_path / "bin" == installed_toolchain(with_programs(tmp_path))


@pytest.mark.parametrize(
    ("programs", "version", "why"),
    [
        ([], says(""), "there is none"),
        ([ENGINE], says("v3.259.0"), "3.259.0 lacks its Python language host"),
        (PROGRAMS[:2], says("v3.259.0"), "3.259.0 lacks its Python language host"),
        (PROGRAMS, says("v3.254.9"), "3.254.9 is older than 3.255.0"),
        (PROGRAMS, fails("Exec format error"), "does not answer"),
        (PROGRAMS, says("what?"), "does not answer"),
    ],
)
def test_otherwise_it_says_what_is_wrong(tmp_path: Path, programs: list[str], version: Ended, why: str) -> None:
    with pytest.raises(UnavailableError, match=why):
        installed_toolchain(with_programs(tmp_path, *programs, version=version))
