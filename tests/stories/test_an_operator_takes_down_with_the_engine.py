"""With the real ``pulumi`` command: accounts are closed, the job is deleted, and the engine destroys what is left."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from acts import Teller, told_in
from operating import ServedClock

from provisioning.commands.elium import run
from provisioning.commands.screen import Screen, secrets_in
from provisioning.commands.surroundings import Surroundings
from provisioning.operations.deployed import Ended

pytestmark = pytest.mark.engine


def elium(story: Teller, *arguments: str, **variables: str) -> tuple[int, Any]:
    """Run the command by the company's clock, and Pulumi by its own; give the code and the document."""
    environment = {**story.stack.variables, **variables}

    def engine(command: Sequence[str], folder: Path) -> Ended:
        ended = subprocess.run(command, cwd=folder, env=environment, text=True, capture_output=True, check=False)  # noqa: S603 - the real pulumi
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    out = io.StringIO()
    screen = Screen(out, io.StringIO(), secrets_in(environment))
    surroundings = Surroundings(environment, story.stack.folder, screen, ServedClock(story.served), engine)
    return run([*arguments, "--json"], surroundings), json.loads(out.getvalue())


def test_a_stack_is_taken_down_and_a_wrong_passphrase_is_only_an_interruption(tmp_path: Path) -> None:
    with told_in(tmp_path, groups=["Elium users"]) as story:
        story.up("up")
        story.cycle()
        _, shown = elium(story, "teardown", "dev", "--purge")
        options = ("teardown", "dev", "--purge", "--doit", shown["checksum"])

        code, refused = elium(story, *options, PULUMI_CONFIG_PASSPHRASE="wrong", PULUMI_CONFIG_PASSPHRASE_FILE="")
        assert (code, refused["error"]["message"][:42]) == (1, "Pulumi did not destroy the stack dev: erro")
        assert set(story.world().accounts.values()) == {False}
        code, report = elium(story, *options)

        assert (code, report["state"], {one["isClosed"] for one in report["people"]}) == (0, "finished", {True})
        world = story.world()
        assert (world.assigned, world.jobs, len(world.accounts)) == ([], {}, 10)
        assert "resources" not in json.loads(story.stack.run("stack", "export"))["deployment"]
        assert story.ask("GET", "/directory/deletedItems/microsoft.graph.application")["value"] == []
        assert elium(story, "teardown", "dev")[1] == report
