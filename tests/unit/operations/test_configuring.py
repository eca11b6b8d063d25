"""From what is observed to what is declared: every call in its order, and what is refused before any."""

from __future__ import annotations

import pytest
from builders import (
    a_declaration,
    a_declared_schema,
    a_job,
    a_mapping_node,
    a_schema,
    an_assignment,
    some_people,
)
from carrying_out import A_FILTER, A_MAPPING, TITLE, carried_out, running, written
from recording import RecordingService

from provisioning.errors import (
    ConfigurationError,
    CredentialsRejectedError,
    UnsafeChangeError,
)
from provisioning.model.connection import Scope
from provisioning.model.identifiers import TemplateId
from provisioning.model.mapping import DeclaredMapping, ObjectKind
from provisioning.model.person import People
from provisioning.planning.rules import Acceptance

NOBODY_IS_FOUND = a_declared_schema(
    mappings={ObjectKind.USERS: {"userName": DeclaredMapping("userName", {"match": None})}}
)
VALIDATE = "validate https://acme.elium.com/scim/v2"


async def test_the_first_configuration_takes_the_order_of_the_tutorial() -> None:
    service = RecordingService(assignments_held=(an_assignment(),), people_held=People(some_people(2)))

    await carried_out(service, a_declaration(schema=A_MAPPING))

    assert service.asked == [
        "jobs",
        "templates",
        "assignments",
        "people Staff: mail",
        VALIDATE,
        "create job elium",
        "save secrets",
        "schema",
        "save schema",
        "start",
    ]


async def test_without_mappings_the_schema_is_not_looked_at() -> None:
    service = RecordingService()

    assert await written(service, a_declaration()) == ["create job elium", "save secrets", "start"]
    assert "schema" not in service.asked


async def test_a_job_that_is_to_be_off_is_not_started() -> None:
    assert await written(RecordingService(), a_declaration(on=False)) == ["create job elium", "save secrets"]


async def test_the_default_template_is_taken_unless_another_is_declared() -> None:
    two = RecordingService(template_ids=("first", "second"))
    declared = RecordingService(template_ids=("first", "second"))

    assert (await written(two, a_declaration()))[0] == "create job second"
    assert (await written(declared, a_declaration(template=TemplateId("first"))))[0] == "create job first"


async def test_credentials_that_are_rejected_leave_nothing_behind() -> None:
    service = RecordingService(refusing={"validate": CredentialsRejectedError("no")})

    with pytest.raises(CredentialsRejectedError):
        await carried_out(service, a_declaration(schema=A_MAPPING))

    assert service.writes == []


async def test_what_the_template_shows_to_be_impossible_is_refused_before_anything_is_made() -> None:
    service = RecordingService(template_schema=a_schema())
    mistyped = a_declared_schema(mappings={ObjectKind.USERS: {"titel": TITLE}})

    with pytest.raises(ConfigurationError, match="the app has no such attribute; the nearest is title"):
        await carried_out(service, a_declaration(schema=mistyped))

    assert service.asked == ["jobs", "templates", "assignments"]


async def test_what_only_the_job_shows_to_be_impossible_is_refused_before_it_is_started() -> None:
    service = RecordingService()
    mistyped = a_declared_schema(mappings={ObjectKind.USERS: {"titel": TITLE}})

    with pytest.raises(ConfigurationError, match="the app has no such attribute; the nearest is title"):
        await carried_out(service, a_declaration(schema=mistyped))

    assert service.writes == ["create job elium", "save secrets"]


async def test_a_new_job_gets_what_is_declared_over_what_it_starts_with() -> None:
    own = a_schema(a_mapping_node("userName", "mail", matchingPriority=1), a_mapping_node("nickName", "givenName"))
    service = RecordingService(template_schema=a_schema(), schema_held=own)

    await carried_out(service, a_declaration(schema=A_MAPPING))

    assert list(service.schema_held.of(ObjectKind.USERS).mappings) == ["userName", "nickName", "title"]


async def test_a_new_job_that_would_find_nobody_is_refused_before_it_is_made() -> None:
    service = RecordingService(template_schema=a_schema())

    with pytest.raises(UnsafeChangeError, match="no matching attribute would be left") as refusal:
        await carried_out(service, a_declaration(schema=NOBODY_IS_FOUND))

    assert service.writes == []
    assert refusal.value.hint.endswith("acceptLeavers: and the highest number that you stand for")


async def test_a_new_job_that_would_find_nobody_is_never_started() -> None:
    service = RecordingService()

    with pytest.raises(UnsafeChangeError, match="no matching attribute would be left"):
        await carried_out(service, a_declaration(schema=NOBODY_IS_FOUND))

    assert service.writes == ["create job elium", "save secrets"]


async def test_a_new_job_that_would_find_nobody_can_be_accepted_by_name() -> None:
    service = RecordingService(template_schema=a_schema())

    await carried_out(service, a_declaration(schema=NOBODY_IS_FOUND), acceptance=Acceptance(1))

    assert service.writes[-1] == "start"


async def test_a_first_filter_that_lets_nobody_in_is_refused_before_anything_is_made() -> None:
    people = People(some_people(4, department="IT"))
    service = RecordingService(template_schema=a_schema(), assignments_held=(an_assignment(),), people_held=people)

    with pytest.raises(UnsafeChangeError, match="4 people were looked at, and nobody would be provisioned"):
        await carried_out(service, a_declaration(schema=A_FILTER))

    assert service.writes == []


async def test_a_job_that_is_there_is_adopted_and_what_it_holds_is_sent_back() -> None:
    service = RecordingService(held=a_job(on=True), secrets_held={"Sandbox": "yes"})

    assert await written(service, a_declaration(), is_adopted=True) == ["save secrets"]
    assert service.secrets_held["Sandbox"] == "yes"


async def test_a_job_of_another_template_is_not_adopted() -> None:
    service = RecordingService(held=a_job(template="other"))

    assert "create job elium" in await written(service, a_declaration())


async def test_nothing_is_written_when_all_is_as_it_is_declared() -> None:
    assert await written(running(), a_declaration(scope=Scope.ASSIGNED), is_adopted=True) == []


async def test_a_changed_mapping_is_one_read_and_one_save() -> None:
    service = running()

    await carried_out(service, a_declaration(schema=A_MAPPING))

    assert service.asked == ["jobs", "templates", "assignments", "secrets", "schema", "save schema"]


async def test_a_mapping_that_is_there_already_is_only_read() -> None:
    service = running()
    for _ in range(2):
        await carried_out(service, a_declaration(schema=A_MAPPING))

    assert service.writes == ["save schema"]


async def test_a_new_token_is_tested_before_it_is_saved() -> None:
    service = running()

    await carried_out(service, a_declaration(), token_is_new=True)

    assert service.asked[-2:] == [VALIDATE, "save secrets"]


async def test_a_new_scope_restarts_because_entra_needs_it() -> None:
    assert await written(running(), a_declaration(scope=Scope.ALL)) == ["save secrets", "restart Watermark"]


async def test_an_adopted_job_is_paused_before_its_scope_changes_and_then_restarted() -> None:
    asked = await written(running(), a_declaration(scope=Scope.ALL), is_adopted=True)

    assert asked == ["pause", "save secrets", "restart Watermark"]


async def test_an_adopted_job_that_has_run_and_is_off_is_restarted_because_nobody_knows_what_was_cut() -> None:
    service = running(held=a_job(on=False, status="Active"))

    assert await written(service, a_declaration(), is_adopted=True) == ["restart Watermark"]


async def test_an_adopted_job_that_is_to_be_off_is_paused_before_anything_is_saved() -> None:
    declaration = a_declaration(on=False, schema=A_MAPPING, delete_threshold=7)

    assert await written(running(), declaration, is_adopted=True) == ["pause", "save schema", "save secrets"]


async def test_a_job_that_is_off_is_not_restarted_for_its_new_scope() -> None:
    service = running(held=a_job(on=False, status="Active"))

    assert await written(service, a_declaration(on=False, scope=Scope.ALL)) == ["save secrets"]


async def test_a_restart_that_is_due_comes_when_the_job_is_switched_on() -> None:
    service = running(held=a_job(on=False, status="Active"))

    assert await written(service, a_declaration(), restart_is_due=True) == ["restart Watermark"]


async def test_switching_on_starts() -> None:
    assert await written(running(held=a_job(on=False, status="Active")), a_declaration()) == ["start"]


async def test_the_schema_is_saved_before_the_connection() -> None:
    declaration = a_declaration(schema=A_MAPPING, scope=Scope.ALL)

    assert await written(running(), declaration) == ["save schema", "save secrets", "restart Watermark"]


async def test_a_scope_alone_does_not_save_the_schema() -> None:
    assert "save schema" not in await written(running(), a_declaration(scope=Scope.ALL))


async def test_groups_that_come_and_go_write_nothing_here_because_azuread_assigns() -> None:
    declaration = a_declaration(assignments=(an_assignment("Guests"),))
    service = running(people_held=People(some_people(2)))

    assert await written(service, declaration, acceptance=Acceptance(9, 9)) == []
