"""A release is what is committed, the same bytes each time, with its checksums."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
import tarfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from pulumi_stack import ROOT

from tools.errors import SetUpError
from tools.places import Clone, this_clone
from tools.release.building import checksums, release
from tools.release.parts import LIGHT, PLATFORMS, Part, manual, packed, sdks
from tools.setup.commands import run
from tools.setup.python_environment import uv_of

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
WHEEL = f"elium_provisioning-{VERSION}-py3-none-any.whl"
UV = {"PATH": os.pathsep.join([str(uv_of(this_clone(), os.environ).parent), os.environ["PATH"]])}


def a_clone(folder: Path) -> Clone:
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)  # noqa: S603, S607 - our own clone
    return Clone(folder)


def released(clone: Clone, into: Path, parts: Sequence[Part] = LIGHT) -> tuple[dict[str, bytes], str]:
    """Build a release, and give its files and what was said."""
    said = io.StringIO()
    files = release(clone, into, run, os.environ | UV, said.write, parts=parts)
    return {file.name: file.read_bytes() for file in files}, said.getvalue()


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    return a_clone(tmp_path_factory.mktemp("first") / "clone")


@pytest.fixture(scope="module")
def files(clone: Clone, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return released(clone, tmp_path_factory.mktemp("dist"))[0]


def test_the_same_commit_gives_the_same_bytes_whatever_else_lies_there(files: dict[str, bytes], tmp_path: Path) -> None:
    other = a_clone(tmp_path / "under another name")
    (other.root / "provisioning" / "stray.py").write_text("nobody committed this", encoding="utf-8")
    (other.root / "README.md").write_text("nor this", encoding="utf-8")
    again, said = released(other, tmp_path / "dist")

    assert again == files
    assert "Not committed, and not in this release:" in said
    assert "provisioning/stray.py" in said


def test_it_has_both_packages_the_plugin_for_each_platform_and_checksums(files: dict[str, bytes]) -> None:
    kinds = sorted(name.replace(f"-{VERSION}", "").replace(f"-v{VERSION}", "") for name in files)

    assert kinds == [
        *("SHA256SUMS", "constraints.txt"),
        *("elium_provisioning-py3-none-any.whl", "elium_provisioning.tar.gz"),
        *("entra_emulator-py3-none-any.whl", "entra_emulator.tar.gz"),
        *(f"pulumi-resource-entrasync-{platform}.tar.gz" for platform in PLATFORMS),
    ]


def test_every_file_is_as_its_checksum_says(files: dict[str, bytes]) -> None:
    told = dict(line.split()[::-1] for line in files["SHA256SUMS"].decode().splitlines())

    made = {name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != "SHA256SUMS"}
    assert told == made


def test_an_archive_has_the_plugin_at_its_top_and_the_wheel_of_the_same_release(files: dict[str, bytes]) -> None:
    archive = files[f"pulumi-resource-entrasync-v{VERSION}-linux-amd64.tar.gz"]
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        modes = {entry.name: entry.mode for entry in opened}
        wheel = opened.extractfile(WHEEL)
        assert wheel is not None
        assert wheel.read() == files[WHEEL]

    assert modes["pulumi-resource-entrasync"] == 0o755
    assert set(modes) == {
        "LICENSE",
        "constraints.txt",
        WHEEL,
        "pulumi-resource-entrasync",
    }


def test_without_uv_the_plugin_says_what_to_do_and_names_what_lies_beside_it(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    folder, programs = tmp_path / "of a plugin", tmp_path / "bin"
    with tarfile.open(fileobj=io.BytesIO(files[f"pulumi-resource-entrasync-v{VERSION}-linux-amd64.tar.gz"])) as opened:
        opened.extractall(folder, filter="data")
    programs.mkdir()
    (programs / "dirname").symlink_to(str(shutil.which("dirname")))
    ended = subprocess.run(  # noqa: S603 - ours
        [folder / "pulumi-resource-entrasync"], env={"PATH": str(programs)}, capture_output=True, text=True, check=False
    )

    (named,) = re.findall(r"pip install '(.*)'; elium plugin install$", ended.stderr.strip())
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("The plugin needs uv on the PATH.")
    assert Path(named).read_bytes() == files[WHEEL]


def test_sdks_of_another_version_than_the_release_are_refused(tmp_path: Path) -> None:
    clone = a_clone(tmp_path / "clone")
    project = clone.root / "pyproject.toml"
    project.write_text(project.read_text(encoding="utf-8").replace(f'"{VERSION}"', '"98.0.0"', 1), encoding="utf-8")
    ours = ("-c", "user.name=Ada", "-c", "user.email=ada@contoso.com")
    subprocess.run(["git", *ours, "commit", "--quiet", "--all", "--message=98"], cwd=clone.root, check=True)  # noqa: S603, S607 - in a clone of our own

    with pytest.raises(SetUpError, match=f"The SDKs would be of version {VERSION}, .* in a release of version 98.0.0"):
        released(clone, tmp_path / "dist", (sdks,))


@pytest.mark.engine
@pytest.mark.packages
def test_the_sdks_and_the_manual_are_the_same_bytes_each_time(clone: Clone, tmp_path: Path) -> None:
    # The manual is built by a Python that the set-up has made.
    (clone.root / ".venv").symlink_to(this_clone().environment)
    first, again = (released(clone, tmp_path / name, (sdks, manual))[0] for name in ("first", "again"))

    assert first == again
    told = {name: _names_in(content) for name, content in first.items() if name != "SHA256SUMS"}
    assert f"entrasync-sdk-python-{VERSION}/pyproject.toml" in told[f"entrasync-sdk-python-{VERSION}.tar.gz"]
    assert {"package/package.json", "package/index.js", "package/index.d.ts"} <= told[
        f"entrasync-sdk-nodejs-{VERSION}.tgz"
    ]
    assert "manual/index.html" in told[f"manual-{VERSION}.tar.gz"]


def _names_in(archive: bytes) -> set[str]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        return set(opened.getnames())


def test_what_was_there_stays_when_something_cannot_be_built(tmp_path: Path) -> None:
    into = tmp_path / "dist"
    into.mkdir()
    (into / "kept").touch()

    with pytest.raises(SetUpError, match="A release is made of a commit, and git does not tell"):
        release(Clone(tmp_path), into, run, {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}, print)
    assert (into / "kept").exists()


def test_packing_is_the_same_whatever_the_order_and_has_nobody_s_name() -> None:
    one, other = packed({"b": b"2", "a": b"1"}, 1_700_000_000), packed({"a": b"1", "b": b"2"}, 1_700_000_000)
    with tarfile.open(fileobj=io.BytesIO(one)) as opened:
        told = [(entry.name, entry.mtime, entry.uid, entry.gid, entry.uname) for entry in opened]

    assert one == other
    assert told == [("a", 1_700_000_000, 0, 0, ""), ("b", 1_700_000_000, 0, 0, "")]


def test_checksums_are_listed_by_name(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("b", "a")]
    for file in files:
        file.write_text(file.name, encoding="utf-8")

    assert [line.split()[1] for line in checksums(files).splitlines()] == ["a", "b"]
