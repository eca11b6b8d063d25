"""What goes wrong, with the real ``pulumi`` command: one clear sentence each, and nothing lost.

The story is told once, and each test reads a fact off it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from pulumi_stack import Stack

from emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.web.server import Served

WRONG = "wrong-canary-t0ken"
UP = ("up", "--yes", "--skip-preview", "--diff")
IMPORTING = ("--yes", "--skip-preview", "--protect=false", "--generate-code=false")
JOB = "entrasync:index:SynchronizationJob"


@dataclass
class Day:
    """What was said, hour by hour."""

    said: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, int] = field(default_factory=dict)
    """How many jobs the app had."""


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with Emulator().serve() as served:
        yield served


@pytest.fixture(scope="module")
def day(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Day:
    day = Day()
    folder = tmp_path_factory.mktemp("elium")
    stack = Stack.of_this_project(folder, served.environment)
    tenant = served.emulator.world.tenant(served.environment["ARM_TENANT_ID"])

    def hour(name: str, *arguments: str, succeeds: bool = False, as_seen_by: Stack = stack) -> None:
        day.said[name] = as_seen_by.run(*arguments, succeeds=succeeds)
        day.jobs[name] = sum(len(held.jobs) for held in tenant.synchronization.values())

    stack.declare(tenantUrl="acme", groupz=["x"], role="Default Access", notificationEmail="nobody")
    hour("settings", "preview")
    stack.declare(groups=["Nobody"], users=["eve@contoso.com", "Someone"])
    hour("names", "preview")
    stack.declare(groups=["Elium users"], role="Captain")
    hour("role", *UP)
    stack.declare(groups=["Elium users"])
    hour("token", *UP, as_seen_by=replace(stack, variables={**stack.variables, "ELIUM_SECRET_TOKEN": WRONG}))
    hour("good", *UP, succeeds=True)

    told, state = stack.outputs(), stack.state()
    stack.run("state", "delete", "--yes", state["elium-job"]["urn"])
    hour("lost and adopted", *UP, succeeds=True)
    stack.run("state", "delete", "--yes", state["elium-job"]["urn"])
    address = f"{told['servicePrincipalId']}/{told['jobId']}"
    parent = f"elium={state['elium']['urn']}"
    hour("import", "import", JOB, "elium-job", address, "--parent", parent, *IMPORTING, succeeds=True)
    hour("after the import", *UP, succeeds=True)
    hour("again", *UP, succeeds=True)
    return day


def test_every_mistake_in_the_settings_is_told_at_once(day: Day) -> None:
    for sentence in (
        "elium:tenantUrl: cannot be a SCIM address: the scheme is missing. Begin with https://, as in https://acme.",
        "elium:notificationEmail: is not an e-mail address: An email address must have an @-sign.",
        "elium:role: people with Default Access are not provisioned. Name a role of the app, such as User.",
        "elium:groupz: there is no such setting; did you mean groups.",
    ):
        assert sentence in day.said["settings"]


def test_every_name_that_does_not_exist_is_told_at_once(day: Day) -> None:
    for sentence in (
        "elium:groups.0: 'Nobody' does not exist.",
        "elium:users.0: 'eve@contoso.com' does not exist.",
        "elium:users.1: there is no user 'Someone'.",
    ):
        assert sentence in day.said["names"]


def test_a_role_that_the_app_does_not_have_is_told_with_those_it_has(day: Day) -> None:
    assert "elium:role: the app has no role 'Captain'; it has User, msiam_access." in day.said["role"]


def test_no_mistake_is_told_as_a_traceback(day: Day) -> None:
    assert [name for name, said in day.said.items() if "Traceback" in said or "panic" in said] == []


def test_a_wrong_token_is_told_as_such_and_saves_nothing(day: Day) -> None:
    assert "Elium did not accept the secret token; nothing was saved and nothing was started." in day.said["token"]
    assert ("Unauthorized" in day.said["token"], day.jobs["token"]) == (True, 0)


def test_a_wrong_token_is_not_repeated_in_the_answer(day: Day) -> None:
    assert [name for name, said in day.said.items() if WRONG in said] == []


def test_what_was_made_before_the_mistake_is_kept_and_used(day: Day) -> None:
    assert ("+ 1 created" in day.said["good"], day.jobs["good"]) == (True, 1)


def test_a_job_that_pulumi_lost_is_adopted_and_never_doubled(day: Day) -> None:
    assert day.jobs["lost and adopted"] == 1


def test_a_job_can_be_imported_by_its_address(day: Day) -> None:
    assert "= 1 imported" in day.said["import"]
    assert "warning" not in day.said["import"]


def test_after_an_import_the_token_is_saved_once_and_then_nothing_changes(day: Day) -> None:
    assert '"not known: the job was imported" => "scrypt:' in day.said["after the import"]
    assert "5 unchanged" in day.said["again"]
