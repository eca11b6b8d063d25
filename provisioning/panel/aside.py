"""Work that holds a thread up, done beside the loop; the end of the panel does not wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_Result = TypeVar("_Result")

THREADS = "panel"
"""How its threads are called, with a number behind."""


class Aside:
    """A handful of threads."""

    def __init__(self, at_once: int) -> None:
        """Start none before there is work."""
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix=THREADS)

    async def do(self, work: Callable[[], _Result]) -> _Result:
        """Let a thread do it. One that is at work when nobody waits any more is left to itself."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def end(self) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
