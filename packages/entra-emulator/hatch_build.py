"""What hatchling is told of this distribution: its version and its package lie two folders up in the clone.

In an sdist both lie beside this file: the version in PKG-INFO, by which hatchling itself goes then, and the package.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

PACKAGE = "emulator"
ROOT = "elium-provisioning"


class Metadata(MetadataHookInterface):
    """Version and requirements: the clone has one version, in which all of its distributions fit together."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Complete the metadata, unless an sdist's PKG-INFO already did."""
        if "version" in metadata:
            return
        written = (Path(self.root) / "../../pyproject.toml").read_text(encoding="utf-8")
        version = tomllib.loads(written)["project"]["version"]
        metadata["version"] = version
        metadata["dependencies"] = [f"{ROOT}=={version}", *self.config["requires"]]


class Package(BuildHookInterface):
    """The package's folder."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the folder, but for an editable install, which finds it by ``dev-mode-dirs``."""
        if version == "editable":
            return
        beside = Path(self.root) / PACKAGE
        folder = beside if beside.is_dir() else Path(self.root).parents[1] / PACKAGE
        build_data["force_include"][str(folder)] = PACKAGE
