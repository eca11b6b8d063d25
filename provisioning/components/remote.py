"""The components for programs in other languages: the engine asks the plugin to make them (pulumi: Construct)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import pulumi
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.resource import DependencyResource

from provisioning.apps import ELIUM
from provisioning.components.assignees import Made
from provisioning.components.gallery_app import GalleryAppProvisioning
from provisioning.components.late_settings import WHOM
from provisioning.provider.constructing import Constructed
from provisioning.provider.described import Described
from provisioning.provider.properties import UNKNOWN
from provisioning.provider.version import PACKAGE
from provisioning.provider.wire import plain, pulumi_values
from provisioning.settings.stack import Settings

_Value = TypeVar("_Value")

OUTPUTS: Mapping[str, Mapping[str, Any]] = {
    "applicationId": {"type": "string", "description": "Object id of the application."},
    "servicePrincipalId": {"type": "string", "description": "Object id of its service principal."},
    "jobId": {"type": "string", "description": "Id of its synchronization job."},
    "jobStatus": {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "description": "`code`, and in quarantine `quarantineReason`, as last seen.",
    },
    "portalUrl": {"type": "string", "description": "The provisioning page of this app in the portal."},
}
"""What both components tell, as the package schema writes properties."""

PLAIN = ("galleryApp",)
"""What is looked up while the program runs, and can be no output."""


class RemoteElium(GalleryAppProvisioning):
    """``EliumProvisioning`` of the package's own type: a Python program that is rewritten keeps its resources.

    The plugin's environment says nothing of it, but where tokens lie.
    """

    TYPE = f"{PACKAGE}:index:EliumProvisioning"
    SETTINGS = Settings

    def __init__(self, name: str, settings: Mapping[str, Any], opts: pulumi.ResourceOptions) -> None:
        aliases = pulumi.ResourceOptions(aliases=[pulumi.Alias(type_=ELIUM.type)])
        super().__init__(name, settings, pulumi.ResourceOptions.merge(opts, aliases))


COMPONENTS: Mapping[str, type[GalleryAppProvisioning]] = {
    each.TYPE: each for each in (GalleryAppProvisioning, RemoteElium)
}
"""By type."""


def described() -> Iterable[Described]:
    """Describe both for the package schema."""
    for token, component in COMPONENTS.items():
        yield Described(token, component.SETTINGS, OUTPUTS, tuple(OUTPUTS), is_component=True, plain=PLAIN)


async def construct(
    token: str, name: str, inputs: Mapping[str, PropertyValue], options: pulumi.ResourceOptions
) -> Constructed:
    """Make a component of the type *token*.

    :raises ConfigurationError: when something that the settings name does not exist, every name at once.
    """
    component = COMPONENTS[token](name, settings_of(inputs), options)
    urn = str(await component.urn.future())
    return Constructed(urn, {key: await _told(value) for key, value in component.outputs.items()})


async def _told(output: pulumi.Output[Any]) -> PropertyValue:
    """Give an output with the resources that it is of."""
    value = await output.future()
    made_by = {str(await each.urn.future()) for each in await output.resources()}
    return pulumi_values({"it": UNKNOWN if value is None else value})["it"].with_dependencies(made_by)


def settings_of(inputs: Mapping[str, PropertyValue]) -> dict[str, Any]:
    """Give what another program wrote as a Python program would have: what is late or secret as outputs."""
    return {
        name: _whom(name, value) if name in WHOM else _input(value)
        for name, value in inputs.items()
        if value.value is not None
    }


def _whom(setting: str, wrapped: PropertyValue) -> Any:  # noqa: ANN401 - names, and what stands for resources
    """Take names as they are. An id that another resource gives stands for the group or user that it makes.

    Until that is known, which is in previews only, its place in the list stands for its key.
    """
    if not isinstance(wrapped.value, list | tuple):
        return _input(wrapped)
    return [_one(f"{setting}.{number}", each) for number, each in enumerate(wrapped.value)]


def _one(place: str, wrapped: PropertyValue) -> Any:  # noqa: ANN401 - a name, or what stands for a resource
    value = _input(wrapped)
    if not isinstance(value, pulumi.Output):
        return value
    return Made(place if _is_unknown(wrapped) else str(wrapped.value), value)


def _input(wrapped: PropertyValue) -> Any:  # noqa: ANN401 - an input of any type
    """Give a value as it is, or as an output where it is secret, not known yet, or made by another resource."""
    if _is_unknown(wrapped):
        return _output(None, wrapped, is_known=False)
    match wrapped.value:
        case Mapping() as table:
            inner: Any = {name: _input(each) for name, each in table.items()}
        case list() | tuple() as items:
            inner = [_input(each) for each in items]
        case _:
            inner = plain({"it": wrapped})["it"]
    return _output(inner, wrapped, is_known=True) if wrapped.is_secret or wrapped.dependencies else inner


def _output(value: Any, wrapped: PropertyValue, *, is_known: bool) -> pulumi.Output[Any]:  # noqa: ANN401 - of any type
    made_by: set[pulumi.Resource] = {DependencyResource(urn) for urn in wrapped.dependencies}
    output: pulumi.Output[Any] = pulumi.Output(made_by, _done(value), _done(is_known), _done(wrapped.is_secret))
    # What is inside may be outputs as well.
    return pulumi.Output.from_input(output)


def _is_unknown(wrapped: PropertyValue) -> bool:
    return plain({"it": wrapped})["it"] is UNKNOWN


def _done(value: _Value) -> asyncio.Future[_Value]:
    future: asyncio.Future[_Value] = asyncio.Future()
    future.set_result(value)
    return future
