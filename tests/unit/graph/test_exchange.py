"""An answer counts when it is what Graph documents; what is not is told in a sentence, and asked for again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from answers import Script, answers, ok, refusal
from builders import PRINCIPAL, TOKEN, a_credentials, a_schema

from provisioning.errors import CredentialsRejectedError, GraphError, ThrottledError, UnavailableError
from provisioning.graph.client import ANSWERS_WITHIN
from provisioning.graph.refusals import seconds_to_wait
from provisioning.model.identifiers import JobAddress, JobId, TemplateId

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from provisioning.graph.client import GraphClient

    Verb = Callable[[GraphClient], Awaitable[Any]]

ADDRESS = JobAddress(PRINCIPAL, JobId("elium.7a.5c"))
JOB = {"id": "elium.7a.5c", "templateId": "elium"}

READS: dict[str, tuple[Verb, object]] = {
    "templates": (lambda graph: graph.templates(PRINCIPAL), {"value": [{"id": "elium"}]}),
    "jobs": (lambda graph: graph.jobs(PRINCIPAL), {"value": [JOB]}),
    "job": (lambda graph: graph.job(ADDRESS), JOB),
    "secrets": (lambda graph: graph.secrets(PRINCIPAL), {"value": [{"key": "SyncAll", "value": "true"}]}),
    "schema": (lambda graph: graph.schema(ADDRESS), a_schema().document),
    "assignments": (lambda graph: graph.assignments(PRINCIPAL), {"value": []}),
    "app roles": (lambda graph: graph.app_roles(PRINCIPAL), {"id": PRINCIPAL, "appRoles": []}),
    "apps": (lambda graph: graph.apps_of("t", "Elium"), {"value": [{"id": "1", "appId": "a"}]}),
    "application": (lambda graph: graph.application("a"), {"id": "1"}),
    "people": (
        lambda graph: graph.people([], attributes=(), everybody=True, at_most=9),
        {"value": [{"id": "ada", "accountEnabled": True}]},
    ),
}
WRITES: dict[str, Verb] = {
    "start": lambda graph: graph.start(ADDRESS),
    "pause": lambda graph: graph.pause(ADDRESS),
    "restart": lambda graph: graph.restart(ADDRESS, ["Watermark"]),
    "delete job": lambda graph: graph.delete_job(ADDRESS),
    "save secrets": lambda graph: graph.save_secrets(PRINCIPAL, {"SecretToken": TOKEN}),
    "save schema": lambda graph: graph.save_schema(ADDRESS, a_schema()),
    "reset schema": lambda graph: graph.reset_schema(ADDRESS),
    "validate": lambda graph: graph.validate_credentials(PRINCIPAL, TemplateId("elium"), a_credentials()),
}
NOT_GRAPHS: dict[str, httpx2.Response] = {
    "a page": httpx2.Response(200, text="<html>", headers={"Content-Type": "text/html; charset=utf-8"}),
    "nothing": httpx2.Response(200),
    "no content": httpx2.Response(204),
    "half of it": httpx2.Response(200, text='{"value": [{"id": "el'),
    "a list": httpx2.Response(200, json=[]),
    "a text": httpx2.Response(200, json="yes"),
    "null": httpx2.Response(200, json=None),
    "another object": httpx2.Response(200, json={"status": "ok"}),
    "a number as list": httpx2.Response(200, json={"value": 7, "synchronizationRules": 7, "id": 7}),
    "items that are not objects": httpx2.Response(200, json={"value": ["elium"]}),
    "items without an id": httpx2.Response(200, json={"value": [{"name": "elium"}]}),
    "no text at all": httpx2.Response(200, content=b"\xff\xfe\x00", headers={"Content-Type": "application/json"}),
    "very deep": httpx2.Response(200, text="[" * 100_000),
}


@pytest.mark.parametrize("answer", NOT_GRAPHS.values(), ids=NOT_GRAPHS)
@pytest.mark.parametrize("verb", READS)
async def test_a_good_answer_that_is_not_graphs_is_asked_for_again(verb: str, answer: httpx2.Response) -> None:
    ask, good = READS[verb]
    script = answers(answer, ok(good))

    await ask(script.graph())

    assert len(script.requests) == 2


@pytest.mark.parametrize("verb", READS)
async def test_an_answer_that_is_never_graphs_is_told_in_a_sentence(verb: str) -> None:
    with pytest.raises(
        UnavailableError, match=r"Graph's answer to GET \S+ cannot be read: 200 with text/html"
    ) as error:
        await READS[verb][0](answers(NOT_GRAPHS["a page"]).graph())

    assert "proxy" in error.value.hint


@pytest.mark.parametrize("status", [200, 202, 206, 299])
@pytest.mark.parametrize("verb", WRITES)
async def test_a_write_is_done_when_graph_says_so_and_not_before(verb: str, status: int) -> None:
    script = answers(httpx2.Response(status, text="<html>"), ok())

    await WRITES[verb](script.graph())

    assert len(script.requests) == 2


@pytest.mark.parametrize("verb", WRITES)
async def test_a_write_that_is_never_confirmed_is_told_with_what_was_expected(verb: str) -> None:
    with pytest.raises(UnavailableError, match=r"cannot be read: 200 with no content came, and (201 or )?204 was exp"):
        await WRITES[verb](answers(httpx2.Response(200)).graph())


@pytest.mark.parametrize("verb", [*READS, *WRITES])
async def test_a_redirection_is_not_followed_and_told(verb: str) -> None:
    ask = WRITES.get(verb) or READS[verb][0]
    elsewhere = httpx2.Response(302, headers={"Location": "https://login.example/"})

    with pytest.raises(GraphError, match="Graph answered 302 to"):
        await ask(answers(elsewhere).graph())


async def test_a_schema_without_rules_is_not_taken_for_one() -> None:
    with pytest.raises(UnavailableError, match="cannot be read"):
        await answers(ok({"id": "elium", "directories": []})).graph().schema(ADDRESS)


@pytest.mark.parametrize("listing", ["templates", "jobs", "secrets"])
async def test_an_empty_page_that_leads_on_is_not_the_end_of_a_list(listing: str) -> None:
    ask, good = READS[listing]
    script = answers(ok({"value": [], "@odata.nextLink": "https://graph.example/v1.0/more"}), ok(good))

    assert await ask(script.graph())


async def test_pages_that_lead_in_a_circle_end() -> None:
    here = "https://graph.example/v1.0/here"

    with pytest.raises(GraphError, match=r"The pages of .*/jobs lead in a circle"):
        await answers(ok({"value": [], "@odata.nextLink": here})).graph().jobs(PRINCIPAL)


NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("17", 17),
        (" 17 ", 17),
        ("0", 0),
        ("1.5", 1.5),
        ("1.", 1),
        ("9" * 400, 604800),
        (format_datetime(NOW + timedelta(seconds=42), usegmt=True), 42),
        ("Thursday, 15-Jan-26 09:00:42 GMT", 42),
        ("Thu Jan 15 09:00:42 2026", 42),
        (format_datetime(NOW - timedelta(days=3), usegmt=True), 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 604800),
        ("-5", None),
        ("inf", None),
        ("nan", None),
        ("1e3", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("Thu, 99 Jan 2026 09:00:42 GMT", None),
        ("\u0661\u0667", None),
    ],
)
def test_a_wait_is_read_as_seconds_or_as_a_date(written: str | None, seconds: float | None) -> None:
    assert seconds_to_wait(written, now=NOW) == seconds


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("header", ["Retry-After", "retry-after"])
async def test_a_wait_until_a_date_is_obeyed(status: int, header: str) -> None:
    until = format_datetime(NOW + timedelta(seconds=42), usegmt=True)
    script = answers(refusal(status, "TooManyRequests", **{header: until}), ok({"value": []}))

    await script.graph().secrets(PRINCIPAL)

    assert script.clock.slept == [42]


async def test_a_date_that_has_passed_does_not_let_us_hammer() -> None:
    passed = format_datetime(NOW - timedelta(hours=1), usegmt=True)
    script = answers(refusal(429, "TooManyRequests", **{"Retry-After": passed}))

    with pytest.raises(ThrottledError):
        await script.graph().secrets(PRINCIPAL)

    assert len(script.requests) < 40


@pytest.mark.parametrize("written", ["9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT", "181"])
async def test_a_wait_beyond_our_patience_is_told_and_not_begun(written: str) -> None:
    script = answers(refusal(429, "TooManyRequests", **{"Retry-After": written}))

    with pytest.raises(ThrottledError) as error:
        await script.graph().secrets(PRINCIPAL)

    assert (script.clock.slept, len(script.requests)) == ([], 1)
    assert error.value.hint.startswith("Graph asks to wait ")


def rejecting(message: str, code: str = "SystemForCrossDomainIdentityManagementCredentialValidationFailure") -> Script:
    return answers(refusal(400, code, message))


async def said(script: Script) -> str:
    with pytest.raises(CredentialsRejectedError) as error:
        await WRITES["validate"](script.graph())
    return str(error.value)


async def test_a_token_that_the_target_repeats_is_not_told() -> None:
    told = await said(rejecting(f"Response Status Code: Unauthorized Response Content: Bearer {TOKEN} is unknown"))

    assert TOKEN not in told
    assert "Bearer *** is unknown" in told


@pytest.mark.parametrize("status", [400, 500])
async def test_a_token_that_graph_repeats_is_not_told_when_secrets_are_saved(status: int) -> None:
    script = answers(refusal(status, "BadRequest", f"Invalid value '{TOKEN}'."))

    with pytest.raises(GraphError) as error:
        await WRITES["save secrets"](script.graph())

    assert TOKEN not in str(error.value)
    assert "Invalid value '***'." in str(error.value)


async def test_who_looks_again_anyway_hears_within_seconds_that_graph_does_not_answer() -> None:
    patient, hurried = answers(refusal(503, "Down")), answers(refusal(503, "Down"))

    with pytest.raises(UnavailableError):
        await patient.graph().secrets(PRINCIPAL)
    with pytest.raises(UnavailableError):
        await hurried.graph().in_a_hurry(timedelta(seconds=5)).secrets(PRINCIPAL)

    assert sum(hurried.clock.slept) <= 5
    assert sum(patient.clock.slept) > 60
    assert {request.extensions["timeout"]["read"] for request in hurried.requests} == {ANSWERS_WITHIN}
