from __future__ import annotations

import asyncio
import signal
import sys

import grpc
import pytest

from emulator.azuread.__main__ import main


def test_started_by_hand_it_says_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["pulumi-resource-azuread", "--logtostderr"])

    with pytest.raises(SystemExit, match="This is a plugin of Pulumi: the engine starts it"):
        main()


async def test_it_ends_at_once_and_without_a_word_when_the_engine_says_so() -> None:
    engine = grpc.aio.server()
    port = engine.add_insecure_port("127.0.0.1:0")
    await engine.start()
    command = (sys.executable, "-m", "emulator.azuread", f"127.0.0.1:{port}")
    plugin = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert plugin.stdout is not None
    assert (await plugin.stdout.readline()).strip().isdigit()

    plugin.send_signal(signal.SIGINT)
    _, said = await plugin.communicate()
    await engine.stop(grace=None)

    assert (plugin.returncode, said) == (-signal.SIGINT, b"")
