"""Who is alive: a worker holds a lock for as long as it lives, and whoever gets that lock knows that it does not.

No clock is compared and nobody has to say goodbye: the system lets go of a file's lock when a process ends, PostgreSQL
of an advisory lock when a connection does (postgresql: explicit-locking, advisory locks).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from provisioning.operations.held_file import hold

if TYPE_CHECKING:
    import psycopg

SLOTS = 1_000
"""How many workers one machine may have."""


class Living(Protocol):
    """The worker of this process, and what it knows of others."""

    name: str
    """Unique among the living; a worker that comes after one that died takes its name, and so its work."""

    def is_dead(self, name: str) -> bool:
        """Tell whether a worker of that name has ended."""

    def alone(self, tenant: str) -> AbstractContextManager[None]:
        """Wait until no other worker is at a tenant, and keep others from it until the block ends, or this process."""

    def close(self) -> None:
        """Let go."""


class OnThisMachine:
    """Workers that share a folder."""

    def __init__(self, folder: Path) -> None:
        """Take the first name that nobody living has."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._held, self.name = next(
            (file, f"worker-{number}") for number in range(SLOTS) if (file := _locked(folder / f"worker-{number}"))
        )

    def is_dead(self, name: str) -> bool:
        """Tell whether a worker of that name has ended."""
        path = self._folder / name
        if name == self.name or not path.exists():
            return name != self.name
        file = _locked(path)
        if file:
            file.close()
        return file is not None

    @contextmanager
    def alone(self, tenant: str) -> Iterator[None]:
        """Wait until no other worker is at a tenant, and keep others from it until the block ends, or this process."""
        with _opened(self._folder / f"tenant-{tenant}") as file:
            hold(file, waits=True)
            yield

    def close(self) -> None:
        """Let go."""
        self._held.close()


class AtPostgres:
    """Workers that share a PostgreSQL database, on one machine or on many."""

    def __init__(self, url: str) -> None:
        """Take a name of this machine that nobody living has."""
        self._url = url
        self._connection = _connected(url)
        host = socket.gethostname()
        names = (f"{host}-{number}" for number in range(SLOTS))
        self.name = next(name for name in names if self._takes(name))

    def is_dead(self, name: str) -> bool:
        """Tell whether a worker of that name has ended; nobody is dead while the database does not answer."""
        import psycopg  # noqa: PLC0415 - who has no PostgreSQL does not need its library

        if name == self.name:
            return False
        try:
            if not self._takes(name):
                return False
            self._connection.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", (_OURS, name))
        except psycopg.OperationalError:
            self._come_back()
            return False
        return True

    @contextmanager
    def alone(self, tenant: str) -> Iterator[None]:
        """Wait until no other worker is at a tenant, and keep others from it until the block ends, or this process.

        A connection that is cut meanwhile lets go too early; then there is still the lock of the engine on its stack.
        """
        import psycopg  # noqa: PLC0415 - as above

        connection = _connected(self._url)
        try:
            connection.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", (_OURS, f"tenant {tenant}"))
            yield
        finally:
            with suppress(psycopg.OperationalError):
                connection.close()

    def close(self) -> None:
        """Let go."""
        self._connection.close()

    def _come_back(self) -> None:
        """Connect again after the connection was cut, and take the own name again before others take it for dead."""
        import psycopg  # noqa: PLC0415 - as above

        with suppress(psycopg.OperationalError):
            self._connection.close()
            self._connection = _connected(self._url)
            self._takes(self.name)

    def _takes(self, name: str) -> bool:
        row = self._connection.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", (_OURS, name)).fetchone()
        return bool(row and row[0])


def _connected(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    import psycopg  # noqa: PLC0415 - as above

    return psycopg.connect(url, autocommit=True)


_OURS = 0x454C4955
"""Sets our locks apart from others of the same database: ``ELIU`` in ASCII."""


def _locked(path: Path) -> IO[str] | None:
    """Lock a file for this process; ``None`` when another one has it."""
    file = _opened(path)
    try:
        hold(file)
    except BlockingIOError:
        file.close()
        return None
    return file


def _opened(path: Path) -> IO[str]:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")
