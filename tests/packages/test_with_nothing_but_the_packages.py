"""From an empty folder: a program of somebody else's, with the real engine, the oldest and the newest libraries.

The story is told once for each, and each test reads a fact off it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import requires
from pathlib import Path

import pytest
from installing import NEWEST, OLDEST, Installed, built
from packaging.requirements import Requirement

pytestmark = [pytest.mark.engine, pytest.mark.packages]

ON_PULUMI = ("tests/program", "tests/unit/provider", "tests/unit/emulator/azuread")
"""The tests of what is built on Pulumi's SDK and on the classes of azuread."""


@dataclass(frozen=True)
class Story:
    """What was said, act by act."""

    here: Installed
    said: Mapping[str, str]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return built(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module", params=[OLDEST, NEWEST])
def here(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, wheels: list[Path]) -> Installed:
    return Installed.of(tmp_path_factory.mktemp("home"), wheels, request.param)


@pytest.fixture(scope="module")
def story(here: Installed) -> Iterator[Story]:
    here.write_program()
    said = {}
    with here.emulator():
        said["plugin"] = here.run("elium", "plugin", "install")
        said["plugin again"] = here.run("elium", "plugin", "install")
        here.run("entra-emulator", "--install-azuread")
        here.pulumi("stack", "init", "dev")
        said["up"] = here.pulumi("up", "--yes", "--skip-preview")
        said["preview"] = here.pulumi("preview", "--expect-no-changes")
        said["status"] = here.run("elium", "status", "dev")
        said["plan"] = here.run("elium", "plan", "dev", code=2)
        shown, _ = json.JSONDecoder().raw_decode(here.run("elium", "teardown", "dev", "--json"))
        said["teardown"] = here.run("elium", "teardown", "dev", "--doit", shown["checksum"])
        said["destroy"] = here.pulumi("destroy", "--yes", "--skip-preview")
        yield Story(here, said)


@pytest.mark.parametrize("package", ["pulumi", "pulumi-azuread"])
def test_what_was_tried_is_claimed_and_the_oldest_that_is_claimed_was_tried(here: Installed, package: str) -> None:
    claimed = next(each for each in map(Requirement, requires("elium-provisioning") or ()) if each.name == package)
    installed = here.version(package)

    assert installed in claimed.specifier
    if here.resolution == OLDEST:
        assert f">={installed}".removesuffix(".0") in str(claimed.specifier).split(",")


def test_the_plugin_is_installed_once_and_found_without_a_warning(story: Story) -> None:
    assert story.said["plugin"].startswith("installed: ")
    assert story.said["plugin again"].startswith("unchanged: ")
    assert "warning" not in story.said["up"] + story.said["preview"]


def test_a_program_of_ten_lines_provisions_people(story: Story) -> None:
    assert "+ 6 created" in story.said["up"]
    assert "10 would enter" in story.said["up"]
    assert "6 unchanged" in story.said["preview"]


def test_the_command_finds_the_job_by_the_stack_s_name(story: Story) -> None:
    assert "dev: running" in story.said["status"]


def test_what_only_the_program_declares_is_not_planned_from_an_empty_configuration(story: Story) -> None:
    assert "The stack dev has no setting elium:…" in story.said["plan"]
    assert "pulumi preview --diff --stack dev" in story.said["plan"]


def test_the_teardown_closes_everybody_and_leaves_nothing_to_destroy(story: Story) -> None:
    assert "10 of 10 accounts are closed, with proof" in story.said["teardown"]
    assert story.said["destroy"].partition("Resources:")[2].partition("Duration:")[0].strip() == ""


def test_what_is_built_on_pulumi_passes_its_tests(here: Installed) -> None:
    assert " passed" in here.test(*ON_PULUMI)
