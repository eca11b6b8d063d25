"""Where things lie: in the clone, and in the user's cache that all clones share."""

from __future__ import annotations

import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tools.versions import PULUMI, PULUMI_LANGUAGE_PYTHON

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Clone:
    """One working copy of this repository, and the folders in it that are never committed."""

    root: Path

    @property
    def environment(self) -> Path:
        """The locked Python environment."""
        return self.root / ".venv"

    @property
    def commands(self) -> Path:
        """The folder with its commands."""
        return self.environment / "bin"

    def environment_beside(self, group: str) -> Path:
        """Return the environment that a *group* of dependencies has to itself, because few need it and it is large."""
        return self.root / f".venv-{group}"

    @property
    def python(self) -> Path:
        """The Python that runs everything of ours."""
        return self.commands / "python"

    @property
    def npm_lock(self) -> Path:
        """What pins the packages of Node that are used here."""
        return self.root / "tools" / "nodejs" / "package-lock.json"

    @property
    def node_modules(self) -> Path:
        """The packages of Node, as locked, where somebody has asked for them."""
        return self.state / "nodejs" / "node_modules"

    @property
    def sdk(self) -> Path:
        """The SDKs of other languages, written from the package's schema."""
        return self.root / "sdk"

    @property
    def uv_home(self) -> Path:
        """A small environment that holds nothing but uv, where the machine has none."""
        return self.root / ".uv"

    @property
    def state(self) -> Path:
        """What belongs to this clone alone and outlives a run."""
        return self.root / ".state"

    @property
    def site(self) -> Path:
        """The manual as a site, as it was built last."""
        return self.root / "site"

    @property
    def staged_site(self) -> Path:
        """What the site is built from, laid out for the build."""
        return self.state / "site"

    @property
    def toolchain_record(self) -> Path:
        """Which Pulumi engine the set-up chose."""
        return self.state / "toolchain.json"

    @property
    def pulumi_home(self) -> Path:
        """Pulumi's own folder: plugins and credentials of this clone, apart from the user's."""
        return self.state / "pulumi-home"

    @property
    def pulumi_state(self) -> Path:
        """The backend: what Pulumi remembers about stacks."""
        return self.state / "pulumi-state"

    @property
    def passphrase(self) -> Path:
        """What encrypts the secrets in stacks of this clone, where the user names nothing else."""
        return self.state / "passphrase"


def this_clone() -> Clone:
    """Return the clone that this file lies in."""
    return Clone(Path(__file__).resolve().parent.parent)


def user_cache(environment: Mapping[str, str]) -> Path:
    """Return the folder that all clones of a user share (XDG Base Directory Specification)."""
    home = environment.get("XDG_CACHE_HOME") or Path(environment.get("HOME") or Path.home()) / ".cache"
    return Path(home) / "elium-provisioning"


def toolchain_home(cache: Path) -> Path:
    """Return where the engine lies. Versions and platform are in the name, so that a shared home does no harm."""
    return cache / f"pulumi-{PULUMI}-python-{PULUMI_LANGUAGE_PYTHON}-{sysconfig.get_platform()}"


def built_home(cache: Path, program: str, version: str) -> Path:
    """Return where a *program* lies that is no part of the toolchain."""
    return cache / f"{program}-{version}-{sysconfig.get_platform()}"
