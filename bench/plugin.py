"""What an administrator waits for although nothing is done: our plugin's start, and an ``up`` without a change.

``python -m bench.plugin`` prints it, each the median of several runs. Beside the plugin stands a bare Python, started
the same way, since that part of the time is not ours; beside our program's ``up`` one of Pulumi that exports a value.
Under it stands what Python's imports take of a processor, whose they are, since most of the difference is made of them.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from scripts.demo.processes import emulator
from scripts.demo.screen import new_console
from scripts.demo.stack import NAME, PASSPHRASE, DemoStack
from tools.bench import PROGRAM
from tools.environment import environment
from tools.places import this_clone
from tools.setup.commands import run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

STARTS, UPS = 9, 5
IMPORTS = {
    "pulumi's SDK, in each of three": ("sys", "pulumi.provider.experimental"),
    "pulumi_azuread": ("pulumi", "pulumi_azuread"),
    "our component": ("pulumi_azuread", "provisioning.components"),
    "our plugin, beside the SDK": ("pulumi.provider.experimental", "provisioning.provider.entrasync"),
    "asking Graph, signing in": ("provisioning.provider.entrasync", "provisioning.graph.credentials"),
    "the stand-in, beside the SDK": ("pulumi.provider.experimental", "emulator.azuread.__main__"),
}
"""What is imported in a run, each after what was there before."""
SECONDS_AT_MOST = 120.0
BARE = "print(0, flush=True)"
NO_ENGINE = "127.0.0.1:1"
"""Where the plugin would tell things; before it is asked anything it tells nothing."""


def main() -> int:
    """Take every measurement and print it."""
    plugin = [str(this_clone().root / "plugin" / "pulumi-resource-entrasync"), NO_ENGINE]
    _say("$ python -m bench.plugin\n")
    ours, bare = _median(STARTS, plugin), _median(STARTS, [sys.executable, "-c", BARE])
    _say(f"plugin answers within     {ours * 1000:5.0f} ms  (a bare Python {bare * 1000:.0f} ms), median of {STARTS}")
    ours, bare = _no_op_ups()
    beside = f"a program that has one value {bare * 1000:.0f} ms: {ours / bare:.1f} times that"
    _say(f"no-op up                  {ours * 1000:5.0f} ms  ({beside}), median of {UPS}")
    _say("\nimports in a no-op up, of a processor")
    for whose, (before, imported) in IMPORTS.items():
        _say(f"  {whose:<30}  {median(_milliseconds(before, imported) for _ in range(STARTS)):5.0f} ms")
    return 0


def _milliseconds(before: str, imported: str) -> int:
    """Import something in a Python of its own, and give what that took of its processor."""
    clock = "round(time.process_time() * 1000)"
    program = f"import time, {before}; began = {clock}; import {imported}; print({clock} - began)"
    return int(run([sys.executable, "-c", program], within=SECONDS_AT_MOST, environment=os.environ).output)


def _median(times: int, command: Sequence[str]) -> float:
    """Give the seconds until a program has printed its first line."""
    return median(_seconds_to_first_line(command) for _ in range(times))


def _seconds_to_first_line(command: Sequence[str]) -> float:
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:  # noqa: S603
        line = process.stdout.readline() if process.stdout else ""
        seconds = time.perf_counter() - began
        process.kill()
    if not line.strip().isdigit():
        raise AssertionError(f"{command[0]} printed {line!r} and no port.")
    return seconds


def _no_op_ups() -> tuple[float, float]:
    """Give the seconds of an ``up`` that changes nothing: of our program, and of one that has nothing."""
    clone = this_clone()
    with tempfile.TemporaryDirectory() as folder, emulator(Path(folder), keep=False) as running:
        root = Path(folder)
        state = root / "stacks"
        state.mkdir()
        ours = {
            **os.environ,
            **environment(clone, {**os.environ, "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE}),
            **running.environment,
            "PULUMI_BACKEND_URL": state.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        }
        DemoStack(clone.root, root / "project", ours, new_console())
        return _second_up(root / "project", ours), _second_up(_empty_program(root / "empty"), ours)


def _empty_program(folder: Path) -> Path:
    folder.mkdir()
    for name, content in PROGRAM.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def _second_up(project: Path, ours: Mapping[str, str]) -> float:
    """Bring a project up, and give the median of doing so again."""

    def pulumi(*arguments: str) -> None:
        ended = run(["pulumi", *arguments, "--stack", NAME], within=SECONDS_AT_MOST, environment=ours, where=project)
        if not ended.succeeded:
            raise AssertionError(ended.output)

    def up() -> None:
        pulumi("up", "--yes", "--skip-preview")

    pulumi("stack", "init")
    up()
    return median(_seconds_of(up) for _ in range(UPS))


def _seconds_of(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m bench.plugin", description=__doc__).parse_args()
    sys.exit(main())
