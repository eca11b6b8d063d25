"""The engine that started this process: what it prints, and whether it is still there."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from provisioning.provider.messages import Message


class Engine:
    """The engine that started this process, by its address: what it prints, and whether it is still there."""

    def __init__(self, address: str) -> None:
        self._channel = grpc.aio.insecure_channel(address)

    async def say(self, urn: str, message: Message) -> None:
        """Print a message under a resource (pulumi: engine.proto)."""
        severity = engine_pb2.LogSeverity.WARNING if message.is_warning else engine_pb2.LogSeverity.INFO
        request = engine_pb2.LogRequest(severity=severity, message=message.text, urn=urn)
        await engine_pb2_grpc.EngineStub(self._channel).Log(request)  # type: ignore[misc]  # typed for sync channels

    async def until_it_is_gone(self, *, longer_than: timedelta) -> None:
        """Wait until the engine has not been there for *longer_than*: one that is killed ends nobody else."""
        while await self._is_there(longer_than):
            await self._channel.wait_for_state_change(grpc.ChannelConnectivity.READY)

    async def close(self) -> None:
        """Hang up."""
        await self._channel.close()

    async def _is_there(self, within: timedelta) -> bool:
        try:
            await asyncio.wait_for(self._channel.channel_ready(), within.total_seconds())
        except TimeoutError:
            return False
        return True
