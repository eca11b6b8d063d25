"""The plugin in front of a service that writes down what it is asked, over gRPC, as the engine speaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import grpc
from builders import PRINCIPAL, TOKEN
from google.protobuf import struct_pb2
from pulumi.runtime.proto import provider_pb2, status_pb2

from provisioning.provider.version import JOB, PLAN

LEAST = {"servicePrincipalId": PRINCIPAL, "baseAddress": "https://acme.elium.com/scim/v2", "secretToken": TOKEN}
JOB_URN = f"urn:pulumi:dev::elium::elium:index:EliumProvisioning${JOB}::elium-job"
PLAN_URN = f"urn:pulumi:dev::elium::elium:index:EliumProvisioning${PLAN}::elium-plan"
ID = f"{PRINCIPAL}/elium.7a1d5f0c.5c0e7d11"
STAFF = {"principalId": "staff", "kind": "group", "name": "Staff"}
GONE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Pulumi's mark for what is not known yet."""


def struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    built = struct_pb2.Struct()
    built.update(values)
    return built


async def checked(engine: Any, urn: str = JOB_URN, **written: Any) -> struct_pb2.Struct:
    answer = await engine.Check(provider_pb2.CheckRequest(urn=urn, news=struct(LEAST | written), randomSeed=b"salt"))
    assert not answer.failures
    inputs: struct_pb2.Struct = answer.inputs
    return inputs


def updating(olds: Any, before: Any, after: Any) -> Any:
    return provider_pb2.UpdateRequest(id=ID, urn=JOB_URN, olds=olds, old_inputs=before, news=after)


def half_made(error: grpc.aio.AioRpcError) -> Any:
    trailing = dict(error.trailing_metadata())
    status = status_pb2.Status.FromString(trailing["grpc-status-details-bin"])
    detail = provider_pb2.ErrorResourceInitFailed()
    status.details[0].Unpack(detail)
    return detail
