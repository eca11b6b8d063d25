"""One job results, whatever becomes of the answer and whoever asked before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from answers import JumpingClock, Script, answers, ok, refusal
from builders import PRINCIPAL, a_credentials

from provisioning.errors import ConfigurationError, GraphError, UnavailableError
from provisioning.model.identifiers import TemplateId

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from provisioning.graph.client import GraphClient

JOBS = f"/v1.0/servicePrincipals/{PRINCIPAL}/synchronization/jobs"
TEMPLATES = f"/v1.0/servicePrincipals/{PRINCIPAL}/synchronization/templates"
ELIUM = TemplateId("elium")


def a_job(number: int = 1, template: str = "elium") -> dict[str, Any]:
    return {"id": f"{template}.7a.{number}", "templateId": template}


class Service:
    """A service whose list of jobs lags behind, and whose answers to creations may be lost or spoilt."""

    def __init__(self, *, lists_lag_by: float = 45, made: float | None = None, **spoilt: httpx2.Response) -> None:
        self.lag = timedelta(seconds=lists_lag_by)
        self.clock = JumpingClock()
        self.made = [] if made is None else [self.clock.now() - timedelta(seconds=made)]
        self.spoilt = dict(enumerate(spoilt.values()))
        self.script = Script([], clock=self.clock, answer_with=self.answer)

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "GET":
            shown = [a_job(number) for number, at in enumerate(self.made) if at + self.lag <= self.clock.now()]
            return ok({"value": shown})
        self.made.append(self.clock.now())
        return self.spoilt.pop(len(self.made) - 1, None) or ok(a_job(len(self.made) - 1), 201)


async def create(script: Script, *, made_before: bool = False) -> str:
    return (await script.graph().create_job(PRINCIPAL, ELIUM, made_before=made_before)).id


async def test_an_ordinary_creation_is_one_request() -> None:
    script = answers(ok(a_job(), 201))

    assert (await create(script), script.sent) == ("elium.7a.1", [f"POST {JOBS}"])


SPOILT = {
    "a gateway's page": httpx2.Response(200, text="<html>", headers={"Content-Type": "text/html"}),
    "a page in place of what was created": httpx2.Response(201, text="<html>"),
    "nothing": httpx2.Response(201),
    "half of it": httpx2.Response(201, text='{"id": "elium.'),
    "a job without an id": httpx2.Response(201, json={"templateId": "elium"}),
    "a list": httpx2.Response(201, json=[]),
    "a text": httpx2.Response(201, json="made"),
    "a number as id": httpx2.Response(201, json={"id": 7}),
    "a status that is not documented": httpx2.Response(202),
    "a status that says it is being looked at": httpx2.Response(204),
    "a time-out": httpx2.Response(504),
    "a conflict": refusal(409, "Conflict"),
    "a conflict that is told as a bad request": refusal(400, "Request_MultipleObjectsWithSameKeyValue"),
}


@pytest.mark.parametrize("answer", SPOILT.values(), ids=SPOILT)
async def test_a_job_whose_answer_is_lost_is_found_in_the_list(answer: httpx2.Response) -> None:
    service = Service(first=answer)

    assert (await create(service.script), len(service.made)) == ("elium.7a.0", 1)


async def test_a_job_of_an_earlier_run_is_waited_for_while_the_list_may_lag() -> None:
    service = Service(made=2, lists_lag_by=58)

    assert (await create(service.script, made_before=True), len(service.made)) == ("elium.7a.0", 1)


async def test_a_job_of_an_earlier_run_that_the_list_shows_is_adopted_at_once() -> None:
    service = Service(made=100)

    assert await create(service.script, made_before=True) == "elium.7a.0"
    assert (service.clock.slept, service.script.sent) == ([], [f"GET {JOBS}"])


async def test_a_job_that_no_earlier_run_made_is_made_after_a_minute() -> None:
    service = Service()

    assert (await create(service.script, made_before=True), len(service.made)) == ("elium.7a.0", 1)
    assert 60 <= sum(service.clock.slept) <= 90


async def test_the_job_of_another_template_is_not_adopted() -> None:
    script = answers(refusal(504), ok({"value": [a_job(1, "other")]}), ok({"value": [a_job(1, "other"), a_job(2)]}))

    assert await create(script) == "elium.7a.2"


async def test_a_job_on_a_later_page_of_the_list_is_found() -> None:
    more = f"https://graph.example{JOBS}?$skiptoken=2"
    script = answers(refusal(504), ok({"value": [], "@odata.nextLink": more}), ok({"value": [a_job()]}))

    assert (await create(script), script.sent.count(f"POST {JOBS}")) == ("elium.7a.1", 1)


async def test_when_nothing_helps_it_says_what_to_do_and_that_no_second_job_comes_of_it() -> None:
    # Which trouble is the last is chance; after a 504 it is asked whether the template is offered, and it is.
    script = answers()
    lists = {JOBS: ok({"value": []}), TEMPLATES: ok({"value": [{"id": ELIUM}]})}
    script.answer_with = lambda request: lists[request.url.path] if request.method == "GET" else refusal(504)

    with pytest.raises(UnavailableError) as error:
        await create(script)

    assert sum(script.clock.slept) <= 180
    assert "Graph answered 504" in str(error.value) or "adopted" in error.value.hint


def offering(*templates: str) -> Script:
    script = answers()
    listed = ok({"value": [{"id": name} for name in templates]})
    script.answer_with = lambda request: listed if request.method == "GET" else refusal(400, "UnknownError", "Unknown.")
    return script


async def create_one(graph: GraphClient) -> None:
    await graph.create_job(PRINCIPAL, ELIUM)


async def validate(graph: GraphClient) -> None:
    await graph.validate_credentials(PRINCIPAL, ELIUM, a_credentials())


@pytest.mark.parametrize("ask", [create_one, validate])
async def test_a_template_that_the_app_does_not_offer_is_told_with_those_that_it_does(
    ask: Callable[[GraphClient], Awaitable[None]],
) -> None:
    with pytest.raises(ConfigurationError) as error:
        await ask(offering("scim", "elium2").graph())

    assert str(error.value) == "'elium' is not a synchronization template of this app; it offers 'elium2', 'scim'."


async def test_an_app_without_any_template_is_told_as_such() -> None:
    with pytest.raises(ConfigurationError, match="it offers none") as error:
        await create(offering())

    assert "gallery" in error.value.hint


async def test_a_refusal_that_is_not_about_the_template_is_told_in_graphs_words() -> None:
    with pytest.raises(GraphError, match=r"Graph answered 400 UnknownError to POST .*/jobs: Unknown\."):
        await create(offering("elium"))


async def test_what_cannot_be_explained_is_told_as_it_is() -> None:
    with pytest.raises(GraphError, match="Graph answered 400"):
        await create(answers(refusal(400), refusal(403)))
