"""What the adapter needs of those who make components, and how values of the engine are read that its SDK cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import pulumi
from google.protobuf import struct_pb2
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.resource import DependencyResource
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


def with_what_is_left_out(options: pulumi.ResourceOptions, request: Any) -> pulumi.ResourceOptions:  # noqa: ANN401 - protobuf
    """Add to the *options* of a component what its *request* says of them, and Pulumi's SDK leaves out.

    From 3.247 to 3.272 the SDK reads parent, providers and dependencies only: an alias ends in an AttributeError, and
    what another program says of deleting is lost (pulumi: provider/experimental/server.py, ``_construct_options``).
    The options of a component are those of its children, as the engine hands them down, so nothing else is done here.
    """
    options.aliases = [_alias(each) for each in request.aliases]
    for option, said in OPTIONS.items():
        setattr(options, option, said(request))
    return options


def _said(field: str) -> Callable[[Any], Any]:
    return lambda request: getattr(request, field) if request.HasField(field) else None


def _names(field: str) -> Callable[[Any], list[str] | None]:
    return lambda request: list(getattr(request, field)) or None


def _timeouts(request: Any) -> pulumi.CustomTimeouts | None:  # noqa: ANN401 - protobuf
    if not request.HasField("customTimeouts"):
        return None
    said = request.customTimeouts
    return pulumi.CustomTimeouts(said.create or None, said.update or None, said.delete or None)


OPTIONS: Mapping[str, Callable[[Any], Any]] = {
    "retain_on_delete": _said("retainOnDelete"),
    "delete_before_replace": _said("deleteBeforeReplace"),
    "additional_secret_outputs": _names("additionalSecretOutputs"),
    "ignore_changes": _names("ignoreChanges"),
    "replace_on_changes": _names("replaceOnChanges"),
    "custom_timeouts": _timeouts,
    "deleted_with": lambda request: DependencyResource(request.deletedWith) if request.deletedWith else None,
    "replace_with": lambda request: [DependencyResource(urn) for urn in request.replace_with] or None,
}
"""By option, how it is read of a request; what was not said is ``None``, and is the parent's."""


def _alias(alias: Any) -> str | pulumi.Alias:  # noqa: ANN401 - protobuf
    """Read a name that a component had before; what is not said of it is as it is now."""
    if alias.urn:
        return str(alias.urn)
    spec = alias.spec
    said = {"name": spec.name, "type_": spec.type, "parent": spec.parentUrn}
    said |= {"stack": spec.stack, "project": spec.project}
    named: dict[str, Any] = {key: value for key, value in said.items() if value}
    return pulumi.Alias(**named, **({"parent": None} if spec.noParent else {}))


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
