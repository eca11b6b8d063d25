"""The SDKs, and what Pulumi's own commands make of the package."""

from __future__ import annotations

import filecmp
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from language_programs import PLUGIN
from pulumi_stack import ROOT, Stack

from emulator.web.server import Served
from tools.places import this_clone
from tools.sdk import surroundings, write_sdks
from tools.setup.language_hosts import hand_on_language_hosts
from tools.setup.progress import Progress

pytestmark = pytest.mark.engine

EXECUTABLE = str(PLUGIN / "pulumi-resource-entrasync")

PYTHON = """\
import os

import pulumi
import pulumi_entrasync as entrasync

elium = entrasync.EliumProvisioning(
    "elium",
    tenant_url=os.environ["ELIUM_TENANT_URL"],
    secret_token="env:ELIUM_SECRET_TOKEN",
    groups=["Elium users"],
    mappings=entrasync.MappingsArgs(
        users={"title": "[department]", "nickName": entrasync.MappingArgs(remove=True)},
    ),
    filters=entrasync.FiltersArgs(users=[["department EQUALS Knowledge"], ["department EQUALS Sales"]]),
    status=entrasync.Status.ON,
    on_destroy=entrasync.OnDestroy.RETAIN,
)
pulumi.export("jobId", elium.job_id)
"""


def test_the_generators_write_the_same_twice(sdks: Path, tmp_path: Path) -> None:
    write_sdks(surroundings(os.environ, Progress(io.StringIO())), tmp_path)

    files = [file.relative_to(tmp_path) for file in tmp_path.rglob("*") if file.is_file()]
    assert len(files) > 20
    assert [file for file in files if not filecmp.cmp(tmp_path / file, sdks / file, shallow=False)] == []


def test_a_program_with_the_python_sdk_comes_and_goes(sdks: Path, tmp_path: Path, served: Served) -> None:
    packages = tmp_path / "packages"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(packages)]
    subprocess.run([*pip, str(sdks / "python")], check=True)  # noqa: S603 - ours
    folder = tmp_path / "program"
    folder.mkdir()
    stack = Stack.of_this_project(folder, {**served.environment, "PYTHONPATH": str(packages)})
    (folder / "__main__.py").write_text(PYTHON, encoding="utf-8")

    stack.up()

    assert stack.outputs()["jobId"].startswith("elium.")
    stack.run("preview", "--expect-no-changes")
    stack.run("destroy", "--yes", "--skip-preview")


def test_pulumi_gets_the_schema_that_is_kept(tmp_path: Path) -> None:
    stack = Stack.of_this_project(tmp_path, {})
    command = stack.command("package", "get-schema", EXECUTABLE)
    got = subprocess.run(command, cwd=tmp_path, env=dict(stack.variables), capture_output=True, check=True)  # noqa: S603
    kept = json.loads((ROOT / "schemas" / "entrasync.json").read_text(encoding="utf-8"))

    told = json.loads(got.stdout)

    assert (told["name"], told["version"]) == (kept["name"], kept["version"])
    assert told["types"].keys() == kept["types"].keys()
    assert {token: sorted(each["properties"]) for token, each in told["resources"].items()} == {
        token: sorted(each["properties"]) for token, each in kept["resources"].items()
    }


def test_pulumi_writes_an_sdk_for_yaml_and_says_that_our_hosts_write_no_other(tmp_path: Path) -> None:
    stack = Stack.of_this_project(tmp_path, {})
    hand_on_language_hosts(this_clone(), Path(stack.variables["PULUMI_HOME"]))

    stack.run("package", "gen-sdk", EXECUTABLE, "--language", "yaml", "--out", "sdk")

    assert list((tmp_path / "sdk").rglob("*.yaml"))
    said = stack.run("package", "gen-sdk", EXECUTABLE, "--language", "nodejs", "--out", "sdk", succeeds=False)
    assert "unknown method GeneratePackage" in said
