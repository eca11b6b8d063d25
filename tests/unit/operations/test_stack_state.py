"""What the engine tells of a stack: its state, its configuration, its project."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from provisioning.errors import ConfigurationError
from provisioning.operations.deployed import Ended, StackEngine
from provisioning.operations.resource_names import APP_TYPE, JOB_TYPE, PLAN_TYPE
from provisioning.operations.stack_configuration import configuration_of, declared_by
from provisioning.operations.stack_state import Kept, StackState

PROVIDER = "urn:pulumi:dev::p::pulumi:providers:entrasync::other"
APP = {"type": APP_TYPE, "id": "app", "outputs": {"templateId": "t"}}
PLAN = {"type": PLAN_TYPE, "id": "plan", "inputs": {"role": "User"}, "provider": f"{PROVIDER}::b7c"}
OURS = {"urn": PROVIDER, "inputs": {"tenantId": "theirs", "version": "0.1.0"}}


class Pulumi:
    """Answers for a stack, and writes down what it was asked."""

    def __init__(self, *resources: Any, **configuration: Any) -> None:
        self.resources = resources
        self.configuration = {key.replace("_", ":"): value for key, value in configuration.items()}
        self.asked: list[str] = []

    def __call__(self, command: Sequence[str], folder: Path) -> Ended:
        del folder
        self.asked.append(" ".join(word for word in command if word not in {"--stack", "dev", "--non-interactive"}))
        if command[1] == "stack":
            return Ended(0, json.dumps({"deployment": {"resources": list(self.resources)}}), "")
        shows = "--show-secrets" in command
        shown = {
            key: {name: each for name, each in value.items() if shows or name != "value" or not value.get("secret")}
            for key, value in self.configuration.items()
        }
        return Ended(0, json.dumps(shown), "")

    def engine(self, folder: Path = Path("somewhere")) -> StackEngine:
        return StackEngine("dev", folder, self)


def test_a_state_is_the_app_the_plan_and_the_job_as_the_engine_keeps_them() -> None:
    gone = {"type": JOB_TYPE, "id": "old/old", "delete": True}

    found = StackState.of(Pulumi(APP, PLAN, OURS, gone).engine())

    assert found == StackState(
        app=Kept("app", {"templateId": "t"}),
        plan=Kept("plan", {}, {"role": "User"}),
        provider={"tenantId": "theirs"},
    )


def test_before_the_first_run_it_is_empty() -> None:
    assert StackState.of(Pulumi().engine()) == StackState()


def test_a_stack_of_two_apps_is_not_made_by_one_set_of_settings() -> None:
    with pytest.raises(ConfigurationError, match="has 2 apps, and this reads the settings of a stack with one"):
        StackState.of(Pulumi(APP, APP).engine())


def test_secrets_are_opened_only_where_one_is_ours() -> None:
    others = Pulumi(aws_key={"value": "hidden", "secret": True}, elium_role={"value": "User"})
    ours = Pulumi(elium_secretToken={"value": "hidden", "secret": True})

    assert configuration_of(others.engine(), "elium").values == {"aws:key": "", "elium:role": "User"}
    assert configuration_of(ours.engine(), "elium").values == {"elium:secretToken": "hidden"}
    assert configuration_of(ours.engine(), "elium").secret == {"elium:secretToken"}
    assert others.asked == ["pulumi config --json"]
    assert ours.asked[:2] == ["pulumi config --json", "pulumi config --json --show-secrets"]


@pytest.mark.parametrize(
    "line", ["name: elium-provisioning", 'name: "elium-provisioning" # ours', "name:  elium-provisioning"]
)
def test_the_project_is_named_by_its_file(tmp_path: Path, line: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text(f"description: a name: of something\n{line}\nruntime: python\n")

    assert Pulumi().engine(tmp_path).project == "elium-provisioning"


def test_a_project_without_a_file_has_no_name(tmp_path: Path) -> None:
    assert Pulumi().engine(tmp_path).project == ""


def test_a_stack_that_declares_nothing_of_ours_is_not_taken_for_one_that_wants_nobody() -> None:
    others = Pulumi(aws_key={"value": "hidden", "secret": True})
    ours = Pulumi(elium_role={"value": "User"})

    assert declared_by(ours.engine(), "elium").values == {"elium:role": "User"}
    with pytest.raises(ConfigurationError, match="The stack dev has no setting elium:…") as told:
        declared_by(others.engine(), "elium")
    assert told.value.hint == "Ask it: pulumi preview --diff --stack dev"
