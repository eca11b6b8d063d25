from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING

from unit.tools.stage import a_context, a_program, fails, printed_by, says

from tools.places import this_clone
from tools.setup.azuread_plugin import put_stand_in
from tools.setup.commands import Ended, run
from tools.setup.steps import INTERRUPTED, exit_code_of, set_up
from tools.setup.toolchain.programs import PROGRAMS

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

READY = {"uv": says("uv 0.13.9"), "pulumi version": says("v3.259.0"), "get.pulumi.com": fails("")}


def test_everything_is_prepared_in_order(tmp_path: Path) -> None:
    for program in (*PROGRAMS, "uv"):
        a_program(tmp_path / "bin" / program)
    answers = {"--check": fails(""), **READY}
    context = a_context(tmp_path, answers, {"PATH": str(tmp_path / "bin")})

    set_up(context)

    assert [re.split(r" \(|:", line)[0] for line in printed_by(context)] == [
        "Set-up … ",
        "uv",
        "Python environment in .venv, as locked",
        "Python environment in .venv, as locked",
        "Pulumi on PATH",
        "Pulumi's plugins",
        "azuread plugin, stand-in for the emulator",
    ]
    assert json.loads(context.clone.toolchain_record.read_text(encoding="utf-8")) == {"bin": str(tmp_path / "bin")}


def test_when_all_is_ready_that_is_one_line_and_nothing_more(tmp_path: Path) -> None:
    for program in (*PROGRAMS, "uv"):
        a_program(tmp_path / "bin" / program)
    context = a_context(tmp_path, READY, {"PATH": str(tmp_path / "bin")})
    put_stand_in(context.clone.pulumi_home / "plugins" / "resource-azuread-v6.11.1", context.clone.python)

    set_up(context)

    assert printed_by(context) == [
        "Set-up … ready, 1.0 s; in place of the azuread plugin is the stand-in, for loopback only"
    ]


def test_hosts_and_plugin_of_other_languages_come_last_and_only_if_asked_for(tmp_path: Path) -> None:
    for program in (*PROGRAMS, "uv", "pulumi-language-nodejs", "pulumi-language-yaml"):
        a_program(tmp_path / "bin" / program)
    context = a_context(tmp_path, READY, {"PATH": str(tmp_path / "bin")})
    context.clone.npm_lock.parent.mkdir(parents=True)
    locked = {"packages": {"node_modules/@pulumi/azuread": {"version": "6.9.1"}}}
    context.clone.npm_lock.write_text(json.dumps(locked), encoding="utf-8")

    set_up(context, languages=True)

    plugins = context.clone.pulumi_home / "plugins"
    assert sorted(each.name for each in plugins.iterdir()) == ["resource-azuread-v6.11.1", "resource-azuread-v6.9.1"]
    assert f"pulumi-language-yaml beside the engine: {tmp_path}/bin/pulumi-language-yaml" in printed_by(context)


def test_what_only_the_user_can_install_is_one_sentence_and_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    context = a_context(tmp_path, {"uv": says("uv 0.13.9"), "get.pulumi.com": fails("")})

    assert exit_code_of(context) == 1
    assert capsys.readouterr().err.startswith("There is no Pulumi yet: install Pulumi")


def test_an_interrupted_set_up_ends_like_any_interrupted_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_command: list[str]) -> Ended:
        raise KeyboardInterrupt

    assert exit_code_of(a_context(tmp_path, {"uv": interrupted})) == INTERRUPTED
    assert capsys.readouterr().err == "Stopped. Run it again to go on.\n"


def test_the_set_up_itself_needs_nothing_but_the_standard_library() -> None:
    alone = [sys.executable, "-S", "-c", "import tools.setup.steps, tools.environment"]

    ended = run(alone, within=10, environment={"PATH": os.environ["PATH"]}, where=this_clone().root)

    assert Ended(0, "") == ended
