from __future__ import annotations

import asyncio
import signal
import sys
from importlib.metadata import version

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2_grpc


async def test_started_by_nobody_it_waits_for_whoever_attaches() -> None:
    plugin = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "emulator.azuread", "--logtostderr"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert plugin.stdout is not None
    port = int(await plugin.stdout.readline())

    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        for engine in ("127.0.0.1:1", "127.0.0.1:2"):
            await stub.Attach(plugin_pb2.PluginAttach(address=engine))  # type: ignore[misc]  # typed for sync channels
        told = await stub.GetPluginInfo(empty_pb2.Empty())
    plugin.send_signal(signal.SIGINT)
    _, said = await plugin.communicate()

    assert told.version == version("pulumi-azuread")
    assert b"PULUMI_DEBUG_PROVIDERS=azuread:PORT" in said


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
