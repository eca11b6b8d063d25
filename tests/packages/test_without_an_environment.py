"""What runs without an environment that somebody has made: uv makes one, for the command or for the plugin."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from installing import NEWEST, Installed, uv
from pulumi_stack import ROOT

from tools.places import this_clone
from tools.release.parts import PARTS, PLUGIN, Release
from tools.setup.commands import run
from tools.setup.python_environment import uv_of

pytestmark = [pytest.mark.engine, pytest.mark.packages]

VERSION = uv("version", "--short").strip()


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the parts of a release from the clone as it is now."""
    made = tmp_path_factory.mktemp("dist")
    building = Release(this_clone(), ROOT, made, VERSION, 1_700_000_000, run, os.environ)
    assert [file for part in PARTS for file in part(building)]
    return made


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, dist: Path) -> Installed:
    installed = Installed.of(tmp_path_factory.mktemp("home"), sorted((dist / "distributions").glob("*.whl")), NEWEST)
    installed.variables["PATH"] += f"{os.pathsep}{uv_of(this_clone(), os.environ).parent}"
    return installed


def test_the_archive_of_a_release_is_a_plugin_that_pulumi_installs(here: Installed, dist: Path) -> None:
    here.write_program()
    archive = dist / f"{PLUGIN}-v{VERSION}-linux-amd64.tar.gz"
    here.run("entra-emulator", "--install-azuread")
    here.pulumi("plugin", "install", "resource", "entrasync", VERSION, "--file", str(archive))
    folder = here.home / "pulumi" / "plugins" / f"resource-entrasync-v{VERSION}"
    # Before the emulator's authority is the only one that is trusted; with no engine, it says what it is.
    here.run(str(folder / PLUGIN), code=1)
    with here.emulator():
        here.pulumi("stack", "init", "dev")
        said = here.pulumi("preview")

    assert "10 would enter" in said
    assert "warning" not in said
    assert sorted(each.name for each in folder.iterdir() if each.is_dir()) == ["venv"]


def test_the_command_runs_by_uvx(here: Installed, dist: Path) -> None:
    wheel = dist / "distributions" / f"elium_provisioning-{VERSION}-py3-none-any.whl"

    assert here.run("uvx", "--quiet", "--from", str(wheel), "elium", "--version") == f"elium {VERSION}\n"
    assert "needs the extra fleet" in here.run(
        "uvx", "--quiet", "--from", str(wheel), "elium", "fleet", "status", code=2
    )


def test_the_emulator_runs_by_uvx(here: Installed, dist: Path) -> None:
    ours, emulator = sorted((dist / "distributions").glob("*.whl"))
    command = ("uvx", "--quiet", "--from", str(emulator), "--with", str(ours), "entra-emulator")

    assert here.run(*command, "--version") == f"entra-emulator {VERSION}\n"


def test_a_rehearsal_without_the_emulator_names_the_extra(here: Installed, dist: Path) -> None:
    wheel = dist / "distributions" / f"elium_provisioning-{VERSION}-py3-none-any.whl"
    program = "from provisioning.operations.rehearsal.emulator import started, TwinError\n"
    program += "try:\n    started({}).__enter__()\nexcept TwinError as error:\n    print(error.message, error.hint)"
    said = here.run("uv", "run", "--quiet", "--isolated", "--with", str(wheel), "python", "-c", program)

    assert said == (
        "There is no emulator beside this command to rehearse in: No module named emulator. "
        "Install it from the release that you have: pip install ./entra_emulator-<version>-py3-none-any.whl\n"
    )
