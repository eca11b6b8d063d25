"""What a release consists of: one function for each part, which builds it and gives its files.

A new part is a function and its place in :data:`PARTS`. It reads the commit's files and nothing else of the clone but
its tools, writes below ``release.made``, and takes ``release.moment`` wherever a time is written down.
"""

from __future__ import annotations

import gzip
import io
import sys
import tarfile
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.errors import SetUpError, UnavailableError
from tools.places import Clone, user_cache
from tools.sdk import compile_node_sdk, write_sdks
from tools.setup.commands import Command, Runner
from tools.setup.context import Context
from tools.setup.progress import Progress
from tools.setup.python_environment import environment_beside, uv_of
from tools.site.building import PAGES, build

SECONDS_TO_BUILD = 600.0

PLATFORMS = ("darwin-amd64", "darwin-arm64", "linux-amd64", "linux-arm64")
"""As Pulumi names them. The archive is the same for each: what runs there is a script."""

PLUGIN = "pulumi-resource-entrasync"

WHEEL, CONSTRAINTS = "elium_provisioning-{version}-py3-none-any.whl", "constraints.txt"

SCRIPT = """\
#!/bin/sh
# The plugin entrasync of elium-provisioning, out of the archive of a release: uv brings its libraries, once.
set -e
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -d "$here/venv" ]; then
    command -v uv >/dev/null || {{
        echo "The plugin needs uv on the PATH. Or: pip install elium-provisioning; elium plugin install" >&2
        exit 1
    }}
    made=$(mktemp -d "$here/unfinished-XXXXXX")
    trap 'rm -rf "$made"' EXIT
    uv venv --quiet --relocatable "$made" >&2
    uv pip install --quiet --python "$made" --constraints "$here/constraints.txt" "$here/{wheel}" >&2
    # Of two at once the first one stays: a folder is not renamed over one that is not empty.
    "$made/bin/python" -c 'import os, sys; os.rename(*sys.argv[1:])' "$made" "$here/venv" 2>/dev/null || true
    rm -rf "$made"
    trap - EXIT
fi
exec "$here/venv/bin/entrasync-plugin" "$@"
"""
"""The engine waits for the plugin's port, as long as that takes; standard output is for the port alone."""


@dataclass(frozen=True, slots=True)
class Release:
    """One release in the making."""

    clone: Clone
    source: Path
    """The commit's files."""
    made: Path
    """Where what is built goes."""
    version: str
    moment: int
    """The commit's time, in seconds since 1970 (reproducible-builds.org: SOURCE_DATE_EPOCH)."""
    run: Runner
    user: Mapping[str, str]
    """The user's environment."""

    def context(self, clone: Clone) -> Context:
        """Give what the tools of the set-up work with: in the clone, which has them, or on the commit's files."""
        return Context(clone, user_cache(self.user), self.user, self.run, Progress(sys.stderr))

    def do(self, *command: str | Path) -> None:
        """Run a command in the commit's folder, with the commit's time.

        :raises SetUpError: when it fails, with what it said.
        """
        environment = {**self.user, "SOURCE_DATE_EPOCH": str(self.moment)}
        words: Command = list(command)
        ended = self.run(words, within=SECONDS_TO_BUILD, environment=environment, where=self.source)
        if not ended.succeeded:
            raise SetUpError(f"{' '.join(map(str, command))} failed:\n{ended.output.strip()}")


Part = Callable[[Release], Iterator[Path]]


def distributions(release: Release) -> Iterator[Path]:
    """Build the Python distributions, each as an sdist and as the wheel that is built from it."""
    folder = release.made / "distributions"
    release.do(uv_of(release.clone, release.user), "build", "--quiet", "--all-packages", "--out-dir", folder)
    yield from (*folder.glob("*.tar.gz"), *folder.glob("*.whl"))


def constraints(release: Release) -> Iterator[Path]:
    """Write the version of every library that this release was tried with, as pip and uv take it."""
    file = release.made / CONSTRAINTS
    release.do(uv_of(release.clone, release.user), "export", *EXPORTED, "--output-file", file)
    yield file


def plugin_archives(release: Release) -> Iterator[Path]:
    """Pack the plugin for ``pulumi plugin install --file``: a script, the wheel that it runs, the locked versions."""
    wheel = WHEEL.format(version=release.version)
    contents = {
        "LICENSE": (release.source / "LICENSE").read_bytes(),
        CONSTRAINTS: (release.made / CONSTRAINTS).read_bytes(),
        wheel: (release.made / "distributions" / wheel).read_bytes(),
        PLUGIN: SCRIPT.format(wheel=wheel).encode(),
    }
    for platform in PLATFORMS:
        archive = release.made / f"{PLUGIN}-v{release.version}-{platform}.tar.gz"
        archive.write_bytes(packed(contents, release.moment))
        yield archive


EXPORTED = (
    *("--quiet", "--frozen", "--no-dev", "--all-extras", "--no-emit-workspace"),
    *("--no-hashes", "--no-annotate", "--no-header"),
)
"""What the lock says of all libraries, and nothing of how it was asked."""


def sdks(release: Release) -> Iterator[Path]:
    """Pack the SDKs of other languages: a wheel, and what npm installs, compiled."""
    written, build_tools = release.made / "sdk", release.made / "build-constraints.txt"
    write_sdks(release.context(Clone(release.source)), written)
    project = tomllib.loads((release.source / "pyproject.toml").read_text(encoding="utf-8"))
    build_tools.write_text("\n".join(project["tool"]["uv"]["build-constraint-dependencies"]), encoding="utf-8")
    uv, folder = uv_of(release.clone, release.user), release.made / "python-sdk"
    pinned = ("--build-constraints", build_tools)
    release.do(uv, "build", "--quiet", "--wheel", *pinned, "--out-dir", folder, written / "python")
    yield from folder.glob("*.whl")
    try:
        compiled = compile_node_sdk(release.context(release.clone), written)
    except UnavailableError as error:
        raise SetUpError(f"A release has the SDK for Node, and {error}.") from error
    package = release.made / f"entrasync-{release.version}.tgz"
    package.write_bytes(packed(_files_in(compiled, "package"), release.moment))
    yield package


def manual(release: Release) -> Iterator[Path]:
    """Pack the manual as a site."""
    commands = environment_beside(release.context(release.clone), "site", alone=True)
    staged = release.made / "site"
    if wrong := build(release.context(Clone(release.source)), commands, staged):
        raise SetUpError("\n".join(wrong))
    archive = release.made / f"elium-provisioning-manual-{release.version}.tar.gz"
    archive.write_bytes(packed(_files_in(staged / PAGES, "manual"), release.moment))
    yield archive


def _files_in(folder: Path, name: str) -> dict[str, bytes]:
    """Read all files of a folder, by their paths below *name*."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {f"{name}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in files}


PARTS: Sequence[Part] = (distributions, constraints, plugin_archives, sdks, manual)
"""In this order: a later part may read what an earlier one has made."""


def packed(contents: Mapping[str, bytes], moment: int) -> bytes:
    """Pack files as an archive that has nobody's name, and one time."""
    bare = io.BytesIO()
    with tarfile.open(fileobj=bare, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in sorted(contents.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(content), moment
            entry.mode = 0o755 if name == PLUGIN else 0o644
            archive.addfile(entry, io.BytesIO(content))
    zipped = io.BytesIO()
    with gzip.GzipFile(fileobj=zipped, mode="wb", mtime=0) as stream:
        stream.write(bare.getvalue())
    return zipped.getvalue()
