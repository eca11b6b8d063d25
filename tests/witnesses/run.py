"""Programs that nobody here wrote walk through the whole job, each from its lock file: ``tests/witnesses/run.py``.

They are heavy to install and need tools of their own, so they are no part of the tests. Each line tells who walked, how
long it took and what came of it; who lacks a tool is told and not counted. What is named after the file walks alone.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PLACE = ROOT / ".state" / "witnesses"
MADE = "11 objects were created"

sys.path.insert(0, str(ROOT))


@dataclass(frozen=True, slots=True)
class Witness:
    """One program: what it needs, how it is installed, and how it walks."""

    name: str
    needs: str
    """A command that has to be there."""
    install: tuple[str, ...]
    walk: tuple[str, ...]


WITNESSES = (
    Witness("javascript", "npm", ("npm", "ci", "--silent"), ("node", "walk.js")),
    Witness("go", "go", ("go", "build", "-o", "walk", "."), ("./walk",)),
    Witness(
        "azure_cli",
        "python3",
        ("sh", "-c", "python3 -m venv tools && tools/bin/pip install --quiet --requirement requirements.txt"),
        ("sh", "walk.sh"),
    ),
)


def main(arguments: list[str]) -> int:
    """Let the witnesses walk, one after the other, and tell how many failed."""
    names = [witness.name for witness in WITNESSES]
    parser = argparse.ArgumentParser(prog="tests/witnesses/run.py", description=__doc__)
    parser.add_argument("names", nargs="*", choices=names, default=names, help="who walks; everybody, if not said")
    asked = parser.parse_args(arguments).names
    failed = 0
    for witness in WITNESSES:
        if witness.name not in asked:
            continue
        if shutil.which(witness.needs) is None:
            sys.stdout.write(f"{witness.name:<12} was not asked: there is no {witness.needs} here\n")
            continue
        began = time.monotonic()
        told = _told_by(witness)
        failed += told != MADE
        sys.stdout.write(f"{witness.name:<12} {time.monotonic() - began:6.1f} s  {told}\n")
    return failed


def _told_by(witness: Witness) -> str:
    from emulator import Emulator  # noqa: PLC0415 - found once the root is on the path

    place = PLACE / witness.name
    shutil.copytree(HERE / witness.name, place, dirs_exist_ok=True)
    tools = f"{place / 'tools' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    installed = _run(witness.install, place, {**os.environ})
    if installed.returncode:
        return f"could not be installed: {_last_line(installed.stderr)}"
    with Emulator().serve() as served:
        environment = {**os.environ, **served.environment, "WITNESS": str(place), "PATH": tools}
        walked = _run(witness.walk, place, environment)
    return _last_line(walked.stderr or walked.stdout) if walked.returncode else _last_line(walked.stdout)


def _run(command: tuple[str, ...], place: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the commands are those above
        command, cwd=place, env=environment, capture_output=True, text=True, check=False
    )


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "said nothing")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
