"""What is looked at before anything is planned: which calls, which job, which template."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import PRINCIPAL, a_job, a_schema, an_assignment
from recording import RecordingService

from provisioning.errors import ConfigurationError, NotFoundError, UnavailableError
from provisioning.model.connection import Connection
from provisioning.model.identifiers import JobAddress, JobId, TemplateId
from provisioning.model.job import Job
from provisioning.model.observed import Observed
from provisioning.operations.observe import look_at_job, observe, read_back

ADDRESS = JobAddress(PRINCIPAL, a_job().id)
RUNS = replace(a_job(on=True, status="Active"), id=JobId("elium.runs"))
NEVER_RAN = replace(a_job(), id=JobId("elium.cut"))
ELSEWHERE = JobAddress(PRINCIPAL, JobId("elium.gone"))


async def test_of_an_app_without_a_job_it_is_read_what_a_job_would_start_with() -> None:
    service = RecordingService(template_schema=a_schema(), assignments_held=(an_assignment(),))

    observed = await observe(service, PRINCIPAL)

    assert service.asked == ["jobs", "templates", "assignments"]
    assert (observed.job, observed.schema, observed.assignments) == (None, a_schema(), (an_assignment(),))


async def test_an_app_without_a_job_is_taken_to_hold_no_connection() -> None:
    service = RecordingService(secrets_held={"SyncAll": "true"})

    assert (await observe(service, PRINCIPAL)).connection == Connection()


@pytest.mark.parametrize("asked", [frozenset({"secrettoken", "password"}), frozenset[str]()])
async def test_an_app_that_is_signed_in_to_otherwise_is_refused_before_anything_is_made(asked: frozenset[str]) -> None:
    service = RecordingService(asks_for=asked)

    with pytest.raises(ConfigurationError, match=f"asks for {', '.join(sorted(asked)) or 'no secret'}: the app is sig"):
        await observe(service, PRINCIPAL)


@pytest.mark.parametrize("asked", [frozenset({"secrettoken"}), None])
async def test_an_app_that_takes_a_token_or_does_not_say_is_not_refused(asked: frozenset[str] | None) -> None:
    assert (await observe(RecordingService(asks_for=asked), PRINCIPAL)).template is not None


async def test_a_job_is_read_with_all_that_a_plan_looks_at() -> None:
    service = RecordingService(held=a_job(on=True), secrets_held={"BaseAddress": "https://x.example"})

    observed = await observe(service, PRINCIPAL)

    assert service.asked == ["jobs", "templates", "assignments", "secrets", "schema"]
    assert (observed.job, observed.connection.address) == (a_job(on=True), "https://x.example")


async def test_a_job_that_is_meant_by_its_id_needs_no_look_at_templates() -> None:
    service = RecordingService(held=a_job())

    observed = await observe(service, PRINCIPAL, job=a_job().id)

    assert service.asked == ["jobs", "assignments", "secrets", "schema"]
    assert observed.template
    assert observed.template.id == "elium"


async def test_a_job_of_the_declared_template_needs_none_either() -> None:
    service = RecordingService(held=a_job())

    await observe(service, PRINCIPAL, template=TemplateId("elium"))

    assert "templates" not in service.asked


async def test_a_job_of_another_template_is_not_adopted_but_seen_beside() -> None:
    other = a_job(template="other")

    observed = await observe(RecordingService(held=other), PRINCIPAL)

    assert (observed.job, observed.beside) == (None, (other,))


async def test_a_job_beside_the_one_that_is_meant_is_seen() -> None:
    other = a_job(template="other", on=True)

    observed = await observe(RecordingService(held=a_job(), beside=(other,)), PRINCIPAL)

    assert (observed.job, observed.beside) == (a_job(), (other,))


async def test_a_job_that_was_deleted_is_not_replaced_by_one_beside_it() -> None:
    service = RecordingService(held=a_job(template="other"))

    observed = await observe(service, PRINCIPAL, job=JobId("elium.gone"))

    assert (observed.job, [each.template for each in observed.beside]) == (None, ["other"])


@pytest.mark.parametrize("first", [RUNS, NEVER_RAN])
async def test_of_two_jobs_of_one_template_the_one_that_provisions_people_is_meant(first: Job) -> None:
    second = RUNS if first is NEVER_RAN else NEVER_RAN

    observed = await observe(RecordingService(held=first, beside=(second,)), PRINCIPAL)

    assert (observed.job, observed.beside) == (RUNS, (NEVER_RAN,))


async def test_a_service_principal_that_is_gone_is_told_as_itself() -> None:
    service = RecordingService(refusing={"jobs": NotFoundError("no such job", status=404, asked="GET /x")})

    with pytest.raises(NotFoundError, match=f"The service principal {PRINCIPAL} does not exist") as error:
        await observe(service, PRINCIPAL)

    assert (error.value.asked, "pulumi refresh" in error.value.hint) == ("GET /x", True)


async def test_the_default_template_is_taken() -> None:
    observed = await observe(RecordingService(template_ids=("first", "second")), PRINCIPAL)

    assert observed.template
    assert observed.template.id == "second"


async def test_the_template_that_is_declared_is_taken() -> None:
    service = RecordingService(template_ids=("first", "second"))

    observed = await observe(service, PRINCIPAL, template=TemplateId("first"))

    assert observed.template
    assert observed.template.id == "first"


async def test_a_template_that_the_app_does_not_have_is_answered_with_those_that_it_has() -> None:
    service = RecordingService(template_ids=("first", "second"))

    with pytest.raises(ConfigurationError, match="has no synchronization template 'elum'; it offers first, second"):
        await observe(service, PRINCIPAL, template=TemplateId("elum"))

    assert service.writes == []


async def test_an_app_without_a_template_cannot_be_provisioned() -> None:
    with pytest.raises(ConfigurationError, match="offers no synchronization template") as refusal:
        await observe(RecordingService(template_ids=()), PRINCIPAL)

    assert refusal.value.hint == "Add the app from the gallery; an app registered by hand has no connector."


async def test_a_refresh_reads_the_schema_only_where_something_is_declared_about_it() -> None:
    service = RecordingService(held=a_job())

    await read_back(service, ADDRESS, with_schema=True)
    await read_back(service, ADDRESS, with_schema=False)

    assert service.asked == ["jobs", "secrets", "schema", "jobs", "secrets"]


async def test_a_job_that_is_gone_is_asked_for_itself_before_that_is_believed() -> None:
    service = RecordingService(held=a_job())

    assert await read_back(service, ELSEWHERE, with_schema=True) == Observed()
    assert service.asked == ["jobs", "job"]


async def test_a_service_principal_that_is_gone_has_no_job() -> None:
    service = RecordingService(refusing={"jobs": NotFoundError("gone", status=404)})

    assert await look_at_job(service, ADDRESS) == (None, ())


async def test_a_job_that_the_list_lacks_is_there_when_it_answers_itself() -> None:
    service = RecordingService(held=a_job(), lists_lag=True)

    assert await look_at_job(service, ADDRESS) == (a_job(), ())
    assert (await read_back(service, ADDRESS, with_schema=False)).job == a_job()
    assert (await observe(service, PRINCIPAL, job=ADDRESS.job)).job == a_job()


async def test_a_job_that_is_listed_is_not_asked_for_itself() -> None:
    service = RecordingService(held=a_job())

    await look_at_job(service, ADDRESS)
    await read_back(service, ADDRESS, with_schema=False)
    await observe(service, PRINCIPAL, job=ADDRESS.job)

    assert "job" not in service.asked


async def test_it_is_told_what_is_waited_for_before_it_is_waited_for() -> None:
    service, heard = RecordingService(refusing={"jobs": NotFoundError("gone", status=404)}), []

    async def waits(sentence: str) -> None:
        heard.append((sentence, list(service.asked)))

    with pytest.raises(NotFoundError, match=f"The service principal {PRINCIPAL} does not exist"):
        await observe(service, PRINCIPAL, waits=waits)

    assert heard == [(f"Waiting up to two minutes for the service principal {PRINCIPAL} to appear.", ["jobs"])]
    assert service.asked == ["jobs", "jobs"]


async def test_what_is_not_new_is_not_waited_for() -> None:
    service = RecordingService(refusing={"jobs": NotFoundError("gone", status=404)})

    with pytest.raises(NotFoundError):
        await observe(service, PRINCIPAL)

    assert service.asked == ["jobs"]


async def test_a_look_that_fails_does_not_say_that_the_job_is_gone() -> None:
    service = RecordingService(held=a_job(), refusing={"jobs": UnavailableError("away", status=503)})

    with pytest.raises(UnavailableError):
        await look_at_job(service, ADDRESS)
