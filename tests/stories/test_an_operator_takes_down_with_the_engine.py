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
from scripts.teardown.__main__ import main as script

pytestmark = pytest.mark.engine


WRONG = {"PULUMI_CONFIG_PASSPHRASE": "wrong", "PULUMI_CONFIG_PASSPHRASE_FILE": ""}


def elium(story: Teller, *arguments: str, wrong_for: tuple[str, ...] = ()) -> tuple[int, Any]:
    """Run the command by the company's clock, and Pulumi by its own; give the code and the document.

    *wrong_for* are the words of the command of Pulumi that gets another passphrase.
    """

    def engine(command: Sequence[str], folder: Path) -> Ended:
        environment = {**story.stack.variables, **(WRONG if wrong_for == tuple(command[1:3]) else {})}
        ended = subprocess.run(command, cwd=folder, env=environment, text=True, capture_output=True, check=False)  # noqa: S603 - the real pulumi
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    out = io.StringIO()
    screen = Screen(out, io.StringIO(), secrets_in(story.stack.variables))
    surroundings = Surroundings(story.stack.variables, story.stack.folder, screen, ServedClock(story.served), engine)
    return run([*arguments, "--json"], surroundings), json.loads(out.getvalue())


def test_a_stack_is_taken_down_and_what_the_engine_cannot_do_is_only_an_interruption(tmp_path: Path) -> None:
    with told_in(tmp_path, groups=["Elium users"]) as story:
        story.up("up")
        story.cycle()
        _, shown = elium(story, "teardown", "dev", "--purge")
        options = ("teardown", "dev", "--purge", "--doit", shown["checksum"])
        before = story.world()

        code, refused = elium(story, *options, wrong_for=("destroy", "--preview-only"))
        assert (code, "incorrect passphrase" in refused["error"]["message"]) == (1, True)
        assert refused["error"]["message"].startswith("Pulumi could not destroy the stack dev at the end: ")
        assert story.world() == before
        code, refused = elium(story, *options, wrong_for=("destroy", "--yes"))
        assert (code, refused["error"]["message"][:42]) == (1, "Pulumi did not destroy the stack dev: erro")
        assert set(story.world().accounts.values()) == {False}
        code, report = elium(story, *options)

        assert (code, report["state"], {one["isClosed"] for one in report["people"]}) == (0, "finished", {True})
        world = story.world()
        assert (world.assigned, world.jobs, len(world.accounts)) == ([], {}, 10)
        assert "resources" not in json.loads(story.stack.run("stack", "export"))["deployment"]
        assert story.ask("GET", "/directory/deletedItems/microsoft.graph.application")["value"] == []
        assert elium(story, "teardown", "dev")[1] == report


def test_the_script_of_a_clone_takes_down_as_the_command_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with told_in(tmp_path, groups=["Elium users"]) as story:
        story.up("up")
        story.cycle()
        for name, value in story.stack.variables.items():
            monkeypatch.setenv(name, value)
        words = ("dev", "--cwd", str(tmp_path), "--json")
        clock = ServedClock(story.served)

        shown = (script(words, clock), json.loads(capsys.readouterr().out))
        assert (shown[0], shown[1]["state"], set(story.world().accounts.values())) == (0, "planned", {True})
        done = (script((*words, "--doit", shown[1]["checksum"]), clock), json.loads(capsys.readouterr().out))

        assert (done[0], done[1]["state"], set(story.world().accounts.values())) == (0, "finished", {False})
        assert (story.world().jobs, len(done[1]["people"])) == ({}, 11)
        assert "resources" not in json.loads(story.stack.run("stack", "export"))["deployment"]


PROGRAM = """
from provisioning.components import EliumProvisioning

for name, group in {groups}.items():
    EliumProvisioning(name, {{"displayName": f"Elium ({{name}})", "groups": [group]}})
"""
BOTH = {"trial": "Platform team", "production": "Elium users"}


def test_one_app_of_several_is_taken_down_and_the_others_go_on(tmp_path: Path) -> None:
    with told_in(tmp_path) as story:
        program = story.stack.folder / "__main__.py"
        program.write_text(PROGRAM.format(groups=BOTH), encoding="utf-8")
        story.stack.up()
        story.cycle()
        code, refused = elium(story, "teardown", "dev")
        assert (code, "dev@trial (" in refused["error"]["hint"]) == (2, True)
        _, shown = elium(story, "teardown", "dev@trial")
        options = ("teardown", "dev@trial", "--doit", shown["checksum"])
        trial = {one["name"].partition("(")[2].rstrip(")") for one in shown["people"] if one["kind"] == "user"}

        # Cut where the job is gone and the engine has seen that, and nothing is destroyed yet.
        assert elium(story, *options, wrong_for=("destroy", "--yes"))[0] == 1
        code, report = elium(story, *options)

        assert (code, report["state"], len(trial)) == (0, "finished", 3)
        assert {name for name, is_active in story.world().accounts.items() if not is_active} == trial
        assert list(story.world().jobs.values()) == [True]
        assert elium(story, "status", "dev")[1]["state"] == "running"
        program.write_text(PROGRAM.format(groups={"production": "Elium users"}), encoding="utf-8")
        story.stack.run("preview", "--expect-no-changes")
