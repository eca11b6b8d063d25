"""A job that was made a moment ago may not be known everywhere yet; one that is old and missing is gone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import httpx2
import pytest
from answers import answers, ok, refusal
from builders import PRINCIPAL, a_schema

from provisioning.errors import NotFoundError
from provisioning.graph.client import GraphClient
from provisioning.model.identifiers import JobAddress, JobId, TemplateId

Call: TypeAlias = Callable[[GraphClient], Awaitable[None]]

ADDRESS = JobAddress(PRINCIPAL, JobId("elium.7a.5c"))
MADE = {"id": "elium.7a.5c", "templateId": "elium"}
SCHEMA = a_schema()


async def _start(graph: GraphClient) -> None:
    await graph.start(ADDRESS)


async def _read(graph: GraphClient) -> None:
    await graph.schema(ADDRESS)


async def _save(graph: GraphClient) -> None:
    await graph.save_schema(ADDRESS, SCHEMA)


CALLS = [(_start, httpx2.Response(204)), (_read, ok(SCHEMA.document)), (_save, httpx2.Response(204))]


@pytest.mark.parametrize(("call", "answer"), CALLS)
async def test_a_job_made_a_moment_ago_is_waited_for(call: Call, answer: httpx2.Response) -> None:
    script = answers(ok(MADE, 201), refusal(404), refusal(404), answer)
    graph = script.graph()
    await graph.create_job(PRINCIPAL, TemplateId("elium"))

    await call(graph)

    assert len(script.clock.slept) == 2


@pytest.mark.parametrize(("call", "answer"), CALLS)
async def test_a_job_that_was_there_before_is_gone_at_once(call: Call, answer: httpx2.Response) -> None:
    script = answers(refusal(404), answer)

    with pytest.raises(NotFoundError):
        await call(script.graph())

    assert script.clock.slept == []
