"""What is provisioned, as people write it: switches and actions of the kinds, and attributes that no list has."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from provisioning.errors import ConfigurationError
from provisioning.model.mapping import AttributeDefinition, ObjectAction, ObjectKind
from provisioning.model.sources import is_extension
from provisioning.settings.base import SettingsModel
from provisioning.settings.mistakes import mistake_of, reporting

_SWITCH = {"on": True, "off": False, "true": True, "false": False}

AttributeType = Literal["String", "Boolean", "Integer", "DateTime", "Binary", "Reference"]
"""Graph's types (graph: synchronization-attributedefinition)."""

_CUSTOM = re.compile(r"urn:ietf:params:scim:schemas:extension:[^:\s]+:2\.0:(User|Group):[A-Za-z][\w.-]*", re.IGNORECASE)


def _in_order(actions: list[ObjectAction]) -> list[ObjectAction]:
    return [action for action in ObjectAction if action in actions]


def _long_switch(written: object) -> object:
    """Turn the short form, a bare on or off, into the long one."""
    if isinstance(written, bool):
        return {"enabled": written}
    if isinstance(written, str):
        if written.lower() not in _SWITCH:
            raise PydanticCustomError("bool_parsing", "must be true or false")
        return {"enabled": _SWITCH[written.lower()]}
    return written


def _never_off(written: object) -> object:
    """Refuse to switch users off (Learn: customize-application-attributes)."""
    long = _long_switch(written)
    if not isinstance(long, dict) or "enabled" not in long:
        return long
    if long["enabled"] is not True:
        raise ConfigurationError("users cannot be switched off.", hint="To stop provisioning, set status to off.")
    return {name: value for name, value in long.items() if name != "enabled"}


class UsersSettings(SettingsModel):
    """How users are provisioned; that they are cannot be switched off."""

    actions: Annotated[list[ObjectAction], Field(min_length=1), AfterValidator(_in_order)] | None = Field(
        default=None,
        description="What Entra may do at the app, as under Target Object Actions. Disabling is an update.",
        examples=[["create", "update"]],
    )


class GroupsSettings(UsersSettings):
    """Whether and how groups are provisioned."""

    enabled: bool | None = Field(default=None, description="Whether groups are provisioned.", examples=[False])


class ObjectsByKind(SettingsModel):
    """Which kinds of objects are provisioned, and what may be done. Users always are."""

    users: (
        Annotated[UsersSettings, BeforeValidator(reporting(_never_off), json_schema_input_type=UsersSettings)] | None
    ) = Field(default=None, description="How users are provisioned.", examples=[{"actions": ["create", "update"]}])
    groups: (
        Annotated[
            GroupsSettings,
            BeforeValidator(_long_switch, json_schema_input_type=bool | Literal["on", "off"] | GroupsSettings),
        ]
        | None
    ) = Field(default=None, description="Whether groups are provisioned, and how.", examples=[False])

    def switches(self) -> dict[ObjectKind, bool]:
        """Give the switches that were written."""
        is_on = self.groups.enabled if self.groups else None
        return {} if is_on is None else {ObjectKind.GROUPS: is_on}

    def actions(self) -> dict[ObjectKind, frozenset[ObjectAction]]:
        """Give the actions that were written, by kind."""
        by_kind = {ObjectKind.USERS: self.users, ObjectKind.GROUPS: self.groups}
        return {kind: frozenset(written.actions) for kind, written in by_kind.items() if written and written.actions}


def _declared_name(name: str) -> str:
    if not _CUSTOM.fullmatch(name) and not is_extension(name):
        raise ConfigurationError(
            "an attribute of the app's own is named like urn:ietf:params:scim:schemas:extension:Acme:2.0:User:badge, "
            "an extension of the directory like extension_<32 digits of an app id, without hyphens>_costCenter."
        )
    return name


def _long_attribute(written: object) -> object:
    return {"type": written} if isinstance(written, str) else written


class AttributeSettings(SettingsModel):
    """An attribute of one value that no list has: the app's own, or an extension of the directory."""

    type: AttributeType = Field(
        default="String", description="Its type. The app's own are texts; an extension may be of any type."
    )
    case_exact: bool = Field(
        default=False, description="Whether values that differ in case alone are different, and sent."
    )


def _own_are_texts(attributes: dict[str, AttributeSettings]) -> dict[str, AttributeSettings]:
    """Only texts can be added to the target (Learn: customize-application-attributes#custom-extension-attributes)."""
    problem = mistake_of(ConfigurationError("only texts of one value can be added.", hint="Write String."))
    mistakes = [
        InitErrorDetails(type=problem, loc=(name, "type"), input=None)
        for name, attribute in attributes.items()
        if attribute.type != "String" and not is_extension(name)
    ]
    if mistakes:
        raise ValidationError.from_exception_data("attributes", mistakes)
    return attributes


Attributes = Annotated[
    dict[
        Annotated[str, AfterValidator(reporting(_declared_name))],
        Annotated[
            AttributeSettings,
            BeforeValidator(_long_attribute, json_schema_input_type=AttributeType | AttributeSettings),
        ],
    ],
    AfterValidator(_own_are_texts),
]
"""By name: a URN of the target's, or an extension of the source directory."""

_EXAMPLE = {
    "urn:ietf:params:scim:schemas:extension:Elium:2.0:User:badge": {"type": "String"},
    "extension_7a1d5f0c5c0e4d118a5b6c7d8e9f0a1b_costCenter": {"type": "String"},
}


class AttributesByKind(SettingsModel):
    """Attributes that mappings may write or read then, and filters ask. They are added and never removed."""

    users: Attributes = Field(
        default={}, description="By name: a URN of the app's, or extension_<app id>_<name>.", examples=[_EXAMPLE]
    )
    groups: Attributes = Field(default={}, description="By name: a URN of the app's, or extension_<app id>_<name>.")

    def declared(self) -> dict[ObjectKind, dict[str, AttributeDefinition]]:
        """Give the app's own attributes, by kind and name."""
        return self._by_kind(lambda name: not is_extension(name))

    def sources(self) -> dict[ObjectKind, dict[str, AttributeDefinition]]:
        """Give the extensions of the directory, by kind and name.

        They are defined on the source side (graph: synchronization-configure-with-directory-extension-attributes).
        """
        return self._by_kind(is_extension)

    def _by_kind(self, fits: Callable[[str], bool]) -> dict[ObjectKind, dict[str, AttributeDefinition]]:
        by_kind = {ObjectKind.USERS: self.users, ObjectKind.GROUPS: self.groups}
        chosen = {
            kind: {name: _definition(name, each) for name, each in attributes.items() if fits(name)}
            for kind, attributes in by_kind.items()
        }
        return {kind: attributes for kind, attributes in chosen.items() if attributes}


def _definition(name: str, written: AttributeSettings) -> AttributeDefinition:
    return AttributeDefinition(name, type=written.type, case_exact=written.case_exact)
