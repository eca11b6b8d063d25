"""What goes wrong on a first day, with the real ``pulumi`` command: one clear sentence each, and nothing lost.

The story is told once, and each test reads a fact off it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from acts import Teller, told_in

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.engine

WRONG = "wrong-canary-t0ken"
IMPORTING = ("--yes", "--skip-preview", "--protect=false", "--generate-code=false")
JOB = "entrasync:index:SynchronizationJob"
MISTAKES: dict[str, Any] = {
    "tenantUrl": "acme",
    "groupz": ["x"],
    "role": "Default Access",
    "notificationEmail": "nobody",
    "mappings": {"users": {"displayName": "Jion([surname])"}},
    "filters": {"users": ["department EQUALS Knowledge OR department EQUALS Sales"]},
}
UNKNOWN: dict[str, Any] = {
    "mappings": {"users": {"title": "[givenNam]"}},
    "filters": {"users": ["departement EQUALS Sales"]},
}
REFUSED_FIRST = ("role", "token", "nobody, forced")


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teller]:
    with told_in(tmp_path_factory.mktemp("elium")) as day:
        stack = day.stack
        wrong = replace(stack, variables={**stack.variables, "ELIUM_SECRET_TOKEN": WRONG})
        day.preview("settings", succeeds=False, **MISTAKES)
        day.preview("names", succeeds=False, groups=["Nobody"], users=["eve@contoso.com", "Someone"])
        day.preview("attributes", succeeds=False, groups=["Elium users"], **UNKNOWN)
        day.preview("nobody", succeeds=False, groups=["Elium users"], filters={"users": ["department EQUALS Sails"]})
        day.up("nobody, forced", succeeds=False)
        day.up("role", succeeds=False, groups=["Elium users"], role="Captain")
        stack.declare(groups=["Elium users"])
        day.act("token", "up", "--yes", "--skip-preview", succeeds=False, stack=wrong)
        day.up("good")

        told, state = stack.outputs(), stack.state()
        stack.run("state", "delete", "--yes", state["elium-job"]["urn"])
        address = f"{told['servicePrincipalId']}/{told['jobId']}"
        parent = f"elium={state['elium']['urn']}"
        day.act("import", "import", JOB, "elium-job", address, "--parent", parent, *IMPORTING)
        day.up("after the import")
        day.up("again")

        stack.run("stack", "init", "beside")
        (stack.folder / "Pulumi.beside.yaml").write_text("config:\n  elium:groups: [Elium users]\n", encoding="utf-8")
        day.preview("beside", succeeds=False)
        yield day


def test_every_mistake_in_the_settings_is_told_at_once(day: Teller) -> None:
    for sentence in (
        "elium:tenantUrl: cannot be a SCIM address: the scheme is missing. Begin with https://, as in https://acme.",
        "elium:notificationEmail: is not an e-mail address: An email address must have an @-sign.",
        "elium:role: people with Default Access are not provisioned. Name a role of the app, such as User.",
        "elium:groupz: there is no such setting; did you mean groups.",
        "Jion([surname])\n    ^\n",
        "department EQUALS Knowledge OR department EQUALS Sales\n",
    ):
        assert sentence in day.acts["settings"].said


def test_every_name_that_does_not_exist_is_told_at_once(day: Teller) -> None:
    for sentence in (
        "elium:groups.0: 'Nobody' does not exist.",
        "elium:users.0: 'eve@contoso.com' does not exist.",
        "elium:users.1: there is no user 'Someone'.",
    ):
        assert sentence in day.acts["names"].said


def test_attributes_that_entra_does_not_have_are_refused_by_the_first_preview(day: Teller) -> None:
    for sentence in (
        "mappings.users.title.source: There is no source attribute givenNam; the nearest is givenName.",
        "filters.users: There is no source attribute departement; the nearest is department.",
    ):
        assert sentence in day.acts["attributes"].said


def test_a_filter_that_nobody_passes_is_refused_by_the_first_preview_and_by_an_update_without_one(day: Teller) -> None:
    for act in ("nobody", "nobody, forced"):
        assert "11 people were looked at, and nobody would be provisioned." in day.acts[act].said
        assert "If that is meant, set this, spelled as your other settings are: acceptLeavers: 11" in day.acts[act].said


def test_a_role_that_the_app_does_not_have_is_told_with_those_it_has(day: Teller) -> None:
    assert "role: the app has no role 'Captain'; it has User, msiam_access." in day.acts["role"].said


def test_a_wrong_token_is_told_as_such(day: Teller) -> None:
    assert "did not accept the secret token; nothing was saved and nothing was started." in day.acts["token"].said
    assert "Unauthorized" in day.acts["token"].said


@pytest.mark.parametrize("act", REFUSED_FIRST)
def test_a_first_deployment_that_is_refused_assigns_nobody_and_makes_no_job(day: Teller, act: str) -> None:
    assert (day.acts[act].world.assigned, day.acts[act].world.jobs) == ([], {})


def test_no_mistake_is_told_as_a_traceback(day: Teller) -> None:
    assert [name for name, act in day.acts.items() if "Traceback" in act.said or "panic" in act.said] == []


def test_a_wrong_token_is_not_repeated_in_the_answer(day: Teller) -> None:
    assert [name for name, act in day.acts.items() if WRONG in act.said] == []


def test_what_was_made_before_the_mistake_is_kept_and_used(day: Teller) -> None:
    assert "+ 3 created" in day.acts["good"].said
    assert (len(day.acts["good"].world.jobs), day.acts["good"].world.assigned) == (1, ["Elium users -> User of Elium"])


def test_a_job_can_be_imported_by_its_address(day: Teller) -> None:
    assert "= 1 imported" in day.acts["import"].said
    assert "warning" not in day.acts["import"].said


def test_after_an_import_the_token_is_saved_once_and_then_nothing_changes(day: Teller) -> None:
    assert '"not known: the job was imported" => "scrypt:' in day.acts["after the import"].said
    assert "6 unchanged" in day.acts["again"].said


def test_an_app_that_the_stack_does_not_know_is_told_with_the_two_ways_on(day: Teller) -> None:
    said = day.acts["beside"].said

    assert "displayName: an application 'Elium' of this gallery app exists already" in said
    assert "Adopt it with `elium adopt`" in said
    assert "or set another displayName." in said
    assert day.acts["beside"].world == day.acts["again"].world
