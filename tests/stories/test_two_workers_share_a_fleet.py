"""Two processes on one PostgreSQL server and the real engine: the starter dies, and the other one ends its work."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import psycopg
import pytest
from databases import postgres
from pulumi_fleet import NAMES, Fleet, fleet
from pulumi_stack import SECONDS_AT_MOST

pytestmark = pytest.mark.engine

PEOPLE = 10

CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def test_what_a_dead_starter_has_begun_is_ended_by_the_other_and_nothing_is_there_twice(tmp_path: Path) -> None:
    with postgres() as url, fleet(tmp_path) as found:
        found.environment["ELIUM_FLEET_DATABASE_URL"] = url
        with found.begun("worker", "--at-once", "1") as other:
            assert says(other, "Working, until told to end.")
            kill_a_starter(found, url)
            assert says(other, "Took over")
            # Whoever asks what came of it works on nothing.
            while len((told := found.elium("report", "--json")).documents) < len(NAMES):
                assert other.poll() is None
            other.send_signal(signal.SIGTERM)
            other.wait(SECONDS_AT_MOST)

        assert told.verdicts == dict.fromkeys(NAMES, "done"), told.err
        assert [len(found.apps(f"Elium {name}")) for name in NAMES] == [1] * len(NAMES)
        assert [len(found.jobs(name)) for name in NAMES] == [1] * len(NAMES)
        assert [found.active(name) for name in NAMES] == [PEOPLE] * len(NAMES)
        assert found.elium("up", "--json").verdicts == dict.fromkeys(NAMES, "unchanged")


def kill_a_starter(found: Fleet, url: str) -> None:
    """Begin a run, cut everybody's connections while the first apps are made, and kill who began it."""
    with found.begun("up", "--yes", "--at-once", "1") as starter:
        try:
            while starter.poll() is None and not any(found.apps(f"Elium {name}") for name in NAMES):
                pass
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(CUT)
        finally:
            starter.kill()


def says(process: subprocess.Popen[str], words: str) -> bool:
    """Wait until a process says something on stderr."""
    assert process.stderr
    return any(words in line for line in process.stderr)
