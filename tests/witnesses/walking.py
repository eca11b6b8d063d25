"""Let a program walk against a served emulator, and judge it: ``python -m witnesses.walking -- ./program``.

With ``--in-own-network`` it walks a second time, in a program that knows none of our addresses: Microsoft's host names
lead to the emulator, on the port where they are expected. That needs a network of one's own, see :data:`OWN_NETWORK`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from witnesses.walk import objections

from emulator import Emulator
from tools.setup.commands import run

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES = ("graph.microsoft.com", "login.microsoftonline.com", "management.azure.com")
"""What is written into programs: Graph, the login service, and Azure Resource Manager, which only ``az`` asks."""
OWN_NETWORK = (
    *("unshare", "--map-root-user", "--mount", "--net", "sh", "-c"),
    'ip link set lo up && mount --bind "$0" /etc/hosts && exec "$@"',
)
"""Runs a command where there is loopback only, port 443 is free, and a file takes the place of ``/etc/hosts``.

The file comes first, then the command. It is Linux's, needs no other rights, and leaves the machine as it is.
"""
HTTPS = 443
PATIENCE = 600.0
_OURS = ("ELIUM_EMULATOR_URL", "ARM_METADATA_HOSTNAME")
"""By what a witness knows that there is another address than Microsoft's."""


class Outcome(NamedTuple):
    """How a walk went."""

    objections: list[str]
    """What is wrong with it, one sentence each."""
    requests: int
    """How many requests to Graph were answered. Who waits asks the same again, which depends on the machine and counts
    once."""
    seconds: float


def hosts() -> str:
    """Write the file that leads Microsoft's names to this machine."""
    return f"127.0.0.1 localhost {' '.join(NAMES)}\n::1 localhost\n"


def walked(command: Sequence[str], *, by_name: bool = False) -> Outcome:
    """Let a program walk against an emulator of its own: at an address, or at Microsoft's host names."""
    with Emulator().serve(port=HTTPS if by_name else 0, names=NAMES if by_name else ()) as served:
        environment = {**os.environ, **served.environment}
        for name in ("PYTHONPATH", *(_OURS if by_name else ())):
            environment.pop(name, None)
        began = time.monotonic()
        ended = run(command, within=PATIENCE, environment=environment)
        seconds = round(time.monotonic() - began, 1)
        wrong = list(objections(ended.last_line, served)) if ended.succeeded else [reason(ended.output)]
        asked = groupby(served.requests("graph"), key=lambda one: (one.method, one.path, one.query))
        return Outcome(wrong, sum(1 if key[0] == "GET" else len([*same]) for key, same in asked), seconds)


def reason(output: str) -> str:
    """Find the line that says why a program gave up; what is indented below it says only where."""
    lines = [line for line in output.splitlines() if line.strip() and not line[0].isspace()]
    return lines[-1] if lines else "It failed and said nothing."


def main(arguments: list[str]) -> int:
    """Tell as a line of JSON how each walk went."""
    parser = argparse.ArgumentParser("python -m witnesses.walking", description="Judge a program that walks.")
    parser.add_argument("--in-own-network", action="store_true", help="walk at Microsoft's host names, too")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args(arguments)
    ways = (False, True) if options.in_own_network else (False,)
    outcomes = [walked(options.command, by_name=by_name) for by_name in ways]
    sys.stdout.write(f"{json.dumps([outcome._asdict() for outcome in outcomes])}\n")
    return sum(bool(outcome.objections) for outcome in outcomes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
