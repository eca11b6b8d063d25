"""With the real ``pulumi`` command: quarantine, another job, and what was switched off or deleted by hand.

Each is told in a sentence, and what the sentence says to do works. The story is told once, and each test reads a fact
off it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from acts import Teller, told_in

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.engine

GROUP: dict[str, Any] = {"groups": ["Elium users"]}
QUARANTINE = "warning: The job is in quarantine since 2026-01-15 10:20 UTC (EncounteredQuarantineException): "
BESIDE = "warning: Another job of this app, elium."
TROUBLED = ("troubled, seen", "troubled, refreshed", "troubled")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teller]:
    with told_in(tmp_path_factory.mktemp("elium"), **GROUP) as teller:
        teller.up("first")
        teller.cycle()
        told = teller.stack.outputs()
        principal, app = told["servicePrincipalId"], told["applicationId"]
        jobs = f"/servicePrincipals/{principal}/synchronization/jobs"

        _, token = teller.elium.tokens.make()
        teller.elium.tokens.revoke("1")
        other = teller.ask("POST", jobs, {"templateId": "elium"})["id"]
        teller.cycle()
        teller.preview("troubled, seen")
        teller.refresh("troubled, refreshed")
        renewed = replace(teller.stack, variables={**teller.stack.variables, "ELIUM_SECRET_TOKEN": token})
        teller.stack = renewed
        teller.up("troubled")
        teller.ask("DELETE", f"{jobs}/{other}")
        teller.served.advance(timedelta(days=1))

        teller.ask("DELETE", f"/servicePrincipals/{principal}")
        teller.up("no principal", succeeds=False, **GROUP | {"mappings": {"users": {"title": "[department]"}}})
        teller.ask("POST", f"/directory/deletedItems/{principal}/restore")
        teller.up("principal restored")

        teller.ask("DELETE", f"/applications/{app}")
        teller.preview("no app")
        yield teller


@pytest.mark.parametrize("act", TROUBLED)
def test_a_quarantine_is_told_once_by_every_command_with_what_releases_it(story: Teller, act: str) -> None:
    said = story.acts[act].said

    assert said.count(QUARANTINE) == 1
    assert "What releases it: declare a token or an address that works; the next attempt then lifts it." in said


def test_a_quarantine_is_an_output_of_the_stack(story: Teller) -> None:
    assert 'quarantineReason: "EncounteredQuarantineException"' in story.acts["troubled"].said


@pytest.mark.parametrize("act", TROUBLED)
def test_another_job_beside_ours_is_told_once_by_every_command(story: Teller, act: str) -> None:
    assert story.acts[act].said.count(BESIDE) == 1


def test_a_token_that_works_lifts_the_quarantine(story: Teller) -> None:
    for act in ("no principal", "principal restored"):
        assert "The job is in quarantine" not in story.acts[act].said
        assert "Another job" not in story.acts[act].said


def test_without_its_service_principal_an_update_says_so_and_changes_nothing(story: Teller) -> None:
    told = story.acts["no principal"]

    assert "does not exist, so nothing can be provisioned with it." in told.said
    assert {call.partition(" ")[0] for call in told.calls} == {"GET"}


def test_a_service_principal_that_was_restored_is_the_old_one_with_its_job_and_people(story: Teller) -> None:
    world = story.acts["principal restored"].world

    assert "~ 2 updated" in story.acts["principal restored"].said
    assert (list(world.jobs), world.assigned) == (
        list(story.acts["first"].world.jobs),
        ["Elium users -> User of Elium"],
    )


def test_an_app_that_was_deleted_is_told_with_the_page_that_says_how_to_restore_it(story: Teller) -> None:
    said = story.acts["no app"].said

    assert said.count("no longer exists. If its app was deleted as well, restore that first") == 1
    assert "docs/how-to/when-a-run-was-cut.md" in said


def test_nothing_that_others_did_is_told_as_a_traceback(story: Teller) -> None:
    assert [name for name, act in story.acts.items() if "Traceback" in act.said] == []
