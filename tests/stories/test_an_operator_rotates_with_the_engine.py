"""With the real ``pulumi`` command: a rotated token, a stack that still has the old one, and the next ``up``."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from acts import Teller, told_in

pytestmark = pytest.mark.engine

TOKEN = "elium:secretToken"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teller]:
    """Tell of a stack whose token is encrypted in its file."""
    with told_in(tmp_path_factory.mktemp("rotation"), groups=["Elium users"]) as teller:
        teller.stack.run("config", "set", "--secret", TOKEN, teller.elium.tokens.first)
        teller.up("up")
        teller.cycle()
        yield teller


def elium(story: Teller, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "provisioning.commands", *arguments]
    environment = {**story.stack.variables, "ELIUM_SECRET_TOKEN": "", **variables}
    return subprocess.run(  # noqa: S603 - our own command
        command, cwd=story.stack.folder, env=environment, text=True, capture_output=True, check=False
    )


def rotate(story: Teller, new: str) -> Any:
    told = elium(story, "rotate-token", "dev", "--new-token", "env:NEW", "--yes", "--json", NEW=new)
    assert new not in told.stdout + told.stderr
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


def saved(story: Teller) -> str:
    return str(story.synchronization().secrets["SecretToken"])


def test_the_stack_is_looked_into_and_the_next_up_keeps_what_was_rotated(story: Teller) -> None:
    old, (_, new) = story.elium.tokens.first, story.elium.tokens.make()

    first = rotate(story, new)
    assert (saved(story), first["configurationHasIt"]) == (new, False)
    assert f"Run `pulumi config set --stack dev --secret {TOKEN}`, which asks for it." in first["next"][0]

    # Nothing differs for the engine, so it saves nothing; what is saved beside the token takes the old one along.
    story.up("up that changes nothing")
    kept = saved(story)
    story.up("up that changes the notification", groups=["Elium users"], notificationEmail="it@contoso.com")
    assert (kept, saved(story)) == (new, old)

    story.stack.run("config", "set", "--secret", TOKEN, new)
    second = rotate(story, new)
    story.up("up")
    story.elium.tokens.revoke("1")
    story.cycle()

    assert (second["configurationHasIt"], saved(story)) == (True, new)
    assert json.loads(elium(story, "status", "dev", "--json").stdout)["state"] == "running"
