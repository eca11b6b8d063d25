"""One asyncio loop in a thread of its own, for everything that waits for a network; others wait for it from theirs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Any, Self, TypeVar

_Result = TypeVar("_Result")


class Loop:
    """The loop; a context manager, which ends it."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="network", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def wait_for(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """Let the loop do something, and wait for it. Not for the loop's own thread, which would wait for itself."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    @contextmanager
    def entered(self, manager: AbstractAsyncContextManager[_Result]) -> Iterator[_Result]:
        """Hold an asynchronous context open while the block lasts."""
        entered = self.wait_for(manager.__aenter__())
        try:
            yield entered
        finally:
            self.wait_for(manager.__aexit__(None, None, None))
