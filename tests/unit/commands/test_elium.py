"""The command's door: help costs nothing, and whatever goes wrong is told as the manual says."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from importlib import import_module
from importlib.metadata import entry_points, requires, version
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from packaging.requirements import Requirement

from provisioning.commands import elium, helping, status
from provisioning.commands.exit_codes import MEANINGS, ExitCode
from provisioning.commands.screen import Screen, secrets_in
from provisioning.commands.surroundings import Surroundings
from provisioning.commands.verbs import GROUPS, VERBS
from provisioning.errors import MissingPermissionError, ProvisioningError
from provisioning.operations.deployed import EngineError

HEAVY = {"azure", "httpx2", "httpcore2", "msal", "pulumi", "pulumi_azuread", "pydantic", "rich", "provisioning.graph"}

IMPORTED = f"""
import sys
from provisioning.commands.elium import main
sys.argv = ["elium", "--help"]
try:
    main()
except SystemExit as ended:
    print("IMPORTED", ended.code, sorted({HEAVY} & sys.modules.keys()))
"""


class World:
    """A command without a world."""

    def __init__(self, **environment: str) -> None:
        self.out, self.err = io.StringIO(), io.StringIO()
        screen = Screen(self.out, self.err, secrets_in(environment))
        self.surroundings = Surroundings(environment, Path.cwd(), screen)

    def run(self, *arguments: str) -> int:
        return elium.run(arguments, self.surroundings)


def test_help_imports_nothing_that_asks_graph_or_an_engine() -> None:
    told = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True)  # noqa: S603

    assert told.stdout.splitlines()[-1] == "IMPORTED 0 []"


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_s_help_imports_nothing_that_asks(verb: str) -> None:
    program = IMPORTED.replace('"--help"', ", ".join(f'"{word}"' for word in (*verb.split(), "--help")))
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603

    # pydantic is typer's own choice, to tell its types from ours; a job is asked for over the door of graph.
    assert told.stdout.splitlines()[-1] in {
        "IMPORTED 0 ['provisioning.graph']",
        "IMPORTED 0 ['provisioning.graph', 'pydantic']",
        "IMPORTED 0 ['pydantic']",
    }


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_s_help_has_its_examples_before_its_options(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert World().run(*verb.split(), "--help") == 0

    told = capsys.readouterr().out
    assert VERBS[verb].examples[0].line in told
    assert told.index("Examples:") < told.index("Options:")


@pytest.mark.parametrize("alone", [(), *((group,) for group in GROUPS)], ids=str)
def test_the_command_or_a_group_of_verbs_alone_shows_its_help(
    alone: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    asked = World().run(*alone, "--help"), capfd.readouterr()
    world = World()

    assert (world.run(*alone), capfd.readouterr()) == asked
    assert asked[0] == ExitCode.OK
    assert asked[1].err == world.err.getvalue() == ""
    assert "Verbs:" in asked[1].out


def test_the_package_installs_the_command() -> None:
    (script,) = entry_points(group="console_scripts", name="elium")

    assert script.load() is elium.main


def test_completion_knows_the_verbs() -> None:
    program = "from provisioning.commands.elium import main; main()"
    asked = {"_ELIUM_COMPLETE": "complete_bash", "COMP_WORDS": "elium st", "COMP_CWORD": "1"}
    told = subprocess.run([sys.executable, "-c", program], env=asked, capture_output=True, text=True, check=False)  # noqa: S603

    assert told.stdout.split() == ["status", "start"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (["statu"], "Did you mean status?"),
        (["status"], "Missing argument 'STACK'"),
        (["status", "dev", "--jso"], "--json"),
        (["restart", "dev"], "--reset"),
    ],
)
def test_a_misspelt_command_line_is_told_with_what_to_look_at(written: list[str], said: str) -> None:
    world = World()

    assert world.run(*written) == ExitCode.CONFIGURATION
    assert said in world.err.getvalue()
    assert "Look: elium" in world.err.getvalue()
    assert world.out.getvalue() == ""


def test_an_error_says_what_where_the_request_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    fail(monkeypatch, denied())

    assert world.run("status", "dev") == ExitCode.SIGN_IN
    assert world.err.getvalue().splitlines() == [
        "error: This identity may not.",
        "  where: GET /servicePrincipals/x",
        "  request: 7a-5c",
        "  next: Grant it.",
    ]


def test_an_error_is_one_document_with_json(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    fail(monkeypatch, denied())

    assert world.run("status", "dev", "--json") == ExitCode.SIGN_IN
    assert json.loads(world.out.getvalue()) == {
        "error": {
            "code": 3,
            "kind": "MissingPermissionError",
            "message": "This identity may not.",
            "hint": "Grant it.",
            "requestId": "7a-5c",
            "where": "GET /servicePrincipals/x",
        }
    }
    assert world.err.getvalue() == ""


@pytest.mark.parametrize(("module", "extra"), sorted(elium.EXTRAS.items()))
def test_an_extra_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, module: str, extra: str) -> None:
    world = World()
    fail(monkeypatch, ModuleNotFoundError(f"No module named '{module}'", name=f"{module}.sub"))

    assert world.run("status", "dev") == ExitCode.CONFIGURATION
    missing = f"which is not installed: {module}.sub is not there."
    assert world.err.getvalue().splitlines() == [
        f"error: This needs the extra {extra} of elium-provisioning, {missing}",
        (
            f'  next: Install it from the release that you have: pip install "elium-provisioning[{extra}] @ '
            'file://$PWD/elium_provisioning-<version>-py3-none-any.whl"'
        ),
    ]


def test_every_extra_that_is_named_brings_what_is_missing() -> None:
    brought = {
        (Requirement(each).name, extra) for each in requires("elium-provisioning") or () if (extra := _extra(each))
    }

    assert set(elium.EXTRAS.items()) <= brought


def _extra(requirement: str) -> str:
    return requirement.rpartition("extra == ")[2].strip("'\"") if "extra ==" in requirement else ""


def test_another_module_that_is_missing_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    fail(monkeypatch, ModuleNotFoundError("No module named 'provisioning.lost'", name="provisioning.lost"))

    assert world.run("status", "dev") == ExitCode.OTHER
    assert "This is a bug: ModuleNotFoundError" in world.err.getvalue()


def test_the_version_is_the_package_s() -> None:
    world = World()

    assert world.run("--version") == ExitCode.OK
    assert world.out.getvalue() == f"elium {version('elium-provisioning')}\n"


def test_a_bug_keeps_its_traceback_and_is_a_document_too(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    fail(monkeypatch, ZeroDivisionError("here"))

    assert world.run("status", "dev", "--json") == ExitCode.OTHER
    assert json.loads(world.out.getvalue())["error"]["message"] == "This is a bug: ZeroDivisionError: here"
    assert "Traceback" in world.err.getvalue()


def test_ctrl_c_says_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    fail(monkeypatch, KeyboardInterrupt())

    assert world.run("status", "dev") == ExitCode.INTERRUPTED
    assert world.err.getvalue() == "Stopped. Nothing was changed.\n"


def test_no_secret_of_the_environment_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {"ARM_CLIENT_SECRET": "a-client-secret", "ELIUM_SECRET_TOKEN": "canary-token-1"}
    world = World(**secrets, ARM_OIDC_TOKEN_FILE_PATH="/run/secrets/token")
    fail(monkeypatch, ProvisioningError("It said a-client-secret, canary-token-1 and /run/secrets/token."))

    world.run("status", "dev")
    assert world.err.getvalue().startswith("error: It said ***, *** and /run/secrets/token.")


def test_an_error_of_a_kind_that_the_manual_does_not_have_is_told_as_what_it_is_a_kind_of() -> None:
    assert elium.kind_of(EngineError("no")) == "ProvisioningError"


def test_every_error_has_an_exit_code_of_the_table() -> None:
    kinds: set[type[ProvisioningError]] = {ProvisioningError}
    while more := {kind for parent in kinds for kind in parent.__subclasses__()} - kinds:
        kinds |= more

    assert {kind.exit_code for kind in kinds} <= set(ExitCode)
    assert list(MEANINGS) == list(ExitCode)


def denied() -> MissingPermissionError:
    error = MissingPermissionError("This identity may not.", hint="Grant it.")
    error.asked, error.request_id = "GET /servicePrincipals/x", "7a-5c"
    return error


def fail(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def raise_it(*_: Any) -> None:
        raise error

    monkeypatch.setattr(status, "ask", raise_it)


def test_a_verb_is_imported_by_one_thread_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a fleet many begin the same verb at once."""
    imported = []

    def noted(name: str) -> ModuleType:
        imported.append((name, helping.IMPORTING.locked()))
        return import_module(name)

    monkeypatch.setattr(helping, "import_module", noted)
    helping.command_of("rotate-token", VERBS["rotate-token"])

    assert imported == [("provisioning.commands.rotate_token", True)]
