"""The tutorial of many tenants, run as it stands, with the real engine: each block of it, in order."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi_fleet import Fleet
from pulumi_stack import Stack

from emulator import Fleet as Companies
from provisioning.commands.verbs import VERBS

pytestmark = pytest.mark.engine

PAGE = (Path(__file__).parents[2] / "docs" / "ten-tenants.md").read_text(encoding="utf-8")

ELSEWHERE = {"fleet worker", "fleet unlock"}
"""Shown in the how-tos: one works until it is told to end, the other needs a lock that a machine has left."""


def test_the_page_shows_what_the_command_says(tmp_path: Path) -> None:
    with Companies(10).serve() as served:
        stack = Stack.of_this_project(tmp_path, served.environment)
        environment = {**stack.variables, "PULUMI_CONFIG_PASSPHRASE": "of a test"}
        environment.pop("PULUMI_CONFIG_PASSPHRASE_FILE", None)
        written: Any = yaml.safe_load(served.tenants)
        fleet = Fleet(served.served[0], tmp_path, environment, written["tenants"], written["defaults"])
        checksum = ""
        for kind, block in re.findall(r"^```(console|yaml)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
            if kind == "yaml":
                fleet.defaults |= yaml.safe_load(block)["defaults"]
                continue
            for line, shown in _commands(block):
                program, group, *arguments = shlex.split(line.replace("CHECKSUM", checksum))
                assert (program, group) == ("elium", "fleet")
                ended = fleet.elium(*arguments)
                checksum = ended.err.rstrip().rpartition("--doit ")[2]
                # Both streams are one on a terminal: what was asked for stands where it was written.
                assert re.fullmatch(_pattern_of(shown), ended.shown, re.DOTALL), f"$ {line}\n{ended.shown}"
                # First cycles run beside the commands; who types the next line has given them the time to end.
                served.run_due()


def test_every_verb_of_many_tenants_is_shown() -> None:
    shown = {" ".join(line.split()[1:3]) for line in re.findall(r"^\$ (elium fleet .*)$", PAGE, re.MULTILINE)}

    assert shown == {verb for verb in VERBS if verb.startswith("fleet ")} - ELSEWHERE


def _commands(block: str) -> list[tuple[str, str]]:
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [(line, shown) for line, _, shown in (part.partition("\n") for part in parts)]


def _pattern_of(shown: str) -> str:
    return ".*".join(map(re.escape, shown.split("…")))
