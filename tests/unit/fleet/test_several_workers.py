"""Workers that share a PostgreSQL database: whoever is killed, the rest goes on and nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from databases import postgres
from fleets import Remembering, assert_only_one_is_at_a_tenant

from provisioning.fleet.acts import Verdict
from provisioning.fleet.durable import durable
from provisioning.fleet.living import AtPostgres

TESTS = Path(__file__).resolve().parents[2]

NAMES = ("acme", "bolt", "cone", "dune")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Start a PostgreSQL server for these tests."""
    with postgres() as address:
        yield address


@pytest.fixture
def database(url: str, request: pytest.FixtureRequest) -> str:
    """Make a database for one test."""
    name = f"fleet_{abs(hash(request.node.name))}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return url.replace("/postgres?", f"/{name}?")


class Worker:
    """One process."""

    def __init__(self, url: str, *names: str) -> None:
        self.heard: list[str] = []
        path = os.pathsep.join((str(TESTS), str(TESTS.parent)))
        self.process = subprocess.Popen(  # noqa: S603 - ours
            [sys.executable, str(TESTS / "fleet_worker.py"), url, *names],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
        )
        self.name = self.says("worker ")

    def says(self, begins: str) -> str:
        """Wait until it says something that begins so, and give the rest."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.heard.append(line.strip())
            if line.startswith(begins):
                return line.removeprefix(begins).strip()
        raise AssertionError(f"It ended without saying {begins!r}.")

    def go_on(self) -> None:
        """Let it end one act."""
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()


@contextmanager
def workers(*begun: Worker) -> Iterator[tuple[Worker, ...]]:
    try:
        yield begun
    finally:
        for worker in begun:
            worker.process.kill()
            worker.process.communicate()


def outcomes_in(url: str) -> dict[str, Verdict]:
    """Wait for the newest run, without working on it: everybody has something to do elsewhere."""
    living = AtPostgres(url)
    with durable(Remembering(), living, url, at_once=0) as engine:
        found = {outcome.tenant: outcome.verdict for outcome in engine.newest().outcomes()}
    living.close()
    return found


def test_what_a_killed_starter_had_begun_is_finished_by_another_worker(database: str) -> None:
    with workers(Worker(database, *NAMES), Worker(database)) as (starter, other):
        starter.says("begun")
        under_way = starter.says("up ")
        taken = {under_way, other.says("up ")}
        starter.process.kill()
        starter.process.wait()
        for _ in NAMES[1:]:
            other.go_on()
            taken.add(other.says("up "))
        other.go_on()

        assert outcomes_in(database) == dict.fromkeys(NAMES, Verdict.DONE)
    assert taken == set(NAMES)
    # Of what nobody had begun its stack is not asked for once more.
    assert [line for line in (*starter.heard, *other.heard) if line.startswith("mend ")] == [f"mend {under_way}"]


def test_a_worker_whose_connections_are_cut_goes_on(database: str) -> None:
    with workers(Worker(database, "acme", "bolt")) as (worker,):
        worker.says("up ")
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        worker.go_on()
        worker.says("up ")
        worker.go_on()

        assert outcomes_in(database) == {"acme": Verdict.DONE, "bolt": Verdict.DONE}


def test_a_wait_that_is_killed_goes_on_and_nobody_is_brought_about_again(database: str) -> None:
    with workers(Worker(database, "--wait", "acme")) as (first,):
        first.says("up ")
        first.go_on()
        first.says("await ")
        first.process.kill()
        first.process.wait()

        with workers(Worker(database)) as (second,):
            second.says("await ")
            second.go_on()

            assert outcomes_in(database) == {"acme": Verdict.DONE}
    assert not [line for line in second.heard if line.startswith("up ")]


def test_only_one_worker_is_at_a_tenant(database: str) -> None:
    first, second = AtPostgres(database), AtPostgres(database)

    assert_only_one_is_at_a_tenant(first, second)
    assert_only_one_is_at_a_tenant(first, first)

    first.close()
    second.close()


def test_names_are_unique_among_the_living_and_come_again(database: str) -> None:
    first, second = AtPostgres(database), AtPostgres(database)
    assert first.name != second.name
    assert not first.is_dead(second.name)

    second.close()

    # The server lets go of a lock a moment after the connection was closed.
    assert any(first.is_dead(second.name) for _ in range(100_000))
    third = AtPostgres(database)
    assert third.name == second.name
    first.close()
    third.close()
