"""What can be started by hand teaches when it is asked to, and does nothing else."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAMS = (
    *("bench", "bench.engine", "bench.expressions", "bench.fleet", "bench.graph", "bench.impact", "bench.other_target"),
    *(
        "bench.plugin",
        "bench.report",
        "emulator",
        "provisioning.commands",
        "scripts.demo",
        "scripts.recover",
        "scripts.teardown",
    ),
    *("tools.bench", "tools.environment", "tools.manual", "tools.setup", "tools.stack"),
)


@pytest.mark.parametrize("program", PROGRAMS)
def test_help_is_a_usage_and_a_sentence(program: str) -> None:
    told = subprocess.run([sys.executable, "-m", program, "--help"], capture_output=True, text=True, check=True)  # noqa: S603

    assert told.stdout.lower().lstrip().startswith("usage:")
    assert told.stdout.count(".") > 1
    assert told.stderr == ""
