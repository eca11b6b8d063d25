"""The versions that are pinned in more than one place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.places import this_clone
from tools.versions import (
    PULUMI,
    PULUMI_LANGUAGE_NODEJS,
    PULUMI_LANGUAGE_PYTHON,
    PULUMI_LANGUAGE_YAML,
    locked_version,
    npm_locked_version,
    spelled,
    version_in,
)

ROOT = this_clone().root


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("v3.259.0", (3, 259, 0)),
        ("v3.260.0-dev.1", (3, 260, 0)),
        ("uv 0.13.9 (x86_64-unknown-linux-gnu)", (0, 13, 9)),
        ("go version go1.26 linux/amd64", (1, 26, 0)),
        ("command not found", None),
    ],
)
def test_a_version_is_found_in_what_a_program_says(said: str, meant: tuple[int, int, int] | None) -> None:
    assert meant == version_in(said)


def test_a_version_is_spelled_with_dots() -> None:
    assert spelled((3, 255, 0)) == "3.255.0"


def test_the_sdk_in_the_lock_file_is_as_old_as_the_engine() -> None:
    assert locked_version("pulumi", lock=ROOT / "uv.lock") == PULUMI


def test_the_sdk_for_node_is_as_old_as_the_engine() -> None:
    assert npm_locked_version("@pulumi/pulumi", lock=this_clone().npm_lock) == PULUMI


@pytest.mark.parametrize(
    ("module", "requirement"),
    [
        ("pulumi", f"github.com/pulumi/pulumi/pkg/v3 v{PULUMI}"),
        ("pulumi", f"github.com/pulumi/pulumi/sdk/v3 v{PULUMI}"),
        ("pulumi-sdks", f"github.com/pulumi/pulumi/pkg/v3 v{PULUMI}"),
        ("pulumi-language-nodejs", f"github.com/pulumi/pulumi/sdk/v3 v{PULUMI_LANGUAGE_NODEJS}"),
        ("pulumi-language-python", f"github.com/pulumi/pulumi/sdk/v3 v{PULUMI_LANGUAGE_PYTHON}"),
        ("pulumi-language-yaml", f"github.com/pulumi/pulumi-yaml v{PULUMI_LANGUAGE_YAML}"),
    ],
)
def test_the_go_modules_pin_the_versions_that_are_stamped(module: str, requirement: str) -> None:
    assert requirement in Path(ROOT / "tools" / module / "go.mod").read_text(encoding="utf-8")
