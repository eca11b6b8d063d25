from __future__ import annotations

import asyncio
import os
import signal
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from asking import elium_job, graph_of

import emulator as package
from emulator import Emulator, StandingClock
from emulator.engine.service import ProvisioningService
from emulator.running import when_told_to_end

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator import Seed


async def test_another_scim_server_can_be_the_target(
    emulator: Emulator, seed: Seed, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Emulator(seed=seed).serve() as other:
        monkeypatch.setenv("SSL_CERT_FILE", other.ca_file)
        async with graph_of(emulator) as graph:
            at = (await elium_job(emulator, graph)).rpartition("/jobs/")[0]
            pairs = {
                "BaseAddress": f"{other.environment['ELIUM_TENANT_URL']}/scim/v2",
                "SecretToken": other.environment["ELIUM_SECRET_TOKEN"],
            }
            value = [{"key": key, "value": text} for key, text in pairs.items()]
            await graph.put(f"{at}/secrets", json={"value": value})
        await emulator.run_due()

        assert len(other.emulator.elium.tenant("contoso").users) == 10
        assert emulator.elium.tenant("contoso").users == []


async def test_weeks_pass_in_an_instant(emulator: Emulator) -> None:
    async with graph_of(emulator) as graph:
        await elium_job(emulator, graph)

    assert await emulator.advance(timedelta(days=1)) == 37


async def test_a_service_that_never_gets_on_is_noticed(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ProvisioningService, "next_due", lambda _: StandingClock().now())
    with pytest.raises(RuntimeError, match="still due"):
        await emulator.advance(timedelta(minutes=40))


def test_what_the_package_offers_is_imported_when_it_is_asked_for() -> None:
    assert {name: getattr(package, name).__name__ for name in package.__all__} == {
        name: name for name in package.__all__
    }
    with pytest.raises(AttributeError, match="has no attribute 'Anything'"):
        _ = package.Anything


class LoopOfWindows(asyncio.SelectorEventLoop):
    """A loop that hears of no signals."""

    def add_signal_handler(self, *_: object) -> None:
        raise NotImplementedError


@pytest.fixture
def handlers() -> Iterator[None]:
    """Put the process's own handlers back."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("kind", [asyncio.SelectorEventLoop, LoopOfWindows])
def test_it_stops_when_it_is_asked_to_end_on_every_system(kind: type[asyncio.SelectorEventLoop]) -> None:
    async def until_told() -> None:
        stop = asyncio.Event()
        when_told_to_end(asyncio.get_running_loop(), stop.set)
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(20):
            await stop.wait()

    with asyncio.Runner(loop_factory=kind) as runner:
        runner.run(until_told())
