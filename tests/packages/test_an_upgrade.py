"""An upgrade of everything at once, from the oldest libraries to the newest: the state stays, and nothing is changed.

The story is told once, and each test reads a fact off it.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from installing import NEWEST, OLDEST, Installed, built, built_as

pytestmark = [pytest.mark.engine, pytest.mark.packages]

LATER = "99.0.0"


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    dist = tmp_path_factory.mktemp("dist")
    here = Installed.of(tmp_path_factory.mktemp("home"), built(dist / "now"), OLDEST)
    here.write_program()
    said = {"before": here.version("pulumi")}
    with here.emulator():
        here.run("elium", "plugin", "install")
        here.run("entra-emulator", "--install-azuread")
        here.pulumi("stack", "init", "dev")
        here.pulumi("up", "--yes", "--skip-preview")
        here.install(built_as(LATER, dist / "later"), NEWEST)
        here.run("entra-emulator", "--install-azuread")
        said["after"] = here.version("pulumi")
        said["preview"] = here.pulumi("preview", "--diff", "--expect-no-changes")
        said["plugin"] = here.run("elium", "plugin", "install")
        said["up"] = here.pulumi("up", "--yes", "--skip-preview")
        said["again"] = here.pulumi("preview", "--expect-no-changes")
        said["status"] = here.run("elium", "status", "dev")
        said["plugins"] = here.pulumi("plugin", "ls")
    return said


def test_the_libraries_were_others(said: Mapping[str, str]) -> None:
    assert said["before"] != said["after"]


@pytest.mark.parametrize("act", ["preview", "up", "again"])
def test_nothing_changes_before_the_plugin_is_installed_anew_nor_after_it(said: Mapping[str, str], act: str) -> None:
    assert "6 unchanged" in said[act]
    assert "warning" not in said[act]


def test_the_plugin_of_the_new_version_lies_beside_the_old_one(said: Mapping[str, str]) -> None:
    assert f"resource-entrasync-v{LATER}" in said["plugin"]
    assert said["plugins"].count("entrasync") == 2


def test_the_command_still_finds_the_job(said: Mapping[str, str]) -> None:
    assert "dev: running" in said["status"]
