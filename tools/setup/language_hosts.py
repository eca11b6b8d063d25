"""The language hosts for Node and YAML: what runs a program that is not in Python.

Only who asks for them gets them. Pulumi's official release has them beside its engine. Where the engine was built, they
are built too, and lie where Pulumi looks for plugins, in the clone's own ``PULUMI_HOME``.
"""

from __future__ import annotations

from pathlib import Path

from tools.places import Clone
from tools.setup.context import Context
from tools.setup.go_programs import SDK, Recipe, built_program
from tools.versions import PULUMI_LANGUAGE_NODEJS, PULUMI_LANGUAGE_YAML

YAML = "github.com/pulumi/pulumi-yaml"
HOSTS = (
    Recipe("pulumi-language-nodejs", f"{SDK}/nodejs/cmd/pulumi-language-nodejs", PULUMI_LANGUAGE_NODEJS),
    Recipe(
        "pulumi-language-yaml",
        f"{YAML}/cmd/pulumi-language-yaml",
        PULUMI_LANGUAGE_YAML,
        stamp=f"{YAML}/pkg/version.Version",
    ),
)


def language_hosts(context: Context, toolchain: Path) -> None:
    """See to it that Pulumi finds the hosts in this clone.

    :raises SetUpError: when one is neither beside the engine nor can be built.
    """
    for host in HOSTS:
        if not _is_beside_the_engine(host, context, toolchain):
            _put(host, built_program(host, context), context.clone)


def hand_on_language_hosts(clone: Clone, home: Path) -> None:
    """Let Pulumi find what hosts this *clone* has in another ``PULUMI_HOME``, too."""
    for host in HOSTS:
        program = _place(host, clone.pulumi_home)
        if program.exists():
            _link(_place(host, home), program.resolve())


def _is_beside_the_engine(host: Recipe, context: Context, toolchain: Path) -> bool:
    with context.progress.check(f"{host.program} beside the engine") as outcome:
        # Pulumi looks beside the engine itself, wherever the one on PATH points to.
        found = (toolchain / "pulumi").resolve().parent / host.program
        outcome.text = str(found) if found.is_file() else "there is none"
        return found.is_file()


def _put(host: Recipe, program: Path, clone: Clone) -> None:
    """Put a host in place, and take away those of other versions, since Pulumi takes the newest."""
    place = _place(host, clone.pulumi_home)
    for other in place.parent.parent.glob(f"{_folder(host)}*/{host.program}"):
        if other != place:
            other.unlink()
    _link(place, program)


def _place(host: Recipe, home: Path) -> Path:
    return home / "plugins" / f"{_folder(host)}{host.version}" / host.program


def _folder(host: Recipe) -> str:
    return f"{host.program.removeprefix('pulumi-')}-v"


def _link(place: Path, program: Path) -> None:
    # The file, not its folder: Pulumi passes over a folder that is a link.
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to(program)
