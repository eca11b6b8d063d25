"""The thin adapter to ``pulumi.provider.experimental``: whatever that interface becomes, only this file knows it."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

import grpc
from pulumi.provider.experimental import provider as pulumi_provider
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.provider.experimental.server import ProviderServicer
from pulumi.runtime.proto import provider_pb2, status_pb2

from provisioning.errors import ConfigurationError, ProvisioningError
from provisioning.model.identifiers import JobAddress
from provisioning.provider.package import package_schema
from provisioning.provider.properties import Difference, plain, pulumi_values
from provisioning.provider.synchronization_job import SynchronizationJobCallbacks, UnfinishedError
from provisioning.provider.telling import Engine, Tell, tell_nobody

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from provisioning.provider.properties import Plain
    from provisioning.provider.synchronization_job import JobDiff

    Rpc = Callable[[Any, Any, grpc.aio.ServicerContext[Any, Any]], Awaitable[Any]]

DECLARED_BEFORE = "__declaredBefore"
"""Where the adapter puts the old inputs for a callback, since the interface hands over the old outputs only."""

KINDS = {
    Difference.ADDED: pulumi_provider.PropertyDiffKind.ADD,
    Difference.REMOVED: pulumi_provider.PropertyDiffKind.DELETE,
    Difference.ALTERED: pulumi_provider.PropertyDiffKind.UPDATE,
}


class Plugin(pulumi_provider.Provider):
    """The provider ``entrasync``, with its one resource."""

    def __init__(self, callbacks: SynchronizationJobCallbacks, engine: Engine | None = None) -> None:
        self._job = callbacks
        self._engine = engine

    async def get_schema(self, request: pulumi_provider.GetSchemaRequest) -> pulumi_provider.GetSchemaResponse:
        """Describe the package."""
        del request
        return pulumi_provider.GetSchemaResponse(json.dumps(package_schema()))

    async def check(self, request: pulumi_provider.CheckRequest) -> pulumi_provider.CheckResponse:
        """Check inputs; every mistake is a failure with the property it is about."""
        try:
            inputs = self._job.check(plain(request.old_inputs), plain(request.new_inputs), salt=request.random_seed)
        except ConfigurationError as error:
            failures = [pulumi_provider.CheckFailure(*_split(reason)) for reason in error.reasons]
            return pulumi_provider.CheckResponse(inputs=request.new_inputs, failures=failures)
        return pulumi_provider.CheckResponse(inputs=pulumi_values(inputs))

    async def diff(self, request: pulumi_provider.DiffRequest) -> pulumi_provider.DiffResponse:
        """Point at each property that differs."""
        state, before = _opened(plain(request.old_state))
        found = self._job.diff(state, before, plain(request.new_inputs))
        return pulumi_provider.DiffResponse(
            changes=bool(found.places or found.is_unfinished),
            replaces=list(found.replaces),
            delete_before_replace=bool(found.replaces),
            diffs=sorted({place.partition(".")[0].partition("[")[0] for place in found.places}),
            detailed_diff=_detailed(found),
        )

    async def create(self, request: pulumi_provider.CreateRequest) -> pulumi_provider.CreateResponse:
        """Create the job and configure it."""
        tell = self._telling(request.urn)
        identifier, properties = await self._job.create(plain(request.properties), preview=request.preview, tell=tell)
        return pulumi_provider.CreateResponse(resource_id=identifier, properties=pulumi_values(properties))

    async def update(self, request: pulumi_provider.UpdateRequest) -> pulumi_provider.UpdateResponse:
        """Bring about what changed."""
        state, before = _opened(plain(request.olds))
        address = JobAddress.parse(request.resource_id)
        news, tell = plain(request.news), self._telling(request.urn)
        properties = await self._job.update(address, state, before, news, preview=request.preview, tell=tell)
        return pulumi_provider.UpdateResponse(pulumi_values(properties))

    async def read(self, request: pulumi_provider.ReadRequest) -> pulumi_provider.ReadResponse:
        """Read the job; an empty answer says that it is gone."""
        address = JobAddress.parse(request.resource_id)
        found = await self._job.read(address, plain(request.properties), plain(request.inputs))
        if found is None:
            return pulumi_provider.ReadResponse("", {}, {})
        return pulumi_provider.ReadResponse(found.id, pulumi_values(found.properties), pulumi_values(found.inputs))

    async def delete(self, request: pulumi_provider.DeleteRequest) -> None:
        """Delete the job."""
        await self._job.delete(JobAddress.parse(request.resource_id))

    def _telling(self, urn: str) -> Tell:
        """Give what prints under a resource."""
        return functools.partial(self._engine.tell, urn) if self._engine else tell_nobody


class Servicer(ProviderServicer):
    """Pulumi's servicer, with what it lacks: old inputs, half-made resources, and errors that are sentences."""

    async def Diff(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - the interface's types and name
        """Hand the old inputs over inside the old state."""
        _enclose(request)
        return await super().Diff(request, context)

    async def Update(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - the interface's types and name
        """Hand the old inputs over inside the old state."""
        _enclose(request)
        return await super().Update(request, context)  # type: ignore[no-untyped-call]  # untyped in pulumi

    async def Read(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - the interface's types and name
        """Answer nothing at all for what is gone: an import takes even empty properties for a resource."""
        answer = await super().Read(request, context)  # type: ignore[no-untyped-call]  # untyped in pulumi
        return answer if answer.id else provider_pb2.ReadResponse()


def _in_sentences(rpc: Rpc) -> Rpc:
    """Let an error of ours end a call as its sentence and hint; and keep the id of what was half made."""

    @functools.wraps(rpc)
    async def answer(self: Any, request: Any, context: grpc.aio.ServicerContext[Any, Any]) -> Any:  # noqa: ANN401
        try:
            return await rpc(self, request, context)
        except UnfinishedError as error:
            await context.abort(grpc.StatusCode.UNKNOWN, error.message, trailing_metadata=_half_made(error))
        except ProvisioningError as error:
            await context.abort(grpc.StatusCode.UNKNOWN, _sentences(error))

    return answer


for _name in ("Check", "Diff", "Create", "Read", "Update", "Delete"):
    setattr(Servicer, _name, _in_sentences(getattr(Servicer, _name)))


def _sentences(error: ProvisioningError) -> str:
    return "\n".join(filter(None, (error.message, error.hint, error.learn_more)))


def _half_made(error: UnfinishedError) -> tuple[tuple[str, bytes], ...]:
    """Build the detail by which the engine keeps a resource whose creation did not finish (pulumi: provider.proto)."""
    marshalled = PropertyValue.marshal_map(pulumi_values(error.properties))
    detail = provider_pb2.ErrorResourceInitFailed(
        id=str(error.address), properties=marshalled, inputs=marshalled, reasons=[_sentences(error)]
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=error.message)
    status.details.add().Pack(detail)
    return (("grpc-status-details-bin", status.SerializeToString()),)


def _enclose(request: Any) -> None:  # noqa: ANN401 - a protobuf message
    request.olds.fields[DECLARED_BEFORE].struct_value.CopyFrom(request.old_inputs)


def _opened(state: Plain) -> tuple[Plain, Plain]:
    before = state.pop(DECLARED_BEFORE, {})
    return state, before


def _detailed(found: JobDiff) -> dict[str, pulumi_provider.PropertyDiff]:
    def kind(place: str, difference: Difference) -> pulumi_provider.PropertyDiffKind:
        plain_kind = KINDS[difference]
        is_replacing = place in found.replaces
        return pulumi_provider.PropertyDiffKind[f"{plain_kind.name}_REPLACE"] if is_replacing else plain_kind

    return {
        place: pulumi_provider.PropertyDiff(kind(place, difference), input_diff=True)
        for place, difference in found.places.items()
    }


def _split(reason: str) -> tuple[str, str]:
    """Part a sentence of the form ``place: problem`` for Pulumi, which prints both."""
    place, separator, problem = reason.partition(": ")
    return (place, problem) if separator else ("", reason)
