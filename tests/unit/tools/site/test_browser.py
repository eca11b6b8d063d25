from __future__ import annotations

from pathlib import Path

import pytest
from unit.tools.stage import Machine, a_context, a_program, asked_of, fails, says

from tools.errors import SetUpError
from tools.setup.commands import Ended
from tools.site.browser import installed_browser


def test_a_browser_that_is_there_is_taken(tmp_path: Path) -> None:
    chromium = a_program(tmp_path / "bin" / "chromium")
    context = a_context(tmp_path, environment={"PATH": str(chromium.parent)})

    assert installed_browser(context, is_root=True) == str(chromium)
    assert asked_of(context) == []


def test_where_apt_and_root_are_at_hand_it_is_installed(tmp_path: Path) -> None:
    folder = a_program(tmp_path / "bin" / "apt-get").parent

    def install(_: list[str]) -> Ended:
        a_program(folder / "chromium")
        return says("")

    context = a_context(tmp_path, Machine({"update": says(""), "install": install}), {"PATH": str(folder)})

    assert installed_browser(context, is_root=True) == str(folder / "chromium")


@pytest.mark.parametrize(("programs", "is_root"), [(["apt-get"], False), ([], True)])
def test_without_either_there_is_none(tmp_path: Path, programs: list[str], *, is_root: bool) -> None:
    for program in programs:
        a_program(tmp_path / "bin" / program)
    context = a_context(tmp_path, environment={"PATH": str(tmp_path / "bin")})

    assert installed_browser(context, is_root=is_root) is None
    assert asked_of(context) == []


def test_what_apt_says_last_is_told(tmp_path: Path) -> None:
    folder = a_program(tmp_path / "bin" / "apt-get").parent
    context = a_context(tmp_path, {"update": fails("E: no network")}, {"PATH": str(folder)})

    with pytest.raises(SetUpError, match="did not install Chromium: E: no network"):
        installed_browser(context, is_root=True)
