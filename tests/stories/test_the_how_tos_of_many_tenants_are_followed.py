"""The how-tos of many tenants, followed with the real engine: each line of their shell blocks, in order."""

from __future__ import annotations

import json
import re
import shlex
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from answers import JumpingClock
from pulumi_fleet import Fleet, fleet
from pulumi_stack import SECONDS_AT_MOST

from provisioning.commands.exit_codes import ExitCode
from provisioning.fleet.file import fleet_in
from provisioning.fleet.tenants_csv import csv_of

pytestmark = pytest.mark.engine

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"

NAMES = ("acme", "bolt")

LOCKED_AT, LOOKED_AT = datetime(2026, 11, 25, 4, tzinfo=UTC), datetime(2026, 11, 26, 7, 51, tzinfo=UTC)
"""Of the lock on the page."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with fleet(tmp_path_factory.mktemp("fleet"), NAMES) as made:
        made.row("acme")["labels"] = {"ring": "first"}
        yield made


def lines_of(page: str) -> list[str]:
    """Give the lines of a page's shell blocks."""
    blocks = re.findall(
        r"^( *)```shell\n(.*?)^\1```", (HOW_TO / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return [line.strip() for _, block in blocks for line in block.splitlines() if line.strip()]


def test_how_many_are_onboarded(found: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(found.folder)
    lines = lines_of("onboard-many-tenants.md")
    found.declare()
    (found.folder / "tenants.csv").write_text(csv_of(fleet_in(found.folder / "tenants.yaml").tenants), encoding="utf-8")

    for line in lines:
        follow(found, line)

    assert found.elium("plan", "--json").verdicts == dict.fromkeys(NAMES, "unchanged")
    assert len(lines) == len(set(lines)) >= 8


def follow(found: Fleet, line: str) -> None:
    """Do what a line says; where it names a database, there is none here but the project's own file."""
    words, _, into = line.partition(" > ")
    if words.startswith("export ELIUM_FLEET_DATABASE_URL="):
        return
    program, group, *arguments = shlex.split(words)
    assert (program, group) == ("elium", "fleet"), line
    if arguments[0] == "worker":
        assert_a_worker_works_until_it_is_told_to_end(found, arguments)
        return
    ended = found.elium(*arguments, answer="y")
    assert ended.code == ExitCode.OK, f"$ {line}\n{ended.shown}"
    if into:
        (found.folder / into).write_text(ended.out, encoding="utf-8")


def assert_a_worker_works_until_it_is_told_to_end(found: Fleet, arguments: list[str]) -> None:
    with found.begun(*arguments) as worker:
        assert worker.stderr
        assert any("Working, until told to end." in line for line in worker.stderr)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(SECONDS_AT_MOST) == ExitCode.INTERRUPTED


def test_how_a_lock_that_a_machine_has_left_is_released(found: Fleet) -> None:
    assert found.elium("up", "--yes").code == ExitCode.OK
    folder = found.folder / "state" / ".pulumi" / "locks" / "organization" / "elium-provisioning" / "acme"
    folder.mkdir(parents=True, exist_ok=True)
    held = {"pid": 4242, "username": "ci", "hostname": "runner-17", "timestamp": LOCKED_AT.isoformat()}
    (folder / "left.json").write_text(json.dumps(held), encoding="utf-8")
    found.clock = JumpingClock()
    found.clock.moment = LOOKED_AT
    page = (HOW_TO / "share-the-state.md").read_text(encoding="utf-8")
    (line,) = (line for line in lines_of("share-the-state.md") if line.startswith("elium fleet"))

    shown = found.elium(*shlex.split(line)[2:], answer="acme")

    told = re.search(rf"```shell\n{re.escape(line)}\n```\n\n```text\n(.*?)```", page, re.DOTALL)
    assert told is not None
    for sentence in told[1].splitlines():
        assert sentence in shown.shown
    assert (shown.code, list(folder.glob("*.json"))) == (ExitCode.OK, [])
