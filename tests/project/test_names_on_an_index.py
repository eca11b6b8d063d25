"""Nobody is told to ask an index for our packages by name: none has them, so what comes could be somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.places import this_clone

ROOT = this_clone().root

BY_NAME = re.compile(
    r"""(?:pip3? install|uvx|pipx \w+)\b[^\n`]*?[ "'](?:elium-provisioning|entra-emulator)(?!.* @ file://)"""
)


def written() -> Iterator[Path]:
    """Give what people read: pages, and the code that says sentences."""
    for folder in ("docs", "provisioning", "emulator", "scripts", "tools", "packages", "containers", "pipelines"):
        yield from (file for file in (ROOT / folder).rglob("*") if file.suffix in {".md", ".py", ".yml", ".yaml"})
    yield from (ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md")


def test_our_packages_are_installed_by_their_files() -> None:
    places = {file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in written()}
    asked = [f"{place}: {found[0]}" for place, text in places.items() for found in BY_NAME.finditer(text)]

    assert asked == []


@pytest.mark.parametrize(
    ("line", "is_by_name"),
    [
        ("pip install elium-provisioning", True),
        ("pip install --upgrade 'elium-provisioning[fleet]'", True),
        ("uvx --from entra-emulator entra-emulator", True),
        ("pip install ./elium_provisioning-0.1.0-py3-none-any.whl", False),
        ('pip install "elium-provisioning[fleet] @ file://$PWD/elium_provisioning-0.1.0-py3-none-any.whl"', False),
    ],
)
def test_what_is_asked_by_name_is_recognized(line: str, *, is_by_name: bool) -> None:
    assert bool(BY_NAME.search(line)) is is_by_name
