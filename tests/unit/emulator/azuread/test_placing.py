"""The stand-in where Pulumi looks for its azuread plugin, on request, and never over somebody else's."""

from __future__ import annotations

import os
import pwd
import stat
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from emulator.__main__ import main
from emulator.azuread import placing
from provisioning.operations.plugin_home import home_of_pulumi
from tools.setup.azuread_plugin import FIRST_LINES, stand_in


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    return tmp_path / "plugins"


def test_it_is_put_where_the_installed_sdk_looks(plugins: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = plugins / f"resource-azuread-v{version('pulumi-azuread')}" / "pulumi-resource-azuread"

    assert main(["--install-azuread"]) == 0
    told = capsys.readouterr()
    assert told.out == f"{file}\n"
    assert "for no tenant" in told.err
    assert file.read_text(encoding="utf-8") == placing.script(Path(sys.executable))
    assert stat.S_IMODE(file.stat().st_mode) == 0o755


def test_another_version_is_put_there_by_its_number(plugins: Path) -> None:
    assert main(["--install-azuread", "v6.9.1"]) == 0
    assert main(["--install-azuread", "6.9.1"]) == 0
    assert [each.name for each in plugins.iterdir()] == ["resource-azuread-v6.9.1"]


def test_the_official_plugin_is_left_as_it_is(plugins: Path, capsys: pytest.CaptureFixture[str]) -> None:
    official = plugins / "resource-azuread-v6.9.1" / "pulumi-resource-azuread"
    official.parent.mkdir(parents=True)
    official.write_bytes(b"\x7fELF")

    assert main(["--install-azuread", "6.9.1"]) == 1
    assert official.read_bytes() == b"\x7fELF"
    assert capsys.readouterr().err == (
        f"{official} is not the stand-in: it is left as it is. "
        "To be rid of it: pulumi plugin rm resource azuread 6.9.1\n"
    )


def test_a_home_that_cannot_be_written_is_told(plugins: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plugins.write_text("a file where a folder should be", encoding="utf-8")

    assert main(["--install-azuread", "6.9.1"]) == 1
    assert "cannot be written: " in capsys.readouterr().err


def test_the_set_up_of_a_clone_writes_and_knows_the_same_script(tmp_path: Path) -> None:
    python = tmp_path / "it's" / "python"

    assert (placing.script(python), placing.FIRST_LINES) == (stand_in(python), FIRST_LINES)


def test_pulumis_home_is_in_the_home_that_the_system_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    account = pwd.getpwuid(os.getuid())
    known, other = tmp_path / "known", tmp_path / "other"
    monkeypatch.setattr(pwd, "getpwuid", lambda _: struct_of(account, pw_dir=str(known)))
    monkeypatch.setenv("HOME", str(other))
    monkeypatch.delenv("PULUMI_HOME", raising=False)

    assert main(["--install-azuread", "6.9.1"]) == 0
    file = known / ".pulumi" / "plugins" / "resource-azuread-v6.9.1" / "pulumi-resource-azuread"
    assert (capsys.readouterr().out, file.exists(), other.exists()) == (f"{file}\n", True, False)


@pytest.mark.parametrize("environment", [{}, {"PULUMI_HOME": ""}, {"PULUMI_HOME": "/elsewhere"}])
@pytest.mark.parametrize("is_known", [True, False])
def test_the_product_and_the_emulator_look_for_pulumi_in_one_place(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_known: bool
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    if not is_known:
        monkeypatch.setattr(pwd, "getpwuid", unknown)

    assert placing.home_of_pulumi(environment) == home_of_pulumi(environment)


def struct_of(account: pwd.struct_passwd, *, pw_dir: str) -> pwd.struct_passwd:
    return pwd.struct_passwd((*account[:5], pw_dir, account.pw_shell))


def unknown(_: int) -> pwd.struct_passwd:
    raise KeyError
