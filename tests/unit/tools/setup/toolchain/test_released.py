from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from unit.tools.stage import a_context, a_program, asked_of, fails, says

from tools.errors import UnavailableError
from tools.setup.commands import Ended, run
from tools.setup.toolchain.cached import cached_toolchain
from tools.setup.toolchain.programs import ENGINE, PROGRAMS
from tools.setup.toolchain.released import INSTALL, released_toolchain
from tools.versions import PULUMI

if TYPE_CHECKING:
    from collections.abc import Callable

REACHABLE = {"install.sh": says(""), "pulumi version": says("v3.259.0")}


def bringing(*programs: str) -> Callable[[list[str]], Ended]:
    """Do what the SDK does: put programs into ``bin`` below the folder that it is given."""

    def install(command: list[str]) -> Ended:
        for program in programs:
            a_program(Path(command[-2]) / "bin" / program)
        return says("")

    return install


def test_the_release_is_put_into_the_cache(tmp_path: Path) -> None:
    context = a_context(tmp_path, {**REACHABLE, "PulumiCommand.install": bringing(*PROGRAMS)})

    assert released_toolchain(context) == cached_toolchain(context)


def test_the_release_is_that_of_the_locked_sdk(tmp_path: Path) -> None:
    context = a_context(tmp_path, {**REACHABLE, "PulumiCommand.install": bringing(*PROGRAMS)})

    released_toolchain(context)

    assert asked_of(context)[1].endswith(" 3.259.0")


def test_out_of_reach_nothing_is_tried(tmp_path: Path) -> None:
    context = a_context(tmp_path, {"install.sh": fails("")})

    with pytest.raises(UnavailableError, match="out of reach"):
        released_toolchain(context)

    assert len(asked_of(context)) == 1


def test_a_download_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    context = a_context(tmp_path, {**REACHABLE, "PulumiCommand.install": fails("Traceback\ncurl: (28) timeout")})

    with pytest.raises(UnavailableError, match=r"failed \(curl: \(28\) timeout\)"):
        released_toolchain(context)

    assert list(context.cache.iterdir()) == []


def test_a_release_that_lacks_the_language_host_is_no_toolchain(tmp_path: Path) -> None:
    context = a_context(tmp_path, {**REACHABLE, "PulumiCommand.install": bringing(ENGINE)})

    with pytest.raises(UnavailableError, match="it lacks pulumi-language-python"):
        released_toolchain(context)


def test_the_sdk_understands_what_it_is_asked(tmp_path: Path) -> None:
    a_program(tmp_path / "bin" / ENGINE, "#!/bin/sh\necho v3.259.0\n")  # it is there already: nothing is fetched

    ended = run([sys.executable, "-c", INSTALL, tmp_path, PULUMI], within=60, environment={"PATH": os.environ["PATH"]})

    assert Ended(0, "") == ended
