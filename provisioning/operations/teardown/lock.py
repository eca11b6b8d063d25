"""One teardown of a stack at a time: a lock beside the journal, which the system opens again when its holder is killed.

Two at once would both take people out, and each would write what it knows over what the other had found out. The lock
is flock's, so machines that share the folder see each other where the share does (flock(2): on NFS they do).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from provisioning.errors import ConfigurationError, UnsafeChangeError
from provisioning.operations.held_file import hold
from provisioning.operations.teardown.journal import FOLDER


@contextmanager
def alone(stack: str, folder: Path) -> Iterator[None]:
    """Be the only one who takes a stack down from this project's *folder*. Looking what would be done needs no lock.

    :raises UnsafeChangeError: saying which process, and where, is at it already.
    :raises ConfigurationError: when the folder cannot be written, or what it lies on has no locks.
    """
    # By the stack's own name: with organisation and project before it, it is the same stack.
    path = folder / FOLDER / f"{stack.rpartition('/')[2]}.lock"
    with _opened(path) as file:
        _locked(file, stack)
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}")
        file.flush()
        try:
            yield
        finally:
            # The file stays: were it deleted, one could hold the lock of the old file and one that of a new one.
            file.truncate(0)


def _opened(path: Path) -> TextIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8")
    except OSError as error:
        raise _cannot(path, error) from error


def _locked(file: TextIO, stack: str) -> None:
    try:
        hold(file)
    except BlockingIOError:
        holder = file.read() or "another process"
        raise UnsafeChangeError(
            f"A teardown of {stack} is under way already, by {holder}. Nothing was done.",
            hint=f"Wait until it has ended, and look then: elium teardown {stack}",
        ) from None
    except OSError as error:
        raise _cannot(Path(file.name), error) from error


def _cannot(path: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(
        f"The lock {path} cannot be taken, by which two teardowns do not meet: {error.strerror}. Nothing was done.",
        hint="Let the project's folder lie where files can be written and locked.",
    )
