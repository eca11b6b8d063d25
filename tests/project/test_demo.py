"""The demonstration is of the project as it is, and leaves the newcomer's own files alone."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from rich.console import Console
from unit.tools.stage import a_program

from scripts.demo.acts import demand_disabled
from scripts.demo.cast import cast_of
from scripts.demo.company import Account
from scripts.demo.processes import DemoError, heard, panel, run, stop_the_last_ones
from scripts.demo.screen import show_accounts, show_failure
from scripts.demo.stack import DECLARATION, DemoStack
from tools.places import this_clone
from tools.setup.azuread_plugin import PLUGIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

ROOT = this_clone().root


def a_console() -> Console:
    return Console(file=io.StringIO(), width=120, markup=False, highlight=False)


def shown_on(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def a_stack(folder: Path) -> DemoStack:
    return DemoStack(ROOT, folder, {}, a_console())


def declared_in(folder: Path) -> Mapping[str, Any]:
    found: dict[str, Any] = yaml.safe_load((folder / "Pulumi.dev.yaml").read_text(encoding="utf-8"))
    return found


def an_account(name: str, *, is_active: bool) -> Account:
    return Account(f"{name}@contoso.com", name, "[jobTitle]", is_active)


def test_the_made_up_companys_own_stack_begins_where_the_demonstration_does() -> None:
    ours = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8"))["config"]

    assert ours == yaml.safe_load(DECLARATION.read_text(encoding="utf-8"))


def a_twin(folder: Path, **differences: Any) -> Path:
    people = [
        {"userPrincipalName": f"{name}@twin.example", "accountEnabled": name != "off"}
        for name in ("off", "guest#EXT#", "both", "leaver")
    ]
    members = [person["userPrincipalName"] for person in people]
    groups = [
        {"key": "g1", "displayName": "Of all", "members": members},
        {"key": "g2", "displayName": "Of one", "members": ["both@twin.example"]},
        {"key": "g3", "displayName": "Not assigned", "members": members},
    ]
    applications = [{"assignments": [{"principal": "g1"}, {"principal": "g2"}]}]
    file = folder / "twin.json"
    file.write_text(json.dumps({"people": people, "groups": groups, "applications": applications, **differences}))
    return file


def test_a_twin_plays_without_its_app_and_somebody_leaves_who_has_an_account(tmp_path: Path) -> None:
    cast = cast_of(a_twin(tmp_path), tmp_path)

    assert (cast.groups, cast.group, cast.leaver) == (("Of all", "Of one"), "Of all", "leaver@twin.example")
    assert cast.seed is not None
    assert json.loads(cast.seed.read_text(encoding="utf-8")).keys() == {"people", "groups"}


@pytest.mark.parametrize("differences", [{"groups": []}, {"people": None}, {"applications": [{}]}])
def test_what_is_not_a_twin_or_holds_nobody_who_could_leave_is_told(
    tmp_path: Path, differences: Mapping[str, Any]
) -> None:
    with pytest.raises(DemoError, match=r"twin\.json"):
        cast_of(a_twin(tmp_path, **differences), tmp_path)


def test_nothing_of_the_clone_is_written(tmp_path: Path) -> None:
    files = [ROOT / "Pulumi.dev.yaml", ROOT / "Pulumi.yaml", DECLARATION]
    before = [hashlib.sha256(file.read_bytes()).digest() for file in files]

    stack = a_stack(tmp_path)
    stack.map_user("title", "[department]")
    stack.declare(groups=[])

    assert before == [hashlib.sha256(file.read_bytes()).digest() for file in files]
    assert {file.name for file in tmp_path.iterdir()} == {"Pulumi.yaml", "Pulumi.dev.yaml"}


def test_the_program_and_the_plugin_are_the_clones(tmp_path: Path) -> None:
    a_stack(tmp_path)
    project = yaml.safe_load((tmp_path / "Pulumi.yaml").read_text(encoding="utf-8"))

    assert project["main"] == str(ROOT)
    assert [provider["path"] for provider in project["plugins"]["providers"]] == [str(ROOT / "plugin")]


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_where_go_asks_the_system_whom_to_trust_the_stand_in_plays_for_azuread(tmp_path: Path, system: str) -> None:
    stack = DemoStack(ROOT, tmp_path, {"PATH": "/bin"}, a_console(), system=system)
    project = yaml.safe_load((tmp_path / "Pulumi.yaml").read_text(encoding="utf-8"))

    assert project["plugins"]["providers"][1:] == [{"name": "azuread", "path": str(tmp_path / "stand-in")}]
    assert "emulator.azuread" in (tmp_path / "stand-in" / PLUGIN).read_text(encoding="utf-8")
    assert stack.environment_by_hand() == {"PATH": f"{tmp_path}/stand-in:/bin"}


def test_elsewhere_a_shell_goes_on_in_the_same_environment(tmp_path: Path) -> None:
    stack = DemoStack(ROOT, tmp_path, {"PATH": "/bin"}, a_console(), system="linux")

    assert stack.environment_by_hand() == {"PATH": "/bin"}


@contextmanager
def a_process_called(*words: str) -> Iterator[subprocess.Popen[str]]:
    waits = "import sys; print('ready', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", waits, *words]
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process


def test_an_emulator_that_was_kept_is_stopped_on_every_system(tmp_path: Path) -> None:
    with a_process_called("emulator", "--state", str(tmp_path)) as process:
        (tmp_path / "emulator.pid").write_text(str(process.pid), encoding="utf-8")

        stop_the_last_ones(tmp_path)

        assert process.wait(20) != 0


def test_another_program_that_has_its_number_by_now_goes_on(tmp_path: Path) -> None:
    with a_process_called("emulator", "--state", str(tmp_path / "elsewhere")) as process:
        (tmp_path / "emulator.pid").write_text(str(process.pid), encoding="utf-8")

        stop_the_last_ones(tmp_path)
        process.communicate("")

        assert process.returncode == 0


def test_a_panel_that_was_kept_is_stopped_as_well(tmp_path: Path) -> None:
    with a_process_called("panel", "dev", "--cwd", str(tmp_path), "--json") as process:
        (tmp_path / "panel.pid").write_text(str(process.pid), encoding="utf-8")

        stop_the_last_ones(tmp_path)

        assert process.wait(20) != 0


def an_elium(folder: Path, program: str) -> dict[str, str]:
    """Put a program in the place of ``elium``, and give the environment in which it is found."""
    a_program(folder / "elium", f"#!{sys.executable}\n{program}\n")
    return {"PATH": str(folder)}


ANSWERS = """
import json, sys, signal
print(json.dumps({"address": "http://127.0.0.1:1/?key=" + "-".join(sys.argv[1:3])}), flush=True)
signal.pause()
"""


@pytest.mark.parametrize("keep", [False, True])
def test_a_panel_is_stopped_with_the_demonstration_or_kept(tmp_path: Path, *, keep: bool) -> None:
    with panel(tmp_path, tmp_path, an_elium(tmp_path / "bin", ANSWERS), keep=keep) as running:
        assert running.address == "http://127.0.0.1:1/?key=panel-dev"

    assert ((tmp_path / "panel.pid").exists(), running.process.poll() is None) == (keep, keep)
    stop_the_last_ones(tmp_path)
    assert running.process.wait(20) != 0


def test_a_panel_that_does_not_start_says_why(tmp_path: Path) -> None:
    program = "import sys; sys.exit('There is no stack dev.')"

    with (
        pytest.raises(DemoError, match=r"The panel did not start: There is no stack dev\."),
        panel(tmp_path, tmp_path, an_elium(tmp_path / "bin", program), keep=True),
    ):
        pass


@pytest.mark.parametrize("number", ["", "none", "999999999"])
def test_without_an_emulator_there_is_nothing_to_stop(tmp_path: Path, number: str) -> None:
    (tmp_path / "emulator.pid").write_text(number, encoding="utf-8")

    stop_the_last_ones(tmp_path)


def test_what_pulumi_wrote_into_the_file_stays_when_something_else_is_declared(tmp_path: Path) -> None:
    stack = a_stack(tmp_path)
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text(f"{file.read_text(encoding='utf-8')}encryptionsalt: v1:salt\n", encoding="utf-8")

    stack.declare(groups=[], acceptLeavers=9)

    assert declared_in(tmp_path)["encryptionsalt"] == "v1:salt"
    assert declared_in(tmp_path)["config"]["elium:groups"] == []
    assert declared_in(tmp_path)["config"]["elium:acceptLeavers"] == 9
    assert declared_in(tmp_path)["config"]["elium:role"] == "User"


def test_a_mapping_that_was_changed_can_be_taken_back(tmp_path: Path) -> None:
    stack = a_stack(tmp_path)
    before = declared_in(tmp_path)

    assert stack.map_user("title", "[department]") == "[jobTitle]"
    assert declared_in(tmp_path)["config"]["elium:mappings"]["users"]["title"] == "[department]"
    stack.map_user("title", "[jobTitle]")
    assert declared_in(tmp_path) == before


def test_what_others_wrote_is_shown_to_the_letter(tmp_path: Path) -> None:
    console = a_console()

    show_failure(console, "The line `[jobTitle]` is gone.", "Put [red]it[/red] back.")
    show_accounts(console, [an_account("[bold]ada", is_active=True)])
    run(["true", "[mail]"], {}, console, where=tmp_path)

    for text in ("[jobTitle]", "[red]it[/red]", "[bold]ada", "[mail]"):
        assert text in shown_on(console)


@pytest.mark.parametrize(
    ("accounts", "was"),
    [([an_account("ada", is_active=True)], "still active"), ([], "deleted")],
    ids=["active", "gone"],
)
def test_an_account_that_is_not_disabled_is_a_fault(accounts: list[Account], was: str) -> None:
    with pytest.raises(DemoError, match=f"ada@contoso.com is {was}; it should be disabled"):
        demand_disabled(accounts, "ada@contoso.com")


def test_accounts_that_are_disabled_are_as_promised() -> None:
    demand_disabled([an_account("ada", is_active=False), an_account("alan", is_active=True)], "ada@contoso.com")


def test_what_a_command_says_is_shown_and_given(tmp_path: Path) -> None:
    console = a_console()

    assert heard(["sh", "-c", "echo [mail]; echo checksum 1a2b >&2"], {}, console, where=tmp_path) == (
        "[mail]\nchecksum 1a2b\n"
    )
    assert shown_on(console).endswith("[mail]\nchecksum 1a2b\n")


def test_a_command_that_fails_ends_the_demonstration(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="ended with 3"):
        heard(["sh", "-c", "exit 3"], {}, a_console(), where=tmp_path)
