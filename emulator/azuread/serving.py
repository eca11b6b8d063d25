"""Speaking gRPC with the engine, and turning what goes wrong into what a person reads. The boundary of the plugin."""

from __future__ import annotations

import asyncio
import inspect
import sys
from datetime import timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import grpc
import grpc.aio
from google.protobuf import empty_pb2
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.provider.experimental.server import ProviderServicer
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from emulator.azuread.faults import NotFinishedError, PluginError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pulumi.provider.experimental.provider import Provider

    Message = Any
    """A message of the protocol, of whichever call."""
    Context = grpc.aio.ServicerContext[Message, Message]
    Handler = grpc.RpcMethodHandler[Message, Message]

LARGEST_MESSAGE = 400 * 1024 * 1024
"""The engine's own limit, in bytes."""

OPTIONS = [("grpc.max_receive_message_length", LARGEST_MESSAGE), ("grpc.max_send_message_length", LARGEST_MESSAGE)]


def _to_standard_output(port: int) -> None:
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


async def serve(
    engine_address: str,
    provider: Provider,
    *,
    within: timedelta = timedelta(seconds=5),
    announce: Callable[[int], None] = _to_standard_output,
) -> None:
    """Answer the engine until it ends this process, or is gone itself for longer than *within*.

    An engine that is killed ends nobody else. The port goes where the engine reads it.

    :raises PluginError: when there is no engine.
    """
    async with grpc.aio.insecure_channel(engine_address) as channel:
        if not await _is_there(channel, within):
            raise PluginError(f"No engine of Pulumi answers at {engine_address}.")
        server, port = await start(engine_address, provider)
        announce(port)
        while await _is_there(channel, within):
            await channel.wait_for_state_change(grpc.ChannelConnectivity.READY)
        await server.stop(grace=None)


async def serve_whoever_attaches(provider: Provider, *, announce: Callable[[int], None] = _to_standard_output) -> None:
    """Answer one engine after the other, each of which says itself that it is there, until this process is ended.

    So the official plugin does when nobody says who started it (pulumi: sdk/go/common/resource/provider, Main).
    """
    server, port = await start("", provider)
    announce(port)
    await server.wait_for_termination()


async def start(engine_address: str, provider: Provider) -> tuple[grpc.aio.Server, int]:
    """Start answering on a free port of loopback, and tell which."""
    server = grpc.aio.server(options=OPTIONS, interceptors=[Sentences()])
    servicer = Servicer([], version("pulumi-azuread"), provider, engine_address)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    return server, port


async def _is_there(channel: grpc.aio.Channel, within: timedelta) -> bool:
    try:
        await asyncio.wait_for(channel.channel_ready(), within.total_seconds())
    except TimeoutError:
        return False
    return True


class Servicer(ProviderServicer):
    """The library's servicer, with an answer for what is gone that every operation of the engine understands."""

    async def Attach(self, request: Message, context: Context) -> Message:  # noqa: N802 - the library's name
        """Let an engine that did not start this process use it; nothing is said to it besides answers."""
        del request, context
        return empty_pb2.Empty()

    async def Read(self, request: Message, context: Context) -> Message:  # noqa: N802 - the library's name
        """Answer with nothing at all where there is nothing: an import takes even empty properties for a resource."""
        answer = await super().Read(request, context)  # type: ignore[no-untyped-call]  # the library has no types here
        return answer if answer.id else provider_pb2.ReadResponse()


class Sentences(grpc.aio.ServerInterceptor):
    """Makes of every fault the sentence that it carries; without it the engine would show a Python exception."""

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler | None]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler | None:
        """Put the translation around what answers the call."""
        handler = await continuation(handler_call_details)
        if handler is None or not inspect.iscoroutinefunction(handler.unary_unary):
            return handler
        behaviour = handler.unary_unary

        async def answer(request: Message, context: Context) -> Message:
            return await _answered(behaviour(request, context), context)

        return grpc.unary_unary_rpc_method_handler(answer, handler.request_deserializer, handler.response_serializer)


async def _answered(answer: Awaitable[Message], context: Context) -> Message:
    try:
        return await _as_raised(answer)
    except PluginError as error:
        await context.abort(grpc.StatusCode.UNKNOWN, str(error))
    except NotFinishedError as error:
        await context.abort(grpc.StatusCode.UNKNOWN, error.reason, _kept(error))


async def _as_raised(answer: Awaitable[Message]) -> Message:
    """Raise what was raised: from 3.260 on, the library raises an error with a traceback in its place."""
    try:
        return await answer
    except Exception as error:
        if type(error) is Exception and error.__context__ is not None:
            raise error.__context__ from None
        raise


def _kept(error: NotFinishedError) -> tuple[tuple[str, bytes]]:
    """Tell the engine to keep the resource with its id (pulumirpc: ErrorResourceInitFailed)."""
    detail = provider_pb2.ErrorResourceInitFailed(
        id=error.identifier,
        properties=PropertyValue.marshal_map(error.state),
        inputs=PropertyValue.marshal_map(error.inputs),
        reasons=[error.reason],
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=error.reason)
    status.details.add().Pack(detail)
    return (("grpc-status-details-bin", status.SerializeToString()),)
