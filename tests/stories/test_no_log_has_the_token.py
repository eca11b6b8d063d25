"""With the real ``pulumi`` command, as loud as it gets, which is what support asks for: the token is in no line."""

from __future__ import annotations

import base64
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from acts import told_in

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.engine

LOUD = ("--logtostderr", "-v=9")


def test_a_token_of_the_stack_is_in_no_line_of_the_log(tmp_path: Path) -> None:
    with told_in(tmp_path, groups=["Elium users"], onDestroy="retain") as teller:
        variables = dict(teller.stack.variables)
        token = variables.pop("ELIUM_SECRET_TOKEN")
        stack = replace(teller.stack, variables=variables)
        subprocess.run(  # noqa: S603 - the command is ours
            stack.command("config", "set", "--secret", "elium:secretToken"),
            cwd=stack.folder,
            env=variables,
            input=token,
            text=True,
            check=True,
        )

        said = stack.up(*LOUD) + stack.run("preview", *LOUD) + stack.run("destroy", "--yes", "--skip-preview", *LOUD)

        assert "RegisterResource(entrasync:index:SynchronizationJob" in said
        for written in (token, base64.b64encode(token.encode()).decode(), token.encode().hex()):
            assert written not in said
