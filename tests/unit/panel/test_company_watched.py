"""How often the emulator is asked; one that is gone is told of, and asked again."""

from __future__ import annotations

import asyncio
import socket
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from answers import FixedSignIn, JumpingClock

from provisioning.errors import GraphError, NotFoundError
from provisioning.model.identifiers import JobAddress, JobId, ServicePrincipalId
from provisioning.operations.rehearsal.emulator import Control
from provisioning.operations.watching import StackJob
from provisioning.panel.company.clock import CompanyClock
from provisioning.panel.company.directory import Directory
from provisioning.panel.company.emulated import Emulated
from provisioning.panel.company.views import View, Wish
from provisioning.panel.company.watched import SECONDS_AFTER_TROUBLE, WatchedCompany


def a_free_address() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def watched_over(http: httpx2.AsyncClient, ours: JumpingClock) -> WatchedCompany:
    directory = Directory(http, FixedSignIn())
    job = StackJob("dev", JobAddress(ServicePrincipalId("app"), JobId("job")))
    return WatchedCompany(Emulated(Control(http), "contoso"), directory, job, CompanyClock(ours), ours)


ANSWERS: dict[str, dict[str, Any]] = {
    "/changes": {"number": 7, "journal": 1, "people": []},
    "/state": {"time": "2026-01-15T09:00:00+00:00", "nextCycle": None, "jobs": []},
    "/faults": {"value": []},
    "/elium/contoso/faults": {"value": []},
    "/elium/contoso/tokens": {"value": []},
}


async def test_watching_takes_half_of_the_time_at_most() -> None:
    ours = JumpingClock()
    looked = list[str]()

    def answer(request: httpx2.Request) -> httpx2.Response:
        ours.moment += timedelta(seconds=0.25)
        looked.append(request.url.path)
        found = ANSWERS.get(request.url.path)
        return httpx2.Response(200, json=found) if found else httpx2.Response(404, json={})

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer), base_url="http://localhost") as http:
        watched = watched_over(http, ours)
        await watched.prepare(Wish())
        looked.clear()
        await watched.next_look()
        await watched.rest()

    assert looked[0] == "/changes"
    assert looked[1:]
    assert ours.slept == [0.25 * len(looked[1:])]


async def test_what_somebody_follows_is_read_at_each_look_and_nothing_else_is() -> None:
    number = 0
    searched = list[str]()

    def answer(request: httpx2.Request) -> httpx2.Response:
        nonlocal number
        if request.url.path.endswith("/accounts"):
            searched.append(request.url.params["search"])
            return httpx2.Response(200, json={"value": [], "count": 0, "active": 0})
        if request.url.path.endswith("/requests"):
            return httpx2.Response(200, json={"value": [], "tally": {}})
        if request.url.path == "/changes":
            number += "since" in request.url.params
            return httpx2.Response(200, json={"number": number, "journal": number, "people": []})
        found = ANSWERS.get(request.url.path)
        return httpx2.Response(200, json=found) if found else httpx2.Response(404, json={})

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer), base_url="http://localhost") as http:
        watched = watched_over(http, JumpingClock())
        with watched.followed(Wish(q="ada")):
            await watched.prepare(Wish(q="ada"))
            await watched.prepare(Wish(q="alan"))
            searched.clear()
            # Nobody has drawn anything between these two.
            await watched.next_look()
            await watched.next_look()
        await watched.next_look()

    assert searched == ["ada", "ada"]


async def test_an_emulator_that_is_gone_is_told_of_and_asked_again_later() -> None:
    origin, ours = a_free_address(), JumpingClock()
    async with httpx2.AsyncClient(base_url=origin) as http:
        watched = watched_over(http, ours)
        await watched.prepare(Wish())
        await watched.next_look()
        await watched.rest()

    assert ours.slept == [SECONDS_AFTER_TROUBLE]
    assert watched.trouble is not None
    assert watched.trouble.message.startswith("The emulator does not answer: ")
    assert watched.view_of(Wish()) == View(Wish())


async def test_a_look_that_failed_half_way_is_done_again_though_nothing_changed() -> None:
    refused = ["/faults", "/elium/contoso/accounts", "/elium/contoso/accounts"]

    def answer(request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        if refused and path == refused[0]:
            refused.pop(0)
            return httpx2.Response(503)
        if path.endswith("/accounts"):
            return httpx2.Response(200, json={"value": [], "count": 0, "active": 0})
        if path.endswith("/requests"):
            return httpx2.Response(200, json={"value": [], "tally": {}})
        found = ANSWERS.get(path)
        return httpx2.Response(200, json=found) if found else httpx2.Response(404, json={})

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer), base_url="http://localhost") as http:
        watched = watched_over(http, JumpingClock())
        for _ in range(3):
            await watched.prepare(Wish())
            assert watched.trouble is not None
        assert refused == []
        await watched.prepare(Wish())

    assert watched.state is not None
    assert isinstance(watched.trouble, NotFoundError), "the job is not there; all else was read"


async def test_of_several_who_are_asked_for_all_are_waited_for_though_one_is_refused() -> None:
    refused, may_answer = asyncio.Event(), asyncio.Event()

    async def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/ada"):
            refused.set()
            return httpx2.Response(429)
        await may_answer.wait()
        return httpx2.Response(404, json={})

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer), base_url="http://localhost") as http:
        asking = asyncio.create_task(Directory(http, FixedSignIn()).among(["ada", "alan"]))
        await refused.wait()
        for _ in range(100):
            await asyncio.sleep(0)
        is_waiting = not asking.done()
        may_answer.set()
        with pytest.raises(GraphError):
            await asking

    assert is_waiting
