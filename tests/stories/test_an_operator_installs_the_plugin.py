"""The plugin is put where Pulumi finds it, and taken away again, without Graph and without an engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from json_schema import mistakes
from operating import Operator, operating

from provisioning.commands.exit_codes import ExitCode

SCHEMAS = Path(__file__).parents[2] / "schemas"


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    with operating() as operator:
        operator.environment["PULUMI_HOME"] = str(tmp_path)
        yield operator


def test_it_is_installed_told_and_taken_away_without_asking_anybody(operator: Operator) -> None:
    ran = [operator.elium("plugin", act) for act in ("install", "install", "uninstall", "uninstall")]

    assert [each.out.partition(":")[0] for each in ran] == ["installed", "unchanged", "removed", "absent"]
    assert [each.calls for each in ran] == [[], [], [], []]
    assert operator.asked_of_pulumi == []


@pytest.mark.parametrize("act", ["install", "uninstall"])
def test_as_json_it_is_by_its_schema(operator: Operator, act: str) -> None:
    schema = json.loads((SCHEMAS / f"elium-plugin-{act}.schema.json").read_text(encoding="utf-8"))

    assert mistakes(operator.elium("plugin", act, "--json").document, schema, "") == []


def test_somebody_else_s_plugin_is_told_with_how_to_be_rid_of_it(operator: Operator) -> None:
    file = Path(operator.elium("plugin", "install", "--json").document["file"])
    file.write_text("#!/bin/sh\necho of somebody\n", encoding="utf-8")
    ran = operator.elium("plugin", "install")

    assert ran.code == ExitCode.CONFIGURATION
    assert "next: Take it away first, if it may go: pulumi plugin rm resource entrasync" in ran.err


def test_the_doctor_tells_that_pulumi_would_not_find_it(operator: Operator, tmp_path: Path) -> None:
    operator.folder = tmp_path
    (tmp_path / "Pulumi.yaml").write_text("name: intranet\nruntime: python\n", encoding="utf-8")
    before = versions_of(operator)
    operator.elium("plugin", "install")

    assert before == ("wrong", "Pulumi does not find the plugin entrasync.", "elium plugin install")
    assert versions_of(operator)[0] == "ok"


def versions_of(operator: Operator) -> tuple[str, str, str]:
    checks = {each["check"]: each for each in operator.elium("doctor", "dev", "--json").document["checks"]}
    found = checks["versions"]
    return found["verdict"], found["sentence"], found["whatToDo"]
