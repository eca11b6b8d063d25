"""The written forms of what is provisioned: switches and actions of the kinds, and attributes of Elium's own."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from provisioning.errors import ConfigurationError
from provisioning.model.attribute import AttributeDefinition
from provisioning.model.mapping import ObjectAction, ObjectKind
from provisioning.settings.mistakes import told
from provisioning.settings.written import Written

_SWITCH = {"on": True, "off": False, "true": True, "false": False}

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


class WrittenUsers(Written):
    """How users are provisioned; that they are cannot be switched off."""

    actions: Annotated[list[ObjectAction], Field(min_length=1), AfterValidator(_in_order)] | None = Field(
        default=None,
        description="What Entra may do at Elium, as under Target Object Actions. Disabling is an update.",
        examples=[["create", "update"]],
    )


class WrittenGroups(WrittenUsers):
    """Whether and how groups are provisioned."""

    enabled: bool | None = Field(default=None, description="Whether groups are provisioned.", examples=[False])


class WrittenObjects(Written):
    """Which kinds of objects are provisioned, and what may be done. Users always are."""

    users: Annotated[WrittenUsers, BeforeValidator(told(_never_off), json_schema_input_type=WrittenUsers)] | None = (
        Field(default=None, description="How users are provisioned.", examples=[{"actions": ["create", "update"]}])
    )
    groups: (
        Annotated[
            WrittenGroups,
            BeforeValidator(_long_switch, json_schema_input_type=bool | Literal["on", "off"] | WrittenGroups),
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


def _custom_name(name: str) -> str:
    if not _CUSTOM.fullmatch(name):
        raise ConfigurationError(
            "an attribute of Elium's own is named like urn:ietf:params:scim:schemas:extension:Elium:2.0:User:badge."
        )
    return name


def _text_type(written: object) -> object:
    """Only texts can be added, of one value (Learn: customize-application-attributes#custom-extension-attributes)."""
    if written != "String":
        raise ConfigurationError("only texts of one value can be added.", hint="Write String.")
    return written


def _long_attribute(written: object) -> object:
    return {"type": written} if isinstance(written, str) else written


class WrittenAttribute(Written):
    """An attribute that Elium has and the app does not list: a text of one value."""

    type: Annotated[Literal["String"], BeforeValidator(told(_text_type), json_schema_input_type=Literal["String"])] = (
        Field(default="String", description="Its type; only texts can be added.")
    )
    case_exact: bool = Field(
        default=False, description="Whether values that differ in case alone are different, and sent."
    )


Attributes = dict[
    Annotated[str, AfterValidator(told(_custom_name))],
    Annotated[
        WrittenAttribute,
        BeforeValidator(_long_attribute, json_schema_input_type=Literal["String"] | WrittenAttribute),
    ],
]
"""By name, a URN."""

_EXAMPLE = {"urn:ietf:params:scim:schemas:extension:Elium:2.0:User:badge": {"type": "String"}}


class WrittenAttributes(Written):
    """Attributes of Elium's own, which mappings may write then. They are added and never removed."""

    users: Attributes = Field(default={}, description="By name, a URN.", examples=[_EXAMPLE])
    groups: Attributes = Field(default={}, description="By name, a URN.")

    def declared(self) -> dict[ObjectKind, dict[str, AttributeDefinition]]:
        """Give the model's attributes, by kind and name."""
        by_kind: dict[ObjectKind, dict[str, Any]] = {ObjectKind.USERS: self.users, ObjectKind.GROUPS: self.groups}
        return {
            kind: {name: AttributeDefinition(name, case_exact=each.case_exact) for name, each in attributes.items()}
            for kind, attributes in by_kind.items()
            if attributes
        }
