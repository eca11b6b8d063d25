"""What the packages hold: nothing but what is theirs, with types, and in exactly one version."""

from __future__ import annotations

import tarfile
import tomllib
from email.message import Message
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest
from installing import built
from pulumi_stack import ROOT

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
PACKAGES = {"elium_provisioning": "provisioning", "entra_emulator": "emulator"}

each_distribution = pytest.mark.parametrize(("distribution", "package"), PACKAGES.items())


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    built(folder)
    return folder


def wheel_of(dist: Path, distribution: str) -> ZipFile:
    return ZipFile(dist / f"{distribution}-{VERSION}-py3-none-any.whl")


def metadata_of(dist: Path, distribution: str) -> Message:
    with wheel_of(dist, distribution) as wheel:
        return Parser().parsestr(wheel.read(f"{distribution}-{VERSION}.dist-info/METADATA").decode())


@each_distribution
def test_a_wheel_installs_one_package_with_its_types(dist: Path, distribution: str, package: str) -> None:
    with wheel_of(dist, distribution) as wheel:
        names = wheel.namelist()

    assert {name.partition("/")[0] for name in names} == {package, f"{distribution}-{VERSION}.dist-info"}
    assert f"{package}/py.typed" in names


@each_distribution
def test_a_wheel_has_every_file_of_the_package_that_git_knows(dist: Path, distribution: str, package: str) -> None:
    with wheel_of(dist, distribution) as wheel:
        packed = {name for name in wheel.namelist() if name.startswith(f"{package}/")}

    there = {path for path in (ROOT / package).rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert packed == {path.relative_to(ROOT).as_posix() for path in there}


@each_distribution
def test_an_sdist_has_the_same_and_what_builds_it(dist: Path, distribution: str, package: str) -> None:
    with tarfile.open(dist / f"{distribution}-{VERSION}.tar.gz") as sdist:
        packed = {name.split("/")[1] for name in sdist.getnames()}

    usual = {package, "LICENSE", "PKG-INFO", "README.md", "pyproject.toml", ".gitignore"}
    assert packed - usual <= {"CHANGELOG.md", "hatch_build.py"}
    assert packed >= usual


def test_the_emulator_asks_for_the_very_version_beside_which_it_was_built(dist: Path) -> None:
    asked = metadata_of(dist, "entra_emulator").get_all("Requires-Dist") or []

    assert f"elium-provisioning=={VERSION}" in asked


def test_nothing_else_is_pinned_and_the_emulator_is_an_extra(dist: Path) -> None:
    asked = metadata_of(dist, "elium_provisioning").get_all("Requires-Dist") or []

    assert [each for each in asked if "==" in each.partition(";")[0]] == []
    assert [each for each in asked if "emulator" in each] == ["entra-emulator; extra == 'emulator'"]


def test_both_have_the_same_licence() -> None:
    assert (ROOT / "packages/entra-emulator/LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_the_commands_are_these_and_none_is_named_as_a_plugin_of_pulumi(dist: Path) -> None:
    told = {}
    for distribution in PACKAGES:
        with wheel_of(dist, distribution) as wheel:
            written = wheel.read(f"{distribution}-{VERSION}.dist-info/entry_points.txt").decode()
        told[distribution] = [line.partition(" = ")[0] for line in written.splitlines() if " = " in line]

    assert told == {"elium_provisioning": ["elium", "entrasync-plugin"], "entra_emulator": ["entra-emulator"]}
