"""The programs that the demonstration runs: the emulator and the panel beside it, and Pulumi in front of it."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from rich.text import Text

from provisioning.errors import ProvisioningError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console

STACK = "dev"
"""What the stack of the demonstration is called."""
SECONDS_TO_STOP = 20
HINT = "Its output is above."


class DemoError(ProvisioningError):
    """A step of the demonstration failed."""


@dataclass(frozen=True, slots=True)
class RunningEmulator:
    """An emulator that answers."""

    process: subprocess.Popen[str]
    control: str
    """Root of the control interface, such as ``https://localhost:8443/_emulator``."""
    environment: Mapping[str, str]
    """What points clients at it, secrets included."""


@dataclass(frozen=True, slots=True)
class RunningPanel:
    """A panel that answers."""

    process: subprocess.Popen[str]
    address: str
    """What to open, with its key."""


@contextmanager
def emulator(folder: Path, *, keep: bool, seed: Path | None = None, tenants: int = 0) -> Iterator[RunningEmulator]:
    """Run an emulator on a free port; stop it at the end, unless everything went well and it is to be kept.

    It begins with Contoso, or with what the file *seed* says; with *tenants*, with so many Elium platforms.

    It runs in a session of its own, so that Ctrl-C reaches Pulumi first and the emulator is there until Pulumi ended.
    """
    stop_the_last_ones(folder)
    command = [sys.executable, "-m", "emulator", "--port", "0", "--state", str(folder), "--quiet"]
    command += ["--seed", str(seed)] if seed else []
    command += ["--tenants", str(tenants)] if tenants else []
    log = (folder / "emulator.log").open("w", encoding="utf-8")
    with log:
        process = subprocess.Popen(  # noqa: S603 - our own module, with arguments of our own
            command, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True
        )
    (folder / "emulator.pid").write_text(str(process.pid), encoding="utf-8")
    kept = False
    try:
        yield _when_ready(process, folder)
        kept = keep
    finally:
        if not kept:
            _stop(process)
            (folder / "emulator.pid").unlink(missing_ok=True)


@contextmanager
def panel(folder: Path, where: Path, environment: Mapping[str, str], *, keep: bool) -> Iterator[RunningPanel]:
    """Run ``elium panel`` on the stack beside us; it is stopped or kept as the emulator is.

    *where* is the folder with the stack's file, which the page edits.
    """
    command = ["elium", "panel", STACK, "--cwd", str(where), "--json"]
    log = (folder / "panel.log").open("w", encoding="utf-8")
    with log:
        process = subprocess.Popen(  # noqa: S603 - a command of our own
            command,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    (folder / "panel.pid").write_text(str(process.pid), encoding="utf-8")
    kept = False
    try:
        line = _only_line_of(process)
        if not line:
            raise _not_started("panel", folder / "panel.log")
        yield RunningPanel(process, str(json.loads(line)["address"]))
        kept = keep
    finally:
        if not kept:
            _stop(process)
            (folder / "panel.pid").unlink(missing_ok=True)


def stop_the_last_ones(folder: Path) -> None:
    """Stop an emulator and a panel that an earlier demonstration kept, or could not stop."""
    for name, words in {"panel": {"panel", STACK, "--json"}, "emulator": {"emulator", str(folder)}}.items():
        with suppress(OSError, ValueError, psutil.Error):
            process = psutil.Process(int((folder / f"{name}.pid").read_text(encoding="utf-8")))
            # The number may be another program's by now.
            if words <= set(process.cmdline()):
                process.terminate()


def run(command: Sequence[str], environment: Mapping[str, str], console: Console, *, where: Path) -> None:
    """Run a command in front, in the folder *where*, its output shown, after showing the command.

    :raises DemoError: when it fails.
    """
    console.print(Text(f"$ {shlex.join(command)}", style="bold"))
    with subprocess.Popen(command, env={**os.environ, **environment}, cwd=where) as process:  # noqa: S603 - commands of our own
        try:
            status = process.wait()
        except BaseException:
            # The terminal told Pulumi as well; it ends what it is doing and gives its lock back.
            process.send_signal(signal.SIGINT)
            process.wait(SECONDS_TO_STOP)
            raise
    if status:
        raise DemoError(f"`{shlex.join(command)}` ended with {status}.", hint=HINT)


def heard(command: Sequence[str], environment: Mapping[str, str], console: Console, *, where: Path) -> str:
    """Run a command, show what it says line by line, and give it.

    :raises DemoError: when it fails.
    """
    console.print(Text(f"$ {shlex.join(command)}", style="bold"))
    lines = []
    with subprocess.Popen(  # noqa: S603 - commands of our own
        command,
        env={**os.environ, **environment},
        cwd=where,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        bufsize=1,
    ) as process:
        for line in process.stdout or ():
            lines.append(line)
            console.print(line.rstrip("\n"), soft_wrap=True)
    if process.returncode:
        raise DemoError(f"`{shlex.join(command)}` ended with {process.returncode}.", hint=HINT)
    return "".join(lines)


def _when_ready(process: subprocess.Popen[str], folder: Path) -> RunningEmulator:
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise _not_started("emulator", folder / "emulator.log")
    ready = json.loads(line)
    return RunningEmulator(process, ready["control"], _exports(Path(ready["environment"])))


def _only_line_of(process: subprocess.Popen[str]) -> str:
    if process.stdout is None:
        return ""
    with process.stdout:
        return process.stdout.readline()


def _not_started(name: str, log: Path) -> DemoError:
    said = log.read_text(encoding="utf-8").strip().rpartition("\n")[2]
    return DemoError(f"The {name} did not start: {said}", hint=f"See {log}.")


def _exports(file: Path) -> dict[str, str]:
    """Read the lines ``export NAME=value`` that a shell would."""
    words = [shlex.split(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return dict(word[1].split("=", 1) for word in words if word[:1] == ["export"])


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
