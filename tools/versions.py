"""Which versions of other people's programs are used, and the least that will do."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

Version = tuple[int, int, int]

UV = "0.13.9"
"""Installed where there is no recent uv on ``PATH``."""

LEAST_UV: Version = (0, 9, 0)
"""The least that reads the lock file; ``pyproject.toml`` says the same to uv itself."""

PULUMI = "3.259.0"
"""The engine that is installed or built. The Python SDK in the lock file has the same version."""

LEAST_PULUMI: Version = (3, 255, 0)
"""The least engine taken from ``PATH``.

The engine promises to understand older SDKs, not newer ones, and everything here was tried with 3.259.
A few weekly releases of leeway spare people a second engine; more would be a guess.
"""

PULUMI_LANGUAGE_PYTHON = "3.78.1"
"""The language host that is built: the last whose source the Go module proxy serves (newer ones are a module apart)."""

PULUMI_LANGUAGE_NODEJS = "3.60.0"
"""The same of the language host for Node. It runs programs with ``@pulumi/pulumi`` as new as the engine."""

PULUMI_LANGUAGE_YAML = "1.25.0"
"""The language host for YAML. It is developed on its own, and this is the newest."""

LEAST_GO: Version = (1, 26, 0)
"""What the modules in ``tools/pulumi*`` ask for. An older Go that may fetch a newer one by itself is as good."""

_NUMBER = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")


def version_in(text: str) -> Version | None:
    """Find the first version number in what a program says about itself, such as ``uv 0.13.9 (linux)``."""
    found = _NUMBER.search(text)
    if found is None:
        return None
    major, minor, patch = found.groups(default="0")
    return int(major), int(minor), int(patch)


def spelled(version: Version) -> str:
    """Write a version the way people read it."""
    return ".".join(str(number) for number in version)


def locked_version(package: str, *, lock: Path) -> str:
    """Tell which version of a Python *package* the lock file pins."""
    packages = tomllib.loads(lock.read_text(encoding="utf-8"))["package"]
    return next(str(entry["version"]) for entry in packages if entry["name"] == package)


def npm_locked_version(package: str, *, lock: Path) -> str:
    """Tell which version of an npm *package* a ``package-lock.json`` pins."""
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return str(packages[f"node_modules/{package}"]["version"])
