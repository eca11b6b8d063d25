"""An emulator that is gone is told of, and asked again."""

from __future__ import annotations

import socket

import httpx2
from answers import JumpingClock

from provisioning.model.identifiers import JobAddress, JobId, ServicePrincipalId
from provisioning.operations.rehearsal.emulator import Control, TwinSignIn
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


async def test_an_emulator_that_is_gone_is_told_of_and_asked_again_later() -> None:
    origin, waited = a_free_address(), list[float]()

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async with httpx2.AsyncClient(base_url=origin) as http:
        directory = Directory(http, TwinSignIn(http, {}, origin))
        job = StackJob("dev", JobAddress(ServicePrincipalId("app"), JobId("job")))
        watched = WatchedCompany(
            Emulated(Control(http), "contoso"), directory, job, CompanyClock(JumpingClock()), sleep
        )
        await watched.prepare(Wish())
        await watched.next_look()
        await watched.rest()

    assert waited == [SECONDS_AFTER_TROUBLE]
    assert watched.trouble is not None
    assert watched.trouble.message.startswith("The emulator does not answer: ")
    assert watched.view_of(Wish()) == View(Wish())
