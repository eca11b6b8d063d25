"""Which job a stack has, as its state says, and as whom its provider signs in."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from builders import PRINCIPAL

from provisioning.errors import ConfigurationError, NoCredentialError, ProvisioningError
from provisioning.operations.deployed import (
    JOB_TYPE,
    SECRET_MARK,
    Deployed,
    Ended,
    EngineError,
    deployed,
    destroy,
    refuse_unless_destroyable,
)

ADDRESS = f"{PRINCIPAL}/elium.7a.5c"
PROVIDER = "urn:pulumi:dev::p::pulumi:providers:entrasync::other"
JOB = {"type": JOB_TYPE, "urn": "urn:job", "id": ADDRESS, "provider": f"{PROVIDER}::b7c"}


class State:
    """A stack's state, and the engine that is asked for it."""

    def __init__(self, *resources: Any, ended: Ended | None = None) -> None:
        self.resources = resources
        self.ended = ended
        self.asked: list[Sequence[str]] = []

    def __call__(self, command: Sequence[str], folder: Path) -> Ended:
        assert folder == Path("somewhere")
        self.asked.append(command)
        shown = [_opened(each) for each in self.resources] if "--show-secrets" in command else self.resources
        return self.ended or Ended(0, json.dumps({"deployment": {"resources": list(shown)}}), "")


def find(state: State, stack: str = "dev", **environment: str) -> Deployed:
    return deployed(stack, folder=Path("somewhere"), environment=environment, run=state)


def test_the_job_is_the_one_that_the_state_holds() -> None:
    state = State({"type": "pulumi:pulumi:Stack"}, {**JOB, "delete": True, "id": "old/old"}, JOB)

    assert str(find(state).meant.address) == ADDRESS
    assert state.asked == [("pulumi", "stack", "export", "--stack", "dev", "--non-interactive")]


def test_a_job_that_is_named_itself_asks_no_engine() -> None:
    state = State()

    assert str(find(state, ADDRESS).meant.address) == ADDRESS
    assert state.asked == []


def test_what_the_provider_is_told_is_laid_over_the_environment() -> None:
    state = State({"urn": PROVIDER, "inputs": {"tenantId": "theirs", "version": "0.1.0"}}, JOB)

    assert find(state, ARM_TENANT_ID="ours", ARM_CLIENT_ID="c").identity["ARM_TENANT_ID"] == "theirs"


def test_secrets_are_opened_only_where_the_provider_has_one() -> None:
    secret = {SECRET_MARK: "1b47", "ciphertext": "v1:x"}
    state = State({"urn": PROVIDER, "inputs": {"clientSecret": secret}}, JOB)

    assert find(state).identity["ARM_CLIENT_SECRET"] == "opened"
    assert [command[-1] for command in state.asked] == ["--non-interactive", "--show-secrets"]


@pytest.mark.parametrize(
    ("state", "kind", "said"),
    [
        (State(), ConfigurationError, "has no synchronization job: it was never deployed, or was taken down"),
        (State(JOB, {**JOB, "id": f"{ADDRESS}2"}), ConfigurationError, f"has 2 synchronization jobs: {ADDRESS}, "),
        (State(ended=Ended(6, "", "error: no stack named 'dev' found")), ConfigurationError, "There is no stack dev."),
        (
            State(ended=Ended(3, "", "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive …")),
            NoCredentialError,
            "Pulumi is not logged in",
        ),
        (
            State(ended=Ended(1, "", "error: no Pulumi.yaml project file found")),
            ConfigurationError,
            "There is no Pulumi project in somewhere.",
        ),
        (
            State(ended=Ended(1, "", "error: the lock is held")),
            EngineError,
            "does not tell of the stack dev: the lock is held",
        ),
    ],
)
def test_what_cannot_be_found_is_told_in_a_sentence(state: State, kind: type[ProvisioningError], said: str) -> None:
    with pytest.raises(kind, match=said):
        find(state)


def test_a_stack_that_is_misspelt_or_only_declared_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.prod.yaml").touch()

    def run(command: Sequence[str], _: Path) -> Ended:
        return Ended(6, "", f"error: no stack named '{command[4]}' found")

    with pytest.raises(ConfigurationError, match="did you mean prod") as misspelt:
        deployed("pord", folder=tmp_path, environment={}, run=run)
    with pytest.raises(ConfigurationError) as declared:
        deployed("prod", folder=tmp_path, environment={}, run=run)
    assert misspelt.value.hint == "Declared here: prod."
    assert declared.value.hint == "Run `pulumi up --stack prod`, which makes it."


def test_where_pulumi_is_missing_the_job_can_be_named_itself() -> None:
    def run(*_: object) -> Ended:
        raise FileNotFoundError

    with pytest.raises(EngineError, match="no pulumi on the PATH") as error:
        deployed("dev", folder=Path(), environment={}, run=run)
    assert "<servicePrincipalId>/<jobId>" in error.value.hint


def _opened(resource: Any) -> Any:
    shown = {SECRET_MARK: "1b47", "plaintext": json.dumps("opened")}
    inputs = resource.get("inputs", {})
    return {**resource, "inputs": {name: shown if isinstance(value, dict) else value for name, value in inputs.items()}}


def test_a_stack_is_destroyed_after_a_look_at_what_is_there() -> None:
    state = State({"type": "pulumi:pulumi:Stack"}, JOB)
    destroy("dev", folder=Path("somewhere"), run=state)

    looks = ("--yes", "--skip-preview", "--refresh", "--stack", "dev", "--non-interactive")
    assert state.asked[1:] == [("pulumi", "destroy", *looks)]


@pytest.mark.parametrize(
    "state",
    [
        State(),
        State({"type": "pulumi:pulumi:Stack"}, {"type": "pulumi:providers:azuread"}),
        State(ended=Ended(6, "", "error: no stack named 'dev' found")),
    ],
    ids=["empty", "the engine's own", "gone"],
)
@pytest.mark.parametrize("act", [destroy, refuse_unless_destroyable])
def test_what_is_destroyed_already_is_not_destroyed_again(state: State, act: Callable[..., None]) -> None:
    act("dev", folder=Path("somewhere"), run=unasked(state))

    assert [command[1] for command in state.asked] == ["stack"]


def unasked(state: State) -> State:
    """Give the same stack, of which nothing was asked yet."""
    state.asked.clear()
    return state


def test_before_a_teardown_its_last_step_is_previewed_and_what_stops_it_is_told() -> None:
    state = State(JOB)
    refuse_unless_destroyable("dev", folder=Path("somewhere"), run=state)

    def run(command: Sequence[str], folder: Path) -> Ended:
        return state(command, folder) if "export" in command else Ended(255, "", "error: it is protected.")

    assert state.asked[-1] == ("pulumi", "destroy", "--preview-only", "--stack", "dev", "--non-interactive")
    with pytest.raises(EngineError, match=r"at the end: error: it is protected\. Nothing was done\."):
        refuse_unless_destroyable("dev", folder=Path("somewhere"), run=run)


def test_an_engine_that_fails_is_told_in_its_own_words() -> None:
    state = State(JOB)

    def run(command: Sequence[str], folder: Path) -> Ended:
        return state(command, folder) if "export" in command else Ended(255, "it said", "error: incorrect passphrase")

    with pytest.raises(EngineError, match="did not destroy the stack dev: it said\nerror: incorrect passphrase"):
        destroy("dev", folder=Path("somewhere"), run=run)
