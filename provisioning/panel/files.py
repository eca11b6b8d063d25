"""Hearing that a file was written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import awatch

DEBOUNCE_MILLISECONDS, STEP_MILLISECONDS = 50, 10
"""How long is waited for more to be written (watchfiles waits 1.6 s unless it is told)."""


async def written(file: Path) -> AsyncIterator[None]:
    """Give something whenever a file was written, made or taken away, for ever.

    Its folder is watched, since editors put another file in the place of the one that was there.
    """
    try:
        async for _ in _changes(file):
            yield
    except OSError:
        # The system has no more to watch with for this user (Linux: fs.inotify.max_user_instances).
        async for _ in _changes(file, force_polling=True):
            yield


def _changes(file: Path, *, force_polling: bool | None = None) -> AsyncIterator[object]:
    return awatch(
        file.parent,
        watch_filter=lambda _, path: Path(path).name == file.name,
        debounce=DEBOUNCE_MILLISECONDS,
        step=STEP_MILLISECONDS,
        force_polling=force_polling,
        recursive=False,
    )
