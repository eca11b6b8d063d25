"""What the adapter needs of those who make components, and how values of the engine are read that its SDK cannot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import pulumi
from google.protobuf import struct_pb2
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime import rpc

from provisioning.provider.described import Described

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key under which a struct says what it stands for (pulumi: provider.proto, special signatures)."""

OUTPUT_VALUE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
"""The signature of an output value."""


@dataclass(frozen=True, slots=True)
class Constructed:
    """A component that was made."""

    urn: str
    outputs: Mapping[str, PropertyValue]
    """By name, each with the URNs of the resources that it is of."""


class Components(Protocol):
    """Whoever makes components for programs in other languages; :mod:`provisioning.components.remote` does."""

    def described(self) -> Iterable[Described]:
        """Describe them for the package schema."""

    async def construct(
        self, token: str, name: str, inputs: Mapping[str, PropertyValue], options: pulumi.ResourceOptions
    ) -> Constructed:
        """Make one of the type *token*."""


def complete(struct: struct_pb2.Struct) -> None:
    """Write out what output values leave out, since Pulumi's SDK cannot read them without.

    In 3.259 a value without dependencies or secrecy ends in an UnboundLocalError, and one that is not known yet in a
    ValueError (pulumi: provider/experimental/property_value.py, ``unmarshal``).
    """
    for value in struct.fields.values():
        _complete(value)


def _complete(value: struct_pb2.Value) -> None:
    match value.WhichOneof("kind"):
        case "list_value":
            for each in value.list_value.values:
                _complete(each)
        case "struct_value":
            fields = value.struct_value.fields
            if SIGNATURE in fields and fields[SIGNATURE].string_value == OUTPUT_VALUE:
                fields["dependencies"].list_value.SetInParent()
                fields["secret"].bool_value = fields["secret"].bool_value
                if "value" not in fields:
                    fields["value"].string_value = rpc.UNKNOWN
            complete(value.struct_value)
        case _:
            pass
