"""The user's cache as a shelf: a toolchain stands there whole, or not at all."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tools.errors import UnavailableError
from tools.places import toolchain_home
from tools.setup.manifest import flaw_of, seal
from tools.setup.toolchain.programs import ENGINE, PROGRAMS, engine_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.setup.workshop import Workshop


def cached_toolchain(workshop: Workshop) -> Path:
    """Return the folder of the toolchain in the cache.

    :raises UnavailableError: when there is none, or when it is not as it was when it was put there.
    """
    home = toolchain_home(workshop.cache)
    if not home.exists():
        raise UnavailableError("there is none yet")
    flaw = flaw_of(home / "bin", PROGRAMS)
    if flaw is not None:
        raise UnavailableError(f"unusable, {flaw}")
    engine_version(home / "bin" / ENGINE, workshop)
    return home / "bin"


@contextmanager
def being_made(workshop: Workshop) -> Iterator[Path]:
    """Give an empty folder to put ``bin`` into, and when that is done and works, put it on the shelf in one move.

    Only for who holds the lock of the cache: what unfinished attempts have left behind is swept away.
    """
    home = toolchain_home(workshop.cache)
    for left_behind in workshop.cache.glob(f"{home.name}.unfinished-*"):
        shutil.rmtree(left_behind)
    with tempfile.TemporaryDirectory(dir=workshop.cache, prefix=f"{home.name}.unfinished-") as unfinished:
        whole = Path(unfinished) / "whole"
        whole.mkdir()
        yield whole
        _demand_programs(whole / "bin")
        engine_version(whole / "bin" / ENGINE, workshop)
        seal(whole / "bin", PROGRAMS)
        if home.exists():
            shutil.rmtree(home)
        whole.rename(home)


def _demand_programs(folder: Path) -> None:
    missing = [program for program in PROGRAMS if not (folder / program).is_file()]
    if missing:
        raise UnavailableError(f"it lacks {missing[0]}")
