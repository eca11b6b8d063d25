"""The thin adapter to ``pulumi.provider.experimental``: whatever that interface becomes, only this file knows it."""

from __future__ import annotations

import functools
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeAlias, cast

import grpc
import pulumi
from google.protobuf import empty_pb2
from pulumi.provider.experimental import provider as pulumi_provider
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.provider.experimental.server import ProviderServicer
from pulumi.runtime.proto import provider_pb2, status_pb2

from provisioning.errors import ConfigurationError, ProvisioningError
from provisioning.provider.constructing import Components, complete, with_what_is_left_out
from provisioning.provider.engine import Engine
from provisioning.provider.messages import say_nothing
from provisioning.provider.properties import Difference, Plain
from provisioning.provider.raised import as_raised
from provisioning.provider.turn import Differences, ReadBack, Turn
from provisioning.provider.unfinished import UnfinishedError
from provisioning.provider.version import PACKAGE, READY
from provisioning.provider.wire import plain, pulumi_values, sealed

Rpc: TypeAlias = "Callable[[Any, Any, grpc.aio.ServicerContext[Any, Any]], Awaitable[Any]]"

DECLARED_BEFORE = "__declaredBefore"
"""Where the adapter puts the old inputs for a callback, since the interface hands over the old outputs only."""

SECRETS = frozenset({"secretToken"})
"""Inputs whose value is shown to nobody."""

PULUMIS_OWN = frozenset({"version", "pluginDownloadURL", "__internal"})
"""What the engine adds to a provider's configuration."""

ANOTHER_DIRECTORY = frozenset({"tenantId", "environment"})
"""What of an identity says where its resources are: with another of these they would have to be made anew."""

KINDS = {
    Difference.ADDED: pulumi_provider.PropertyDiffKind.ADD,
    Difference.REMOVED: pulumi_provider.PropertyDiffKind.DELETE,
    Difference.ALTERED: pulumi_provider.PropertyDiffKind.UPDATE,
}


class Callbacks(Protocol):
    """What a resource answers, over plain values."""

    def check(self, before: Plain, written: Plain, *, salt: bytes) -> Plain:
        """Check inputs and give them in canonical form."""

    async def diff(self, turn: Turn) -> Differences:
        """Tell where the inputs differ."""

    async def create(self, turn: Turn) -> tuple[str, Plain]:
        """Make the resource; give its id and properties."""

    async def update(self, turn: Turn) -> Plain:
        """Change it; give its properties."""

    async def read(self, turn: Turn) -> ReadBack | None:
        """See what the service holds; ``None`` when it is gone."""

    async def delete(self, turn: Turn) -> None:
        """Take it away."""


class Plugin(pulumi_provider.Provider):
    """The provider ``entrasync``.

    *make* gives the callbacks by resource type, once they are needed, and *components* whoever makes components; a
    plugin that serves one program, which makes its own, has none.
    """

    def __init__(
        self,
        make: Callable[[Plain], Mapping[str, Callbacks]],
        engine: Engine | None = None,
        components: Callable[[], Components] | None = None,
    ) -> None:
        self._make = make
        self._engine = engine
        self._components = components
        self._configuration: Plain = {}
        self._callbacks: Mapping[str, Callbacks] = {}

    def attach(self, engine: Engine) -> None:
        """Take the engine to which messages go, where it says itself who it is."""
        self._engine = engine

    async def hang_up(self) -> None:
        """Close the way to the engine."""
        if self._engine:
            await self._engine.close()

    async def get_schema(self, request: pulumi_provider.GetSchemaRequest) -> pulumi_provider.GetSchemaResponse:
        """Describe the package."""
        del request
        from provisioning.provider.package import package_schema  # noqa: PLC0415 - its models cost a quarter second

        components = self._components().described() if self._components else ()
        return pulumi_provider.GetSchemaResponse(json.dumps(package_schema(components)))

    async def construct(self, request: pulumi_provider.ConstructRequest) -> pulumi_provider.ConstructResponse:
        """Make a component for a program in another language."""
        if self._components is None:
            raise ConfigurationError(f"{request.resource_type} cannot be made here.", hint="Make it in the program.")
        made = await self._components().construct(request.resource_type, request.name, request.inputs, request.options)
        return pulumi_provider.ConstructResponse(made.urn, dict(made.outputs), {})

    async def configure(self, request: pulumi_provider.ConfigureRequest) -> pulumi_provider.ConfigureResponse:
        """Take the identity of this provider instance."""
        self._configuration = {name: value for name, value in plain(request.args).items() if value is not None}
        return pulumi_provider.ConfigureResponse(supports_preview=True, accept_secrets=True)

    async def invoke(self, request: pulumi_provider.InvokeRequest) -> pulumi_provider.InvokeResponse:
        """Answer whoever wants the plugin to be there."""
        if request.tok != READY:
            raise ConfigurationError(f"{PACKAGE} has no function {request.tok}.", hint="It has resources only.")
        return pulumi_provider.InvokeResponse({}, [])

    async def check(self, request: pulumi_provider.CheckRequest) -> pulumi_provider.CheckResponse:
        """Check inputs; every mistake is a failure with the property it is about."""
        before, written = plain(request.old_inputs), plain(request.new_inputs)
        try:
            inputs = self._of(request.urn).check(before, written, salt=request.random_seed)
        except ConfigurationError as error:
            failures = [_failure(reason, request.new_inputs) for reason in error.reasons]
            return pulumi_provider.CheckResponse(inputs=request.new_inputs, failures=failures)
        return pulumi_provider.CheckResponse(inputs=sealed(inputs, request.new_inputs))

    async def diff(self, request: pulumi_provider.DiffRequest) -> pulumi_provider.DiffResponse:
        """Point at each property that differs."""
        state, before = _opened(plain(request.old_state))
        turn = self._turn(request, state=state, before=before, after=plain(request.new_inputs))
        found = await self._of(request.urn).diff(turn)
        return pulumi_provider.DiffResponse(
            changes=bool(found.places or found.is_unfinished),
            replaces=list(found.replaces),
            delete_before_replace=bool(found.replaces),
            diffs=sorted({place.partition(".")[0].partition("[")[0] for place in found.places}),
            detailed_diff=_detailed(found),
        )

    async def create(self, request: pulumi_provider.CreateRequest) -> pulumi_provider.CreateResponse:
        """Make the resource."""
        turn = self._turn(request, after=plain(request.properties), is_preview=request.preview)
        identifier, properties = await self._of(request.urn).create(turn)
        return pulumi_provider.CreateResponse(resource_id=identifier, properties=sealed(properties, request.properties))

    async def update(self, request: pulumi_provider.UpdateRequest) -> pulumi_provider.UpdateResponse:
        """Bring about what changed."""
        state, before = _opened(plain(request.olds))
        after = plain(request.news)
        turn = self._turn(request, state=state, before=before, after=after, is_preview=request.preview)
        return pulumi_provider.UpdateResponse(sealed(await self._of(request.urn).update(turn), request.news))

    async def read(self, request: pulumi_provider.ReadRequest) -> pulumi_provider.ReadResponse:
        """Read the resource; an empty answer says that it is gone."""
        turn = self._turn(request, state=plain(request.properties), before=plain(request.inputs))
        found = await self._of(request.urn).read(turn)
        if found is None:
            return pulumi_provider.ReadResponse("", {}, {})
        given = (request.inputs, request.properties)
        return pulumi_provider.ReadResponse(found.id, sealed(found.properties, *given), sealed(found.inputs, *given))

    async def delete(self, request: pulumi_provider.DeleteRequest) -> None:
        """Take the resource away."""
        state, before = _opened(plain(request.properties))
        await self._of(request.urn).delete(self._turn(request, state=state, before=before))

    def _of(self, urn: str) -> Callbacks:
        """Find the callbacks of a resource by the type in its URN (pulumi: urn)."""
        if not self._callbacks:
            self._callbacks = self._make(self._configuration)
        kind = urn.split("::")[2].rpartition("$")[2]
        return self._callbacks[kind]

    def _turn(self, request: Any, **sides: Any) -> Turn:  # noqa: ANN401 - any request, and what it brings
        say = functools.partial(self._engine.say, request.urn) if self._engine else say_nothing
        return Turn(id=getattr(request, "resource_id", "") or "", urn=request.urn, say=say, **sides)


class Servicer(ProviderServicer):
    """Pulumi's servicer, with what it lacks: old inputs, half-made resources, and errors that are sentences."""

    async def Diff(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - the interface's types and name
        """Hand the old inputs over inside the old state."""
        _enclose(request.old_inputs, request.olds)
        return await super().Diff(request, context)

    async def Update(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - the interface's types and name
        """Hand the old inputs over inside the old state."""
        _enclose(request.old_inputs, request.olds)
        return await super().Update(request, context)  # type: ignore[no-untyped-call]  # untyped in pulumi

    async def Delete(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - the interface's types and name
        """Hand the last inputs over inside the state: what was accepted is read there."""
        _enclose(request.old_inputs, request.properties)
        return await super().Delete(request, context)  # type: ignore[no-untyped-call]  # untyped in pulumi

    async def Construct(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - the interface's types and name
        """Read the inputs that the SDK cannot; and let its inner method answer, since the outer adds a traceback."""
        complete(request.inputs)
        return await self._construct(request, context)

    @staticmethod
    def _construct_options(request: Any) -> Any:  # noqa: ANN401 - the interface's types
        """Read the options that the SDK does not."""
        return with_what_is_left_out(super(Servicer, Servicer)._construct_options(request), request)

    async def DiffConfig(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - the interface's types and name
        """Say that an identity changed: the SDK writes ``True`` where the engine reads "nothing differs" in it.

        An engine that is told nothing goes on with the old secret (pulumi 3.259: provider/experimental/server.py).
        """
        del context
        before, after = (plain(PropertyValue.unmarshal_map(side)) for side in (request.olds, request.news))
        names = sorted((before.keys() | after.keys()) - PULUMIS_OWN)
        changed = [name for name in names if before.get(name) != after.get(name)]
        some = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(
            changes=some, diffs=changed, replaces=[name for name in changed if name in ANOTHER_DIRECTORY]
        )

    async def Attach(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - the interface's types and name
        """Take the address of an engine that did not start this process (pulumi: PULUMI_DEBUG_PROVIDERS)."""
        del context
        cast("Plugin", self._provider).attach(Engine(request.address))
        return empty_pb2.Empty()

    async def Read(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - the interface's types and name
        """Answer nothing at all for what is gone: an import takes even empty properties for a resource."""
        answer = await super().Read(request, context)  # type: ignore[no-untyped-call]  # untyped in pulumi
        return answer if answer.id else provider_pb2.ReadResponse()


def _in_sentences(rpc: Rpc) -> Rpc:
    """Let an error of ours end a call as its sentence and hint; and keep the id of what was half made."""

    @functools.wraps(rpc)
    async def answer(self: Any, request: Any, context: grpc.aio.ServicerContext[Any, Any]) -> Any:  # noqa: ANN401
        try:
            return await as_raised(rpc(self, request, context))
        except UnfinishedError as error:
            await context.abort(grpc.StatusCode.UNKNOWN, error.message, trailing_metadata=_half_made(error))
        except ProvisioningError as error:
            await context.abort(grpc.StatusCode.UNKNOWN, _sentences(error))
        except pulumi.RunError as error:
            await context.abort(grpc.StatusCode.UNKNOWN, str(error))

    return answer


for _name in ("Construct", "Invoke", "Check", "Diff", "Create", "Read", "Update", "Delete"):
    setattr(Servicer, _name, _in_sentences(getattr(Servicer, _name)))


def _sentences(error: ProvisioningError) -> str:
    return "\n".join(filter(None, (error.message, error.hint, error.learn_more)))


def _half_made(error: UnfinishedError) -> tuple[tuple[str, bytes], ...]:
    """Build the detail by which the engine keeps a resource whose creation did not finish (pulumi: provider.proto)."""
    marshalled = PropertyValue.marshal_map(pulumi_values(error.properties))
    detail = provider_pb2.ErrorResourceInitFailed(
        id=error.id, properties=marshalled, inputs=marshalled, reasons=[_sentences(error)]
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=error.message)
    status.details.add().Pack(detail)
    return (("grpc-status-details-bin", status.SerializeToString()),)


def _enclose(inputs: Any, state: Any) -> None:  # noqa: ANN401 - protobuf messages
    state.fields[DECLARED_BEFORE].struct_value.CopyFrom(inputs)


def _opened(state: Plain) -> tuple[Plain, Plain]:
    before = state.pop(DECLARED_BEFORE, {})
    return state, before


def _detailed(found: Differences) -> dict[str, pulumi_provider.PropertyDiff]:
    def kind(place: str, difference: Difference) -> pulumi_provider.PropertyDiffKind:
        plain_kind = KINDS[difference]
        is_replacing = place in found.replaces
        return pulumi_provider.PropertyDiffKind[f"{plain_kind.name}_REPLACE"] if is_replacing else plain_kind

    return {
        place: pulumi_provider.PropertyDiff(kind(place, difference), input_diff=True)
        for place, difference in found.places.items()
    }


def _failure(reason: str, written: Mapping[str, PropertyValue]) -> pulumi_provider.CheckFailure:
    """Part a sentence of the form ``place: problem`` for Pulumi, which prints both, and between them the value.

    So of a secret the place stays in the sentence: the engine would print the token (pulumi 3.259:
    ``GetResourcePropertyInvalidValueError``).
    """
    place, separator, problem = reason.partition(": ")
    is_shown = place not in SECRETS and not (place in written and written[place].is_secret)
    return pulumi_provider.CheckFailure(*((place, problem) if separator and is_shown else ("", reason)))
