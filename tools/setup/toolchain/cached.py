"""Every toolchain that was fetched or built lies in the user's cache, whole or not at all."""

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

    from tools.setup.context import Context


def cached_toolchain(context: Context) -> Path:
    """Return the folder of the toolchain in the cache.

    :raises UnavailableError: when there is none, or when it is not as it was when it was put there.
    """
    home = toolchain_home(context.cache)
    if not home.exists():
        raise UnavailableError("there is none yet")
    flaw = flaw_of(home / "bin", PROGRAMS)
    if flaw is not None:
        raise UnavailableError(f"unusable, {flaw}")
    engine_version(home / "bin" / ENGINE, context)
    return home / "bin"


@contextmanager
def adding_to_cache(context: Context) -> Iterator[Path]:
    """Give an empty folder to put ``bin`` into, and when that is done and works, move it into the cache at once.

    Only for who holds the lock of the cache: what unfinished attempts have left behind is swept away.
    """
    home = toolchain_home(context.cache)
    for left_behind in context.cache.glob(f"{home.name}.unfinished-*"):
        shutil.rmtree(left_behind)
    with tempfile.TemporaryDirectory(dir=context.cache, prefix=f"{home.name}.unfinished-") as unfinished:
        whole = Path(unfinished) / "whole"
        whole.mkdir()
        yield whole
        _demand_programs(whole / "bin")
        engine_version(whole / "bin" / ENGINE, context)
        seal(whole / "bin", PROGRAMS)
        if home.exists():
            shutil.rmtree(home)
        whole.rename(home)


def _demand_programs(folder: Path) -> None:
    missing = [program for program in PROGRAMS if not (folder / program).is_file()]
    if missing:
        raise UnavailableError(f"it lacks {missing[0]}")
