"""With the real ``pulumi`` command: a component that is renamed by an alias, in a run that is refused; and what next.

The run keeps the component by its new name and its parts by their old ones, and Pulumi's engine looks for parts by a
component's alias only in the run that renames it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from acts import Teller
from pulumi_stack import Stack

from emulator import Emulator

pytestmark = pytest.mark.engine

PROGRAM = """\
import os

import pulumi

from provisioning.components import EliumProvisioning, export_outputs


class Team(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("acme:index:Team", name)


SETTINGS = {{
    "tenantUrl": os.environ["ELIUM_TENANT_URL"],
    "secretToken": "env:ELIUM_SECRET_TOKEN",
    "users": ["hypatia@contoso.com"],
    "groups": {groups},
}}
export_outputs(EliumProvisioning({name!r}, SETTINGS, pulumi.ResourceOptions({options})))
"""

RENAMED = ("other", "aliases=[pulumi.Alias(name='elium')]")

MOVED = ("elium", "parent=Team('team'), aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)]")


@pytest.mark.parametrize(("name", "options"), [RENAMED, MOVED], ids=["renamed", "moved"])
def test_the_run_after_it_finds_everything_that_is_there(tmp_path: Path, name: str, options: str) -> None:
    with Emulator().serve() as served:
        stack = Stack.of_this_project(tmp_path, served.environment)
        teller = Teller(served, stack)

        def declare(name: str, groups: list[str], options: str) -> None:
            program = PROGRAM.format(name=name, groups=groups, options=options)
            (tmp_path / "__main__.py").write_text(program, encoding="utf-8")

        declare("elium", ["Elium users"], "")
        there = teller.up("first").world
        declare(name, [], options)
        assert "people in scope would leave" in teller.up("refused", succeeds=False).said

        declare(name, ["Elium users"], options)
        then = teller.up("kept")

        assert then.world == there
        assert "unchanged" in then.said
        assert "created" not in then.said
