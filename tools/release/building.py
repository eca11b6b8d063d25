"""From a commit to a folder of files with their checksums."""

from __future__ import annotations

import hashlib
import shutil
import tarfile
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from tools.errors import SetUpError
from tools.places import Clone
from tools.release.parts import PARTS, Part, Release
from tools.setup.commands import Command, Runner

CHECKSUMS = "SHA256SUMS"
"""Every file of the release with its checksum, as ``sha256sum --check`` reads it."""

SECONDS_FOR_GIT = 60.0

Say = Callable[[str], object]


def release(
    clone: Clone,
    into: Path,
    run: Runner,
    environment: Mapping[str, str],
    say: Say,
    *,
    parts: Sequence[Part] = PARTS,
) -> list[Path]:
    """Build *parts* out of the commit that is checked out, in place of what *into* had, and give the files.

    What is not committed is told, and is not in the release.

    :raises SetUpError: when something cannot be built; what *into* had is still there then.
    """
    git = _Git(clone.root, run, environment)
    if changed := git.ask("status", "--porcelain"):
        say(f"Not committed, and not in this release:\n{changed}\n")
    with tempfile.TemporaryDirectory(prefix="release-") as folder:
        source, made = Path(folder) / "source", Path(folder) / "made"
        made.mkdir()
        git.lay_out(source)
        version = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
        moment = int(git.ask("log", "-1", "--format=%ct"))
        say(f"Version {version}, as committed in {git.ask('log', '-1', '--format=%h, %cI')}\n")
        building = Release(clone, source, made, version, moment, run, environment)
        files = sorted(file for part in parts for file in part(building))
        (made / CHECKSUMS).write_text(checksums(files), encoding="utf-8")
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir(parents=True)
        return [Path(shutil.copy(file, into)) for file in (*files, made / CHECKSUMS)]


def checksums(files: Iterable[Path]) -> str:
    """Write the checksum of each file, by name."""
    lines = (f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)
    return "".join(sorted(lines, key=lambda line: line.split()[1]))


class _Git:
    """What git knows of the clone."""

    def __init__(self, root: Path, run: Runner, environment: Mapping[str, str]) -> None:
        self._root, self._run, self._environment = root, run, environment

    def ask(self, *question: str | Path) -> str:
        """Give what git answers."""
        command: Command = ["git", *question]
        ended = self._run(command, within=SECONDS_FOR_GIT, environment=self._environment, where=self._root)
        if not ended.succeeded:
            raise SetUpError(f"A release is made of a commit, and git does not tell: {ended.last_line}")
        return ended.output.strip()

    def lay_out(self, folder: Path) -> None:
        """Lay the commit's files out in a folder."""
        archive = folder.with_suffix(".tar")
        self.ask("archive", "--format=tar", f"--output={archive}", "HEAD")
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
