"""A file that one process holds: the system lets go of it when that process ends, however it ends."""

from __future__ import annotations

from typing import IO

from provisioning.errors import ConfigurationError


def hold(file: IO[str], *, waits: bool = False) -> None:
    """Hold a *file* for this process for as long as it is open; where it *waits*, not before others let go of it.

    :raises BlockingIOError: when another process holds it, and this one does not wait.
    :raises OSError: when what it lies on has no locks.
    :raises ConfigurationError: when the system has none, which is so on Windows.
    """
    try:
        import fcntl  # noqa: PLC0415 - Windows has none, and there everything works that needs no lock
    except ImportError as error:
        raise ConfigurationError(
            "This system has no lock that ends with the process that holds it (flock). Nothing was done.",
            hint="Run it on Linux or macOS; on Windows, in the Subsystem for Linux.",
        ) from error
    fcntl.flock(file, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
