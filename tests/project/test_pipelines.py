"""The files in ``pipelines/`` are what their platforms take, and each of their steps is one call."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]

FILES = sorted((ROOT / "pipelines").rglob("*.yml"))

SCHEMAS = {
    "github": ("vendor.github-workflows",),
    # The schema's patterns are JavaScript's, which the default reader of the checker stumbles over.
    "azure": ("vendor.azure-pipelines", "--data-transform", "azure-pipelines", "--regex-variant", "python"),
    "gitlab": ("vendor.gitlab-ci", "--data-transform", "gitlab-ci"),
}

ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"

each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT / "pipelines")))


def run(*command: str, said: str = "") -> str:
    """Run a checker, which finds its helpers beside it, and give what it found wrong."""
    tools = f"{Path(sys.executable).parent}:{Path(shutil.which('bash') or '').parent}"
    ended = subprocess.run(  # noqa: S603 - ours
        [str(Path(sys.executable).with_name(command[0])), *command[1:]],
        input=said,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": tools},
    )
    return ended.stdout + ended.stderr if ended.returncode else ""


def scripts_in(written: Any) -> Iterator[str]:
    """Give the shell lines of a file, wherever they stand."""
    if isinstance(written, dict):
        for name, value in written.items():
            if name in {"run", "bash", "inlineScript"} and isinstance(value, str):
                yield value
            elif name in {"script", "before_script"}:
                yield from value
            else:
                yield from scripts_in(value)
    elif isinstance(written, list):
        for each in written:
            yield from scripts_in(each)


@each_file
def test_a_file_fits_the_schema_that_its_platform_publishes(file: Path) -> None:
    schema, *options = SCHEMAS[file.parent.name]

    assert run("check-jsonschema", "--builtin-schema", schema, *options, str(file)) == ""


@each_file
def test_the_shell_finds_nothing_to_say(file: Path) -> None:
    for script in scripts_in(yaml.safe_load(file.read_text(encoding="utf-8"))):
        # What a platform puts in is a word by then.
        plain = re.sub(r"\$\(([\w.]+)\)|\$\{\{.*?\}\}", "word", script)
        assert run("shellcheck", "--shell=bash", "-", said=plain) == "", script


@each_file
def test_each_step_is_one_call(file: Path) -> None:
    """So the platforms differ in how a job signs in, and in words."""
    calls = [line for line in scripts_in(yaml.safe_load(file.read_text(encoding="utf-8"))) if line != "make setup"]

    assert all(re.match(r"\.venv/bin/python -m scripts\.onboard [a-z]+ |\(umask 077 && printf", call) for call in calls)
    assert not [call for call in calls if "\n" in call.strip()]


def test_the_platforms_run_the_same_verbs() -> None:
    verbs: dict[str, set[str]] = {}
    for file in FILES:
        said = "\n".join(scripts_in(yaml.safe_load(file.read_text(encoding="utf-8"))))
        verbs.setdefault(file.parent.name, set()).update(re.findall(r"scripts\.onboard ([a-z]+)", said))

    assert verbs["github"] == verbs["azure"] == verbs["gitlab"] == {"plan", "reviewed", "apply", "drift", "teardown"}


@pytest.mark.parametrize("file", sorted((ROOT / "pipelines/github").glob("*.yml")), ids=lambda file: file.stem)
def test_an_action_is_pinned_to_a_commit_and_may_do_no_more_than_it_says(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert re.findall(r"uses: (?!\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$).*", text, re.MULTILINE) == []
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    assert all("id-token" in job["permissions"] and "environment" in job for job in workflow["jobs"].values())


@pytest.mark.skipif(not shutil.which("go"), reason="actionlint is a program in Go")
def test_actionlint_finds_nothing(tmp_path: Path) -> None:
    """It reads the expressions of GitHub's files, too, and would see what a stranger could put into a shell line."""
    files = [str(file) for file in (ROOT / "pipelines/github").glob("*.yml")]
    built = subprocess.run(  # noqa: S603 - pinned
        ["go", "run", ACTIONLINT, f"-shellcheck={Path(sys.executable).with_name('shellcheck')}", *files],  # noqa: S607 - on the PATH
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    if "proxy.golang.org" in built.stderr or "dial tcp" in built.stderr:
        pytest.skip("Go's modules are out of reach")

    assert (built.stdout, built.returncode) == ("", 0), built.stderr
