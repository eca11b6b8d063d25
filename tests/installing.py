"""Packages in an environment of their own: built from this clone, installed by uv, and nothing else of it there."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pulumi_stack import ROOT, SECONDS_AT_MOST

from tools.environment import environment
from tools.places import this_clone
from tools.setup.python_environment import uv_of

OLDEST, NEWEST = "lowest-direct", "highest"
"""How uv chooses among the versions that the packages allow."""

PROJECT = """\
name: intranet
runtime: python
"""
PROGRAM = """\
import os

import pulumi

from provisioning.components import EliumProvisioning, errors_as_sentences

with errors_as_sentences():
    url, token = os.environ["ELIUM_TENANT_URL"], "env:ELIUM_SECRET_TOKEN"
    elium = EliumProvisioning("elium", {"tenantUrl": url, "secretToken": token, "groups": ["Elium users"]})
    pulumi.export("jobId", elium.job.job_id)
"""
OF_THE_REGISTRY = (
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
    "SSL_CERT_FILE",
    "UV_DEFAULT_INDEX",
    "UV_INDEX_URL",
)
"""Variables by which uv finds the packages of others."""

TESTING = ("hypothesis", "jsonschema", "pytest", "pytest-asyncio", "pytest-randomly", "pytest-socket", "pytest-xdist")


def uv(*arguments: str | Path) -> str:
    """Run uv, and give what it said."""
    command = [uv_of(this_clone(), os.environ), *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def built(folder: Path, source: Path = ROOT) -> list[Path]:
    """Build every distribution of the clone as it is now, or of a copy of it, and give the wheels."""
    uv("build", "--quiet", "--all-packages", "--out-dir", folder, source)
    return sorted(folder.glob("*.whl"))


def built_as(version: str, folder: Path) -> list[Path]:
    """Build the same as another version."""
    source = folder / "source"
    for part in ("provisioning", "emulator", "packages"):
        shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("README.md", "LICENSE", "CHANGELOG.md", "pyproject.toml"):
        shutil.copy(ROOT / file, source)
    written = (source / "pyproject.toml").read_text(encoding="utf-8")
    renamed = re.sub(r'^version = ".*"$', f'version = "{version}"', written, count=1, flags=re.MULTILINE)
    (source / "pyproject.toml").write_text(renamed, encoding="utf-8")
    return built(folder / "dist", source)


@dataclass(frozen=True)
class Installed:
    """An environment with our packages, and a folder of somebody who has nothing else of ours."""

    home: Path
    folder: Path
    resolution: str
    variables: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, home: Path, wheels: list[Path], resolution: str) -> Installed:
        """Install wheels, with the oldest or the newest of everything that they ask for."""
        venv, folder, state = home / "venv", home / "intranet", home / "state"
        folder.mkdir()
        state.mkdir()
        uv("venv", "--quiet", "--python", sys.executable, venv)
        toolchain = environment(this_clone(), os.environ)["PATH"].split(os.pathsep)[1]
        installed = cls(
            home,
            folder,
            resolution,
            {
                "PATH": os.pathsep.join([str(venv / "bin"), toolchain, os.defpath]),
                "HOME": str(home),
                "PULUMI_HOME": str(home / "pulumi"),
                "PULUMI_BACKEND_URL": state.as_uri(),
                "PULUMI_CONFIG_PASSPHRASE": "of nobody",
                "PULUMI_SKIP_UPDATE_CHECK": "true",
                "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
                "UV_CACHE_DIR": uv("cache", "dir").strip(),
                **{name: value for name, value in os.environ.items() if name in OF_THE_REGISTRY},
            },
        )
        installed.install(wheels, resolution)
        return installed

    def install(self, wheels: list[Path], resolution: str) -> None:
        """Install wheels, or others in their place, with the oldest or the newest of what the clone asks for."""
        asked: list[str | Path] = ["--requirements", ROOT / "pyproject.toml", *wheels]
        command = ("pip", "install", "--quiet", "--upgrade", "--python", self.home / "venv", "--resolution", resolution)
        uv(*command, *asked)

    def run(self, *command: str, code: int = 0) -> str:
        """Run a command in the folder and give all that it said."""
        ended = subprocess.run(  # noqa: S603 - ours
            command,
            cwd=self.folder,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS_AT_MOST,
        )
        said = ended.stdout + ended.stderr
        assert ended.returncode == code, said
        return said

    def pulumi(self, *arguments: str) -> str:
        """Run ``pulumi``."""
        return self.run("pulumi", *arguments, "--non-interactive", "--color=never")

    def write_program(self) -> None:
        """Write a project as somebody would who has read the first page."""
        (self.folder / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
        (self.folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")

    def version(self, package: str) -> str:
        """Tell which version of a package is installed here."""
        question = f"from importlib.metadata import version; print(version({package!r}))"
        return self.run(str(self.home / "venv/bin/python"), "-c", question).strip()

    @contextmanager
    def emulator(self) -> Iterator[Mapping[str, str]]:
        """Run ``entra-emulator`` on a free port, and let what runs here find it."""
        program = self.home / "venv/bin/entra-emulator"
        with subprocess.Popen(  # noqa: S603 - ours
            [program, "--port", "0", "--attached", "--quiet"],
            cwd=self.folder,
            env=self.variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline())
            exports = Path(ready["environment"]).read_text(encoding="utf-8").splitlines()
            told = dict(word[1].split("=", 1) for word in map(shlex.split, exports) if word[:1] == ["export"])
            before = dict(self.variables)
            self.variables.update(told)
            try:
                yield ready
            finally:
                self.variables.clear()
                self.variables.update(before)
                process.communicate()

    def test(self, *paths: str) -> str:
        """Run tests of the clone here: what they import of others lies in this environment."""
        uv("pip", "install", "--quiet", "--python", self.home / "venv", *TESTING)
        python = str(self.home / "venv/bin/python")
        command = [python, "-m", "pytest", "-q", "-n", "2", *paths]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - ours
        assert ended.returncode == 0, ended.stdout[-20_000:]
        return ended.stdout
