from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from builders import PRINCIPAL, a_declaration, a_declared_schema, a_job, a_schema
from provisioning.operations.configure import bring_about, find_or_create_job
from provisioning.operations.save_schema import Precautions
from recording import RecordingService

from provisioning.errors import ConfigurationError, CredentialsRejectedError, UnsafeChangeError
from provisioning.language import Expression, ScopingFilter
from provisioning.model.identifiers import TemplateId
from provisioning.model.mapping import DeclaredMapping, ObjectKind
from provisioning.model.person import People, Person

if TYPE_CHECKING:
    from provisioning.model.declaration import Declaration
    from provisioning.model.job import Job

TITLE = DeclaredMapping("title", {"source": Expression.parse("[mail]")})
A_MAPPING = a_declared_schema(mappings={ObjectKind.USERS: {"title": TITLE}})
A_FILTER = a_declared_schema(filters={ObjectKind.USERS: ScopingFilter.parse(["department EQUALS Sales"])})
REJECTED = CredentialsRejectedError("Elium did not accept the secret token.")


async def configure(service: RecordingService, declaration: Declaration) -> list[str]:
    found = await find_or_create_job(service, PRINCIPAL, declaration)
    await bring_about(service, found, declaration)
    return service.asked


async def test_the_first_configuration_takes_eight_calls_in_the_order_of_the_tutorial() -> None:
    assert await configure(RecordingService(), a_declaration(schema=A_MAPPING)) == [
        "templates",
        "jobs",
        "validate https://acme.elium.com/scim/v2",
        "create job elium",
        "save secrets",
        "schema",
        "save schema",
        "start",
    ]


async def test_without_mappings_it_takes_six() -> None:
    assert len(await configure(RecordingService(), a_declaration())) == 6


async def test_a_job_that_is_to_be_off_is_not_started() -> None:
    assert "start" not in await configure(RecordingService(), a_declaration(on=False))


async def test_an_existing_job_is_adopted_and_what_it_holds_is_sent_back() -> None:
    service = RecordingService(held=a_job(on=True), secrets_held={"Sandbox": "yes"})

    asked = await configure(service, a_declaration())

    assert asked == ["templates", "jobs", "validate https://acme.elium.com/scim/v2", "secrets", "save secrets"]
    assert service.secrets_held["Sandbox"] == "yes"


async def test_an_adopted_job_that_is_to_be_off_is_paused() -> None:
    assert "pause" in await configure(RecordingService(held=a_job(on=True)), a_declaration(on=False))


async def test_a_job_of_another_template_is_not_adopted() -> None:
    service = RecordingService(held=a_job(template="other"))

    assert "create job elium" in await configure(service, a_declaration())


async def test_a_declared_template_saves_the_look_up() -> None:
    assert "templates" not in await configure(RecordingService(), a_declaration(template=TemplateId("elium")))


async def test_the_default_template_is_taken() -> None:
    assert "create job second" in await configure(RecordingService(template_ids=("first", "second")), a_declaration())


async def test_an_app_without_a_template_cannot_be_provisioned() -> None:
    with pytest.raises(ConfigurationError, match="offers no synchronization template"):
        await configure(RecordingService(template_ids=()), a_declaration())


async def test_rejected_credentials_leave_nothing_behind() -> None:
    service = RecordingService(refusing={"validate": REJECTED})

    with pytest.raises(CredentialsRejectedError):
        await configure(service, a_declaration())

    assert service.asked == ["templates", "jobs", "validate https://acme.elium.com/scim/v2"]


async def test_what_the_template_shows_to_be_impossible_is_refused_before_anything_is_made() -> None:
    service = RecordingService(template_schema=a_schema())
    mistyped = DeclaredMapping("titel", {"source": Expression.parse("[mail]")})

    with pytest.raises(ConfigurationError, match="the app has no such attribute; the nearest is title"):
        await configure(
            service, a_declaration(schema=a_declared_schema(mappings={ObjectKind.USERS: {"titel": mistyped}}))
        )

    assert service.asked == ["templates", "jobs"]


async def test_a_job_that_has_run_is_guarded_before_anything_is_saved() -> None:
    people = People(tuple(Person(str(number), f"P{number}", {"department": "IT"}) for number in range(6)))
    service = RecordingService(held=a_job(on=True, status="Active"), people_held=people)

    with pytest.raises(UnsafeChangeError):
        await configure(service, a_declaration(schema=A_FILTER))

    assert service.asked[3:] == ["secrets", "schema", "people assigned: department"]


@pytest.mark.parametrize("job", [a_job(status="NotRun"), None])
async def test_a_job_that_never_ran_has_nobody_to_lose(job: Job | None) -> None:
    service = RecordingService(held=job)

    await configure(service, a_declaration(schema=A_FILTER))

    assert [asked for asked in service.asked if asked.startswith("people")] == []


async def test_a_creation_that_stopped_half_way_is_finished_without_a_guard() -> None:
    service = RecordingService(held=a_job())
    found = await find_or_create_job(service, PRINCIPAL, a_declaration(schema=A_FILTER))

    await bring_about(service, replace(found, is_unfinished=True), a_declaration(schema=A_FILTER))

    assert service.asked[3:] == ["secrets", "save secrets", "schema", "save schema", "start"]


NOBODY_IS_FOUND = a_declaration(
    schema=a_declared_schema(mappings={ObjectKind.USERS: {"userName": DeclaredMapping("userName", {"match": None})}})
)


async def test_a_new_job_that_would_find_nobody_is_refused_before_it_is_made() -> None:
    service = RecordingService(template_schema=a_schema())

    with pytest.raises(UnsafeChangeError, match="no matching attribute would be left") as refusal:
        await configure(service, NOBODY_IS_FOUND)

    assert (service.asked, refusal.value.hint) == (
        ["templates", "jobs"],
        "If that is meant, accept it by name: acceptLeavers: 1",
    )


async def test_a_new_job_that_would_find_nobody_is_never_started() -> None:
    service = RecordingService()

    with pytest.raises(UnsafeChangeError):
        await configure(service, NOBODY_IS_FOUND)

    assert service.asked[-1] == "schema"


async def test_a_new_job_that_would_find_nobody_can_be_accepted_by_name() -> None:
    service = RecordingService(template_schema=a_schema())
    accepted = Precautions(accepted_leavers=1)

    found = await find_or_create_job(service, PRINCIPAL, NOBODY_IS_FOUND, accepted)
    await bring_about(service, found, NOBODY_IS_FOUND, accepted)

    assert service.asked[-1] == "start"
