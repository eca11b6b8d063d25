"""The plugin where Pulumi looks for it: put there whole, once, and never over somebody else's."""

from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path

import pytest

from provisioning.errors import ConfigurationError
from provisioning.operations.plugin_home import (
    PROGRAM,
    PluginHome,
    PluginOutcome,
    home_of_pulumi,
    is_found,
    versions_in,
)


@pytest.fixture
def home(tmp_path: Path) -> PluginHome:
    return PluginHome(tmp_path / "plugins", "0.1.0", tmp_path / "it's a venv" / "bin" / "entrasync-plugin")


def a_command(home: PluginHome) -> None:
    """Put a command in place of the plugin's, which tells what it was started with."""
    home.command.parent.mkdir(parents=True)
    home.command.write_text('#!/bin/sh\necho "started with $1"\n', encoding="utf-8")
    home.command.chmod(0o755)


def test_it_lies_where_the_engine_looks_and_runs_the_command_with_the_engine_s_address(home: PluginHome) -> None:
    a_command(home)
    report = home.install()
    told = subprocess.run([report.file, "127.0.0.1:4711"], capture_output=True, text=True, check=True)  # noqa: S603

    assert Path(report.file) == home.plugins / "resource-entrasync-v0.1.0" / "pulumi-resource-entrasync"
    assert told.stdout == "started with 127.0.0.1:4711\n"


def test_what_became_of_it_is_told_each_time(home: PluginHome, tmp_path: Path) -> None:
    elsewhere = PluginHome(home.plugins, "0.1.0", tmp_path / "another" / "entrasync-plugin")
    outcomes = [home.install(), home.install(), elsewhere.install(), home.uninstall(), home.uninstall()]

    assert [each.outcome.value for each in outcomes] == ["installed", "unchanged", "replaced", "removed", "absent"]
    assert not home.folder.exists()


def test_nothing_else_is_left_beside_it(home: PluginHome) -> None:
    home.install()

    assert [each.name for each in home.folder.iterdir()] == [PROGRAM]


@pytest.mark.parametrize("act", [PluginHome.install, PluginHome.uninstall])
def test_a_plugin_that_somebody_put_there_is_left_as_it_is(home: PluginHome, act: object) -> None:
    home.folder.mkdir(parents=True)
    home.file.write_bytes(b"\x7fELF of somebody")

    assert callable(act)
    with pytest.raises(ConfigurationError, match="that elium has not put there") as told:
        act(home)
    assert told.value.hint.endswith("pulumi plugin rm resource entrasync 0.1.0")
    assert home.file.read_bytes() == b"\x7fELF of somebody"


def test_a_home_that_cannot_be_written_is_told(home: PluginHome) -> None:
    home.plugins.parent.mkdir(exist_ok=True)
    home.plugins.write_text("a file where a folder should be", encoding="utf-8")

    with pytest.raises(ConfigurationError, match=r"resource-entrasync-v0\.1\.0 cannot be written: ") as told:
        home.install()
    assert "PULUMI_HOME" in told.value.hint


def test_a_newer_version_beside_it_is_told_since_pulumi_takes_that_one(home: PluginHome) -> None:
    for version in ("0.0.9", "0.2.0", "0.10.0"):
        PluginHome(home.plugins, version, home.command).install()
    report = home.install()

    assert report.newer == ("0.2.0", "0.10.0")
    assert list(report.lines)[1:] == [
        f"Pulumi takes the newest, and entrasync {newer} is there as well. To be rid of it: "
        f"pulumi plugin rm resource entrasync {newer}"
        for newer in report.newer
    ]
    assert versions_in(home.plugins) == ["0.0.9", "0.1.0", "0.2.0", "0.10.0"]


def test_on_windows_it_is_a_batch_file(tmp_path: Path) -> None:
    home = PluginHome(tmp_path, "0.1.0", Path("venv") / "Scripts" / "entrasync-plugin.exe", is_windows=True)
    report = home.install()

    assert report.file.endswith("pulumi-resource-entrasync.cmd")
    assert home.install().outcome is PluginOutcome.UNCHANGED
    assert Path(report.file).read_bytes().endswith(b'entrasync-plugin.exe" %*\r\n')


def test_the_command_is_the_one_of_this_environment(tmp_path: Path) -> None:
    home = PluginHome.of({"PULUMI_HOME": str(tmp_path)})

    assert home.plugins == tmp_path / "plugins"
    assert home.command.is_file()
    assert home.command.name == "entrasync-plugin"


@pytest.mark.parametrize(
    ("project", "found"),
    [
        ("plugins: {providers: [{name: entrasync, path: plugin}]}", True),
        ("plugins: {providers: [{name: azuread, path: plugin}]}", False),
        ("name: intranet", False),
        ("[", False),
    ],
)
def test_a_project_may_name_the_plugin_itself(tmp_path: Path, project: str, *, found: bool) -> None:
    (tmp_path / "Pulumi.yaml").write_text(project, encoding="utf-8")

    assert is_found(tmp_path, {"PULUMI_HOME": str(tmp_path), "PATH": ""}) is found


def test_it_is_found_where_it_was_installed_and_on_the_path(home: PluginHome, tmp_path: Path) -> None:
    home.install()

    assert is_found(tmp_path, {"PULUMI_HOME": str(home.plugins.parent), "PATH": ""})
    assert is_found(tmp_path, {"PULUMI_HOME": str(tmp_path / "none"), "PATH": str(home.folder)})


def test_pulumi_s_home_is_where_the_system_says_that_somebody_lives_whatever_home_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    assert home_of_pulumi({"HOME": str(tmp_path)}) == Path(pwd.getpwuid(os.getuid()).pw_dir, ".pulumi")


def test_who_is_unknown_to_the_system_lives_where_home_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def unknown(uid: int) -> pwd.struct_passwd:
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.setenv("HOME", str(tmp_path))

    assert home_of_pulumi({}) == tmp_path / ".pulumi"


def test_a_home_that_is_named_is_pulumi_s(tmp_path: Path) -> None:
    assert home_of_pulumi({"PULUMI_HOME": str(tmp_path)}) == tmp_path
