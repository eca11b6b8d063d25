"""With the real ``pulumi`` command: the command finds the job that ``up`` made, by the stack's name alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from acts import Teller, told_in

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teller]:
    with told_in(tmp_path_factory.mktemp("operator"), groups=["Elium users"]) as teller:
        teller.up("up")
        teller.cycle()
        yield teller


def elium(story: Teller, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "provisioning.commands", *arguments]
    environment = {**story.stack.variables, **variables}
    return subprocess.run(  # noqa: S603 - our own command
        command, cwd=story.stack.folder, env=environment, text=True, capture_output=True, check=False
    )


def test_the_job_of_a_stack_is_found_without_its_passphrase(story: Teller) -> None:
    without = {name: value for name, value in story.stack.variables.items() if "PASSPHRASE" not in name}
    told = elium(replace(story, stack=replace(story.stack, variables=without)), "status", "dev", "--json")

    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["servicePrincipalId"] == story.principal


def test_the_doctor_finds_a_stack_that_was_just_deployed_in_order(story: Teller) -> None:
    told = elium(story, "doctor", "dev", "--json")

    checks = {check["check"]: check for check in json.loads(told.stdout)["checks"]}
    assert {check["verdict"] for check in checks.values()} == {"ok", "hint"}, told.stdout
    assert checks["drift"]["sentence"] == "Entra is as the last up left it."
    assert checks["token"]["sentence"].startswith("The configuration has the token that the last up saved.")
    assert "azuread " in checks["versions"]["sentence"]
    assert told.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "variables", "code", "said"),
    [
        (("status", "prod"), {}, 2, "There is no stack prod. · Declared here: dev"),
        (("status", "dev", "--cwd", "/"), {}, 2, "There is no Pulumi project in /."),
        (("status", "dev"), {"PULUMI_BACKEND_URL": "", "PULUMI_HOME": "/nonexistent"}, 3, "Pulumi is not logged in"),
        (("status", "dev"), {"PATH": ""}, 1, "There is no pulumi on the PATH"),
        (("status", "dev"), {"ARM_CLIENT_SECRET": "wrong-secret"}, 3, "AADSTS7000215"),
    ],
)
def test_what_is_missing_is_told_in_a_sentence(
    story: Teller, arguments: tuple[str, ...], variables: dict[str, str], code: int, said: str
) -> None:
    told = elium(story, *arguments, "--json", **variables)

    error = json.loads(told.stdout)["error"]
    assert (told.returncode, error["code"]) == (code, code), told
    assert said in f"{error['message']} · {error['hint']}"
    assert "wrong-secret" not in told.stdout + told.stderr


def test_a_stack_without_a_job_is_told(story: Teller) -> None:
    story.stack.run("stack", "init", "empty", "--no-select")
    told = elium(story, "status", "empty")

    assert told.returncode == 2
    assert "The stack empty has no synchronization job: it was never deployed, or was taken down." in told.stderr
