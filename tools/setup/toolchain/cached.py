"""Every toolchain that was fetched or built lies in the user's cache, whole or not at all."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from tools.errors import UnavailableError
from tools.places import toolchain_home
from tools.setup.context import Context
from tools.setup.manifest import flaw_of, whole_or_not_at_all
from tools.setup.toolchain.programs import ENGINE, PROGRAMS, engine_version


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


def adding_to_cache(context: Context) -> AbstractContextManager[Path]:
    """Give an empty folder to put ``bin`` into, and when that is done and works, move it into the cache at once.

    Only for who holds the lock of the cache.
    """
    home = toolchain_home(context.cache)
    return whole_or_not_at_all(home, PROGRAMS, lambda folder: engine_version(folder / ENGINE, context))
