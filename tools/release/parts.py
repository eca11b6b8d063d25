"""What a release consists of: one function for each part, which builds it and gives its files.

A new part is a function and its place in :data:`PARTS`. It reads the commit's files and nothing else of the clone but
its tools, writes below ``release.made``, and takes ``release.moment`` wherever a time is written down.
"""

from __future__ import annotations

import gzip
import io
import json
import sys
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tools.errors import SetUpError
from tools.places import Clone, user_cache
from tools.sdk import compile_node_sdk, write_sdks
from tools.setup.commands import Command, Runner
from tools.setup.context import Context
from tools.setup.progress import Progress
from tools.setup.python_environment import environment_beside, uv_of
from tools.site.building import PAGES, build_of

SECONDS_TO_BUILD = 600.0

PLATFORMS = ("darwin-amd64", "darwin-arm64", "linux-amd64", "linux-arm64")
"""As Pulumi names them. The archive is the same for each: what runs there is a script."""

PLUGIN = "pulumi-resource-entrasync"

SCHEMA = "schemas/entrasync.json"
"""From which the SDKs are written; they ask for the plugin of its version."""

WHEEL, CONSTRAINTS = "elium_provisioning-{version}-py3-none-any.whl", "constraints.txt"

SCRIPT = """\
#!/bin/sh
# The plugin entrasync of elium-provisioning, out of the archive of a release: uv brings its libraries, once.
set -e
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -d "$here/venv" ]; then
    command -v uv >/dev/null || {{
        echo "The plugin needs uv on the PATH. Or, without uv: pip install '$here/{wheel}'; elium plugin install" >&2
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

    @property
    def context(self) -> Context:
        """The commit's files as a clone of their own, for tools that work in one."""
        return Context(Clone(self.source), user_cache(self.user), dict(self.user), self.run, Progress(sys.stderr))

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
    """Pack the SDKs that Pulumi's generators write: for pip as a folder with its project, for npm as a package.

    :raises SetUpError: when the schema, from which they are written, is of another version.
    """
    context = release.context
    of_schema = json.loads((context.clone.root / SCHEMA).read_text(encoding="utf-8"))["version"]
    if of_schema != release.version:
        raise SetUpError(
            f"The SDKs would be of version {of_schema}, which {SCHEMA} has, in a release of version {release.version}. "
            "Run `make docs`, and commit what it writes."
        )
    written = release.made / "sdks"
    write_sdks(context, written)
    compiled = compile_node_sdk(context, written)
    python, nodejs = f"entrasync-sdk-python-{release.version}", f"entrasync-sdk-nodejs-{release.version}"
    yield _archive(release, f"{python}.tar.gz", written / "python", python)
    yield _archive(release, f"{nodejs}.tgz", compiled, "package")


def manual(release: Release) -> Iterator[Path]:
    """Pack the manual as a site.

    :raises SetUpError: with every link that leads nowhere.
    """
    context = release.context
    folder = release.made / "manual"
    commands = environment_beside(replace(context, clone=release.clone), "site", alone=True)
    files = [path.relative_to(release.source) for path in release.source.rglob("*") if path.is_file()]
    # What an earlier part has put there to work with is not of the commit.
    files = [path for path in files if context.clone.state.name not in path.parts]
    if wrong := build_of(context, commands, folder, [path.as_posix() for path in files]):
        raise SetUpError("\n".join(wrong))
    yield _archive(release, f"manual-{release.version}.tar.gz", folder / PAGES, "manual")


def _archive(release: Release, name: str, folder: Path, top: str) -> Path:
    """Pack all files of a *folder*, below the name *top*; what is linked into it is left out."""
    files = {
        f"{top}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and "node_modules" not in path.parts
    }
    archive = release.made / name
    archive.write_bytes(packed(files, release.moment))
    return archive


LIGHT: Sequence[Part] = (distributions, constraints, plugin_archives)
"""What needs nothing but Python, in this order: a later part may read what an earlier one has made."""

PARTS: Sequence[Part] = (*LIGHT, sdks, manual)
"""All of it."""


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
