"""With the real ``pulumi`` command: a program of somebody else's, with a job and without a plan before assignments.

The story is told once, and each test reads a fact off it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml
from acts import Teller
from pulumi_stack import ROOT, Stack

from emulator import Emulator
from emulator.company.store import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.engine

PROGRAM = """
import os

import pulumi
import pulumi_azuread as azuread

from provisioning.resources import SynchronizationJob

config = pulumi.Config("elium")
template = azuread.get_application_template("Elium")
app = azuread.ApplicationFromTemplate("app", display_name="Elium", template_id=template.template_id)
principal = app.service_principal_object_id
roles = azuread.get_service_principal_output(object_id=principal).app_roles
role = roles.apply(lambda found: next(each.id for each in found if each.display_name == "User"))
groups = [azuread.get_group(display_name=name) for name in config.require_object("groups")]
assigned = [
    azuread.AppRoleAssignment(
        f"to-{group.object_id}",
        app_role_id=role,
        principal_object_id=group.object_id,
        resource_object_id=principal,
    )
    for group in groups
]
inputs = {
    "servicePrincipalId": principal,
    "baseAddress": os.environ["ELIUM_TENANT_URL"] + "/scim/v2",
    "secretToken": "env:ELIUM_SECRET_TOKEN",
}
if config.get_bool("says"):
    inputs["assignments"] = [
        {"principalId": group.object_id, "kind": "group", "name": group.display_name} for group in groups
    ]
if config.get("title"):
    inputs["mappings"] = {"users": {"title": config.require("title")}}
SynchronizationJob("job", inputs, pulumi.ResourceOptions(depends_on=assigned))
"""
USERS = ["Elium users"]
MORE = [*USERS, "All of sales", "Platform team", "Compiler team"]
SAID: dict[str, Any] = {"says": True, "groups": USERS}
UNSAID = "warning: assignments is not said, so nobody is counted who comes or goes"
REFUSED = ("fewer, seen", "fewer")


def stack_in(folder: Path, variables: dict[str, str]) -> Stack:
    plugin = {"name": "entrasync", "path": str(ROOT / "plugin")}
    project = {"name": "elium-provisioning", "runtime": {"name": "python"}, "plugins": {"providers": [plugin]}}
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project), encoding="utf-8")
    (folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    return Stack.of(folder, variables)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teller]:
    with Emulator().serve() as served:
        teller = Teller(served, stack_in(tmp_path_factory.mktemp("alone"), dict(served.environment)))
        teller.preview("unsaid, first seen", groups=USERS)
        teller.up("unsaid, first")
        teller.cycle()
        teller.preview("unsaid, changed", groups=USERS, title="[department]")
        teller.up("said", **SAID)
        teller.preview("more, seen", succeeds=False, says=True, groups=MORE)
        teller.preview("fewer, seen", succeeds=False, says=True, groups=[])
        teller.up("fewer", succeeds=False)
        yield teller


@pytest.mark.parametrize("act", ["unsaid, first seen", "unsaid, first", "unsaid, changed"])
def test_that_assignments_are_unsaid_is_told_once(story: Teller, act: str) -> None:
    assert story.acts[act].said.count(UNSAID) == 1


def test_a_first_preview_does_not_say_that_nobody_will_be_in_scope(story: Teller) -> None:
    assert "afterwards" not in story.acts["unsaid, first seen"].said


def test_where_they_are_said_nothing_is_warned_of(story: Teller) -> None:
    for act in ("said", "more, seen", *REFUSED):
        assert UNSAID not in story.acts[act].said


def test_an_added_group_is_braked_in_the_preview(story: Teller) -> None:
    assert "6 people would enter, beside 10 in scope now" in story.acts["more, seen"].said


@pytest.mark.parametrize("act", REFUSED)
def test_a_removed_group_is_braked_in_preview_and_update(story: Teller, act: str) -> None:
    told = story.acts[act]

    assert "All 10 people" in told.said or "10 of 10 people in scope would leave" in told.said
    assert story.named(Kind.GROUP, "Elium users").id in {each.principal_id for each in story.assignments()}
    assert set(told.world.accounts.values()) == {True}


def test_the_status_after_the_first_up_is_the_one_that_the_job_has_then(story: Teller) -> None:
    assert 'code: "NotRun"' in story.acts["unsaid, first"].said
