"""With the real ``pulumi`` command: two components of a program, each with an app of its own, at one Elium."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pulumi_stack import Stack

from emulator import Emulator

pytestmark = pytest.mark.engine

PROGRAM = """\
import os

from provisioning.components import EliumProvisioning, errors_as_sentences

with errors_as_sentences():
    for name, group in {"users": "Elium users", "platform": "Platform team"}.items():
        settings = {"tenantUrl": os.environ["ELIUM_TENANT_URL"], "secretToken": "env:ELIUM_SECRET_TOKEN"}
        EliumProvisioning(name, settings | {"groups": [group], "displayName": f"Elium {name}"})
"""


def test_it_is_told_that_each_disables_whom_it_does_not_have_any_more(tmp_path: Path) -> None:
    with Emulator().serve() as served:
        stack = Stack.of_this_project(tmp_path, served.environment)
        (tmp_path / "__main__.py").write_text(PROGRAM, encoding="utf-8")

        said = stack.run("preview")

    # Of the two the one that is asked second tells it.
    named = re.findall(r"(\w+)-plan of this program is of a job at the same address. Each job disables whom", said)
    assert set(named) in ({"users"}, {"platform"}), said
