"""What is asked of each platform where the whole story does not come by: no pull request, no plan, an odd name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from provisioning.errors import ConfigurationError, ProvisioningError
from scripts.onboard.__main__ import marker_of
from scripts.onboard.azure import Azure
from scripts.onboard.fleet_command import as_code, only_of
from scripts.onboard.github import GitHub
from scripts.onboard.gitlab import GitLab
from scripts.onboard.platforms import NoPlatform, Platform, Run, run_program

VARIABLES = {
    "BUILD_REPOSITORY_ID": "r1",
    "BUILD_SOURCEVERSION": "abc",
    "CI_API_V4_URL": "https://gitlab.example/api/v4",
    "CI_COMMIT_SHA": "abc",
    "CI_PROJECT_ID": "3",
    "ELIUM_GITLAB_TOKEN": "canary",
    "GITHUB_REF": "refs/heads/main",
    "GITHUB_REPOSITORY": "contoso/fleet",
    "GITHUB_SHA": "abc",
    "GITHUB_WORKFLOW": "fleet",
    "SYSTEM_ACCESSTOKEN": "canary",
    "SYSTEM_COLLECTIONURI": "https://dev.example/contoso/",
    "SYSTEM_DEFINITIONID": "5",
    "SYSTEM_TEAMPROJECT": "fleet",
}

Make = Callable[[Mapping[str, str], Run], Platform]

PLATFORMS: Mapping[str, Make] = {
    "github": GitHub,
    "azure": Azure,
    "gitlab": lambda environment, run: GitLab(environment, run, Path("outputs.env")),
}

each_platform = pytest.mark.parametrize("make", PLATFORMS.values(), ids=PLATFORMS)


def silent(command: Sequence[str], written: str) -> str:
    raise AssertionError(f"{command}: {written}")


def knows_nothing(command: Sequence[str], written: str) -> str:
    """Answer that there is no pull request of this commit."""
    del command
    return json.dumps({"results": [{}]} if "pullrequestquery" in written else [])


@each_platform
def test_a_run_without_a_pull_request_comments_nowhere(make: Make) -> None:
    make(VARIABLES, silent).comment("marker", "text")


@each_platform
def test_a_commit_that_no_pull_request_brought_is_refused(make: Make, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No plan was shown below a pull request that brought abc") as told:
        make(VARIABLES, knows_nothing).reviewed("elium-plan-0", tmp_path / "plan.json")

    assert "Start the pipeline by hand" in told.value.hint


@each_platform
def test_a_variable_that_the_step_was_not_given_is_named(make: Make, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^[A-Z_0-9]+ is not set\.$"):
        make({}, silent).reviewed("elium-plan-0", tmp_path / "plan.json")


def test_a_terminal_has_no_reviewed_plan(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no pull request brought this commit"):
        NoPlatform().reviewed("elium-plan-0", tmp_path / "plan.json")


def test_gitlab_looks_through_every_page_of_notes() -> None:
    asked: list[str] = []

    def run(command: Sequence[str], written: str) -> str:
        assert "canary" not in " ".join(command)
        asked.append(next(line for line in written.splitlines() if line.startswith("url")).rpartition("/")[2])
        pages = {"page=1": [{"id": 1, "body": "by somebody"}] * 100, "page=2": [{"id": 8, "body": "<!-- ours -->\nx"}]}
        return json.dumps(next((notes for page, notes in pages.items() if f'{page}"' in written), {}))

    GitLab({**VARIABLES, "CI_MERGE_REQUEST_IID": "7"}, run, Path("outputs.env")).comment("<!-- ours -->", "y")

    assert asked == ['notes?per_page=100&page=1"', 'notes?per_page=100&page=2"', '8"']


def test_a_program_that_fails_is_told_in_its_own_words() -> None:
    with pytest.raises(ProvisioningError, match="sh failed: HTTP 403"):
        run_program(("sh", "-c", "echo HTTP 403 >&2; exit 1"), "")

    with pytest.raises(ConfigurationError, match="There is no no-such-program on the PATH"):
        run_program(("no-such-program",), "")


@pytest.mark.parametrize(
    ("only", "marker"),
    [
        (None, "<!-- elium fleet plan of all -->"),
        ([""], "<!-- elium fleet plan of all -->"),
        (["shard=a"], "<!-- elium fleet plan shard=a -->"),
        (["a-->@everybody"], "<!-- elium fleet plan a___everybody -->"),
    ],
)
def test_a_choice_of_tenants_has_a_comment_of_its_own(only: list[str] | None, marker: str) -> None:
    assert marker_of(only) == marker


def test_an_empty_choice_is_everybody() -> None:
    assert only_of(["", " shard=a "]) == ["--only", "shard=a"]
    assert only_of(None) == []


def test_text_stays_text_below_a_pull_request() -> None:
    assert as_code("error: `x` @all\n```\n") == "    error: `x` @all\n    ```\n"
