from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from answers import answers, ok, refusal
from builders import PRINCIPAL, TOKEN, a_schema

from provisioning.errors import (
    CredentialsRejectedError,
    GraphError,
    MissingPermissionError,
    NotFoundError,
    RefusedError,
    ThrottledError,
    UnavailableError,
)
from provisioning.model.credentials import Credentials, SecretToken
from provisioning.model.identifiers import JobAddress, JobId, TemplateId
from provisioning.model.job import Quarantine

BASE = f"/v1.0/servicePrincipals/{PRINCIPAL}/synchronization"
ADDRESS = JobAddress(PRINCIPAL, JobId("elium.7a.5c"))
JOB = {"id": "elium.7a.5c", "templateId": "elium", "schedule": {"state": "Active"}, "status": {"code": "NotRun"}}
ELIUM = TemplateId("elium")
CREDENTIALS = Credentials("https://acme.elium.com/scim/v2", SecretToken(TOKEN))


async def test_a_job_is_read() -> None:
    job = await answers(ok(JOB)).graph().job(ADDRESS)

    assert job is not None
    assert (job.id, job.template, job.is_on, job.status, job.quarantine) == (
        "elium.7a.5c",
        "elium",
        True,
        "NotRun",
        None,
    )


async def test_a_quarantine_is_read_and_never_is_not_a_moment() -> None:
    trouble = {"reason": "TooManyDeletes", "seriesBegan": "0001-01-01T00:00:00Z", "currentBegan": None, "error": None}
    job = await answers(ok(JOB | {"status": {"code": "Quarantine", "quarantine": trouble}})).graph().job(ADDRESS)

    assert job is not None
    assert job.quarantine == Quarantine("TooManyDeletes", None, "")


async def test_the_moment_of_a_quarantine_is_in_utc() -> None:
    trouble = {"reason": "Unknown", "seriesBegan": "2026-01-02T09:20:00Z", "error": {"message": "told"}}
    job = await answers(ok(JOB | {"status": {"quarantine": trouble}})).graph().job(ADDRESS)

    assert job is not None
    assert job.quarantine == Quarantine("Unknown", datetime(2026, 1, 2, 9, 20, tzinfo=UTC), "told")


async def test_a_job_that_is_gone_is_none() -> None:
    assert await answers(refusal(404)).graph().job(ADDRESS) is None


async def test_what_is_gone_already_is_deleted_and_paused() -> None:
    script = answers(refusal(404))

    await script.graph().pause(ADDRESS)
    await script.graph().delete_job(ADDRESS)

    assert script.sent == [f"POST {BASE}/jobs/elium.7a.5c/pause", f"DELETE {BASE}/jobs/elium.7a.5c"]


async def test_a_service_principal_made_a_moment_ago_is_waited_for() -> None:
    script = answers(refusal(404), refusal(404), ok({"value": [{"id": "elium", "default": True}]}))

    (template,) = await script.graph().templates(PRINCIPAL)

    assert (template.is_default, len(script.clock.slept)) == (True, 2)


async def test_a_service_principal_that_never_appears_is_told_within_two_minutes() -> None:
    script = answers(refusal(404, "Request_ResourceNotFound"))

    with pytest.raises(NotFoundError, match="Request_ResourceNotFound"):
        await script.graph().jobs(PRINCIPAL)

    assert sum(script.clock.slept) <= 120


async def test_retry_after_is_obeyed() -> None:
    script = answers(refusal(429, "TooManyRequests", **{"Retry-After": "17"}), ok({"value": []}))

    await script.graph().secrets(PRINCIPAL)

    assert script.clock.slept == [17]


async def test_a_wait_beyond_the_time_allowed_is_not_begun() -> None:
    script = answers(refusal(429, "TooManyRequests", **{"Retry-After": "900"}))

    with pytest.raises(ThrottledError):
        await script.graph().secrets(PRINCIPAL)

    assert (script.clock.slept, len(script.requests)) == ([], 1)


async def test_an_expired_token_is_renewed_once() -> None:
    script = answers(refusal(401, "InvalidAuthenticationToken"), ok({"value": []}))

    await script.graph().secrets(PRINCIPAL)

    assert [request.headers["Authorization"] for request in script.requests] == ["Bearer token-1", "Bearer token-2"]


TOKEN_REFUSED = refusal(401, "InvalidAuthenticationToken")


@pytest.mark.parametrize(
    ("ask", "refused"),
    [
        (lambda graph: graph.peek("users"), TOKEN_REFUSED),
        (lambda graph: graph.peek("users"), refusal(401, "UnknownError")),
        (lambda graph: graph.peek("users"), httpx2.Response(401, text="<html>")),
        (lambda graph: graph.assignments(PRINCIPAL), TOKEN_REFUSED),
        (lambda graph: graph.secrets(PRINCIPAL), TOKEN_REFUSED),
        (lambda graph: graph.jobs(PRINCIPAL), TOKEN_REFUSED),
        (lambda graph: graph.validate_credentials(PRINCIPAL, ELIUM, CREDENTIALS), TOKEN_REFUSED),
    ],
)
async def test_a_token_that_graph_does_not_accept_is_not_a_missing_permission(ask: Any, refused: Any) -> None:
    script = answers(refused)

    with pytest.raises(RefusedError, match=r"^Graph did not accept the token of this identity for \w+ /") as error:
        await ask(script.graph())

    assert "(401" in error.value.message
    assert error.value.hint.startswith("Sign in again")
    assert error.value.asked.endswith(script.requests[-1].url.path)
    assert "token-" not in error.value.message


@pytest.mark.parametrize("status", [401, 403])
async def test_a_missing_permission_is_named_and_not_retried(status: int) -> None:
    script = answers(refusal(status, "UnknownError"))

    with pytest.raises(MissingPermissionError) as error:
        await script.graph().secrets(PRINCIPAL)

    assert "Synchronization.ReadWrite.All" in error.value.hint
    assert len(script.requests) == 1


async def test_a_lost_answer_to_a_creation_does_not_make_a_second_job() -> None:
    script = answers(refusal(504), ok({"value": [JOB]}))

    job = await script.graph().create_job(PRINCIPAL, ELIUM)

    assert (job.id, script.sent) == ("elium.7a.5c", [f"POST {BASE}/jobs", f"GET {BASE}/jobs"])


async def test_a_creation_that_did_not_happen_is_tried_again() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.method == "GET":
            return ok({"value": []})
        return ok(JOB, 201) if script.clock.slept else refusal(503)

    script = answers()
    script.answer_with = answer
    await script.graph().create_job(PRINCIPAL, ELIUM)

    assert (script.sent[0], script.sent[-1], script.sent.count(f"POST {BASE}/jobs")) == (*[f"POST {BASE}/jobs"] * 2, 2)


async def test_a_job_is_not_asked_for_again_while_a_list_may_lag_behind() -> None:
    script = answers(refusal(504), *[ok({"value": []})] * 3, ok({"value": [JOB]}))

    await script.graph().create_job(PRINCIPAL, ELIUM)

    assert script.sent == [f"POST {BASE}/jobs", *[f"GET {BASE}/jobs"] * 4]


async def test_the_schema_is_put_because_the_service_refuses_patch() -> None:
    script = answers(ok())

    await script.graph().save_schema(ADDRESS, a_schema())

    assert (script.sent, script.body()) == ([f"PUT {BASE}/jobs/elium.7a.5c/schema"], a_schema().document)


async def test_a_restart_names_what_is_forgotten() -> None:
    script = answers(ok())

    await script.graph().restart(ADDRESS, ["Watermark", "Escrows"])

    assert script.body() == {"criteria": {"resetScope": "Watermark, Escrows"}}


async def test_credentials_are_tried_before_there_is_a_job() -> None:
    script = answers(ok())

    await script.graph().validate_credentials(PRINCIPAL, ELIUM, CREDENTIALS)

    assert script.sent == [f"POST {BASE}/jobs/validateCredentials"]
    assert script.body()["credentials"] == [
        {"key": "BaseAddress", "value": "https://acme.elium.com/scim/v2"},
        {"key": "SecretToken", "value": TOKEN},
    ]


@pytest.mark.parametrize(
    ("told", "culprit"),
    [
        ("Response Status Code: Unauthorized Response Content: bad token", "the secret token"),
        ("Response Status Code: NotFound", "the address https://acme.elium.com/scim/v2"),
    ],
)
async def test_rejected_credentials_say_which_of_the_two_and_what_elium_answered(told: str, culprit: str) -> None:
    script = answers(refusal(400, "SystemForCrossDomainIdentityManagementCredentialValidationFailure", told))

    with pytest.raises(CredentialsRejectedError) as error:
        await script.graph().validate_credentials(PRINCIPAL, ELIUM, CREDENTIALS)

    assert culprit in str(error.value)
    assert told in str(error.value)
    assert TOKEN not in str(error.value)


@pytest.mark.parametrize("code", ["UnknownError", "BadRequest", ""])
async def test_a_refusal_of_graphs_own_is_not_blamed_on_the_address(code: str) -> None:
    script = answers(refusal(400, code, "No."), ok({"value": [{"id": "elium"}]}))

    with pytest.raises(GraphError, match=r"Graph answered 400.* to POST .*/validateCredentials: No\."):
        await script.graph().validate_credentials(PRINCIPAL, ELIUM, CREDENTIALS)


async def test_an_address_is_told_without_what_it_may_hide() -> None:
    told = (
        "Received response from Web resource. Resource: https://me:hunter2hunter2@acme.example/scim?key=0123456789abc"
    )
    credentials = Credentials("https://me:hunter2hunter2@acme.example/scim?key=0123456789abc", CREDENTIALS.token)

    with pytest.raises(CredentialsRejectedError) as error:
        await answers(refusal(400, "", told)).graph().validate_credentials(PRINCIPAL, ELIUM, credentials)

    assert "the address https://acme.example/scim;" in str(error.value)
    assert [secret for secret in ("hunter2", "0123456789abc") if secret in str(error.value)] == []


@pytest.mark.parametrize(
    ("ask", "permission"),
    [
        (lambda graph: graph.assignments(PRINCIPAL), "Application.Read.All"),
        (lambda graph: graph.people([], attributes=(), everybody=True, at_most=1), "User.Read.All"),
        (lambda graph: graph.jobs(PRINCIPAL), "Synchronization.ReadWrite.All"),
    ],
)
async def test_the_permission_that_is_missing_is_the_one_for_what_was_asked(ask: Any, permission: str) -> None:
    with pytest.raises(MissingPermissionError) as error:
        await ask(answers(refusal(403, "Authorization_RequestDenied")).graph())

    assert permission in error.value.hint


async def test_our_own_trouble_is_not_blamed_on_elium() -> None:
    with pytest.raises(MissingPermissionError):
        await answers(refusal(401, "UnknownError")).graph().validate_credentials(PRINCIPAL, ELIUM, CREDENTIALS)


async def test_silence_is_told_without_a_traceback_of_the_network() -> None:
    with pytest.raises(UnavailableError, match=r"Graph gave no answer to GET .*: it took too long\."):
        await answers(httpx2.ConnectTimeout("slow")).graph().secrets(PRINCIPAL)


async def test_an_answer_that_is_not_graphs_is_told_as_such() -> None:
    with pytest.raises(GraphError, match="an answer that is not Graph's"):
        await answers(httpx2.Response(418, text="<html>")).graph().secrets(PRINCIPAL)


async def test_a_schema_is_reset_by_deleting_it() -> None:
    script = answers(ok())

    await script.graph().reset_schema(ADDRESS)

    assert script.sent == [f"DELETE {BASE}/jobs/{ADDRESS.job}/schema"]


@pytest.mark.parametrize(
    ("told", "secrets"),
    [
        ('[{"name":"baseaddress"},{"name":"secrettoken","secret":true}]', {"secrettoken"}),
        ('[{"name":"UserName"},{"name":"Password","secret":true}]', {"password"}),
        ("no JSON", None),
        ('{"name":"secrettoken"}', None),
        (None, None),
    ],
)
async def test_a_template_tells_which_secrets_its_app_asks_for(told: str | None, secrets: set[str] | None) -> None:
    metadata = [{"key": "galleryApplicationKey", "value": "x"}, {"key": "configurationFields", "value": told}]
    script = answers(ok({"value": [{"id": "x", "metadata": metadata}]}))

    (template,) = await script.graph().templates(PRINCIPAL)

    assert template.secrets == secrets


async def test_a_template_brings_its_schema_where_the_list_shows_it() -> None:
    shown = {"id": "elium", "default": True, "schema": a_schema().document}
    script = answers(ok({"value": [shown, {"id": "other"}, {"id": "third", "schema": {"id": "third"}}]}))

    templates = await script.graph().templates(PRINCIPAL)

    assert [template.schema and template.schema.version for template in templates] == ["v1.2", None, None]
