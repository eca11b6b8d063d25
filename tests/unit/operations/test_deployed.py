"""Which job a stack has, as its state says, and as whom its provider signs in."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from builders import PRINCIPAL

from provisioning.apps import ELIUM as APPS
from provisioning.components.remote import COMPONENTS
from provisioning.errors import ConfigurationError, NoCredentialError, ProvisioningError
from provisioning.operations.deployed import (
    COMPONENT_TYPES,
    SECRET_MARK,
    Deployed,
    Ended,
    EngineError,
    NoJobError,
    StackEngine,
    deployed,
    destroy,
    refuse_unless_destroyable,
)
from provisioning.operations.resource_names import JOB_TYPE

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
        (State(JOB, {**JOB, "id": f"{ADDRESS}2"}), ConfigurationError, "The stack dev has 2 synchronization jobs."),
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
            State(ended=Ended(1, "", "error: invalid YAML file: yaml: line 1: did not find expected ']'")),
            ConfigurationError,
            "Pulumi.dev.yaml is not YAML: line 1: did not find expected ']'.",
        ),
        (
            State(ended=Ended(1, "", "error: could not unmarshal '/x/Pulumi.yaml': invalid YAML file: yaml: no")),
            ConfigurationError,
            "^Pulumi.yaml is not YAML: no.",
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


# A stack with several apps

ROOT = {"type": "pulumi:pulumi:Stack", "urn": "urn::root"}


def an_app(name: str, kind: str, number: int) -> list[dict[str, Any]]:
    """Give what a component leaves in the state."""
    component = f"urn::{kind}::{name}"
    return [
        {"type": kind, "urn": component, "parent": ROOT["urn"]},
        {"type": "azuread:app", "urn": f"urn::{kind}$app::{name}-app", "parent": component, "id": "a"},
        {"type": JOB_TYPE, "urn": f"urn::{kind}$job::{name}-job", "parent": component, "id": f"{ADDRESS}{number}"},
    ]


ELIUM, DATABRICKS = "entrasync:index:EliumProvisioning", "entrasync:index:GalleryAppProvisioning"
SAME_NAME = {"type": "azuread:index/group:Group", "urn": "urn::group::databricks", "parent": ROOT["urn"], "id": "g"}
ALONE = {"type": JOB_TYPE, "urn": "urn::job::intranet", "parent": ROOT["urn"], "id": f"{ADDRESS}3"}


def several() -> State:
    return State(ROOT, *an_app("elium", ELIUM, 1), *an_app("databricks", DATABRICKS, 2), SAME_NAME, ALONE)


@pytest.mark.parametrize(
    ("named", "job"), [("dev@elium", "1"), ("dev@databricks", "2"), ("dev@intranet", "3"), ("org/p/dev@elium", "1")]
)
def test_of_several_apps_one_is_meant_by_the_name_that_the_program_gives_it(named: str, job: str) -> None:
    found = find(several(), named)

    assert (found.meant.stack, str(found.meant.address)) == (named, f"{ADDRESS}{job}")


def test_a_stack_alone_is_not_enough_then_and_each_app_is_listed() -> None:
    with pytest.raises(ConfigurationError, match=r"The stack dev has 3 synchronization jobs\.") as refused:
        find(several())
    with pytest.raises(NoJobError, match="has no component data with a synchronization job") as unknown:
        find(several(), "dev@data")

    for error in (refused, unknown):
        assert f"dev@elium ({ADDRESS}1), dev@databricks ({ADDRESS}2), dev@intranet ({ADDRESS}3)." in error.value.hint


@pytest.mark.parametrize("written", ["dev@", "@elium", "@"])
@pytest.mark.parametrize("act", [partial(deployed, environment={}), destroy, refuse_unless_destroyable])
def test_half_a_name_is_never_the_whole_stack(written: str, act: Callable[..., object]) -> None:
    state = several()

    with pytest.raises(ConfigurationError, match="names no app of a stack"):
        act(written, folder=Path("somewhere"), run=state)
    assert state.asked == []


def test_two_jobs_of_one_name_are_never_taken_for_one_another() -> None:
    with pytest.raises(ConfigurationError, match=r"dev@elium has 2 synchronization jobs\."):
        find(State(ROOT, *an_app("elium", ELIUM, 1), *an_app("elium", DATABRICKS, 9)), "dev@elium")


@pytest.mark.parametrize(
    ("named", "targets"),
    [
        ("dev@databricks", [one["urn"] for one in an_app("databricks", DATABRICKS, 2)]),
        ("dev@intranet", [ALONE["urn"]]),
        ("dev", []),
    ],
)
def test_of_a_component_exactly_what_is_its_own_is_destroyed(named: str, targets: list[str]) -> None:
    previewed, destroyed = several(), several()
    refuse_unless_destroyable(named, folder=Path("somewhere"), run=previewed)
    destroy(named, folder=Path("somewhere"), run=destroyed)

    just = ["--stack", "dev", *(word for urn in targets for word in ("--target", urn)), "--non-interactive"]
    how = ["--yes", "--skip-preview", *([] if targets else ["--refresh"])]
    assert previewed.asked[-1] == ("pulumi", "destroy", "--preview-only", *just)
    assert destroyed.asked[-1] == ("pulumi", "destroy", *how, *just)


def without(gone: dict[str, Any], state: State) -> Callable[[Sequence[str], Path], Ended]:
    """Let a refresh find that something is gone."""

    def run(command: Sequence[str], folder: Path) -> Ended:
        if command[1] == "refresh":
            state.resources = tuple(one for one in state.resources if one != gone)
        return state(command, folder)

    return run


def test_where_a_look_finds_all_of_a_component_gone_nothing_else_is_destroyed() -> None:
    state = several()
    destroy("dev@intranet", folder=Path("somewhere"), run=without(ALONE, state))

    assert [command[1] for command in state.asked] == ["stack", "refresh", "stack"]


def test_what_a_look_finds_gone_is_no_target_of_the_destroy() -> None:
    app, job = an_app("databricks", DATABRICKS, 2)[1:]
    state = several()
    destroy("dev@databricks", folder=Path("somewhere"), run=without(job, state))

    refreshed, _, destroyed = state.asked[-3:]
    assert {app["urn"], job["urn"]} <= {*refreshed}
    assert app["urn"] in destroyed
    assert job["urn"] not in destroyed


def test_a_component_whose_job_is_gone_already_is_destroyed_to_its_end() -> None:
    component, app, _ = an_app("databricks", DATABRICKS, 2)
    state = State(ROOT, *an_app("elium", ELIUM, 1), component, app)
    destroy("dev@databricks", folder=Path("somewhere"), run=state)

    assert [word for word in state.asked[-1] if word.startswith("urn")] == [component["urn"], app["urn"]]


def test_what_is_about_a_whole_stack_refuses_a_component() -> None:
    with pytest.raises(ConfigurationError, match="dev@elium is one component of a stack"):
        StackEngine("dev@elium", Path("somewhere"), several())


def test_the_components_are_those_that_the_package_has() -> None:
    assert {APPS.type, *COMPONENTS} == COMPONENT_TYPES
