"""The written forms that a stack's configuration and the resource's inputs share: mappings, filters, switches."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from provisioning.errors import ConfigurationError
from provisioning.language import Expression, ScopingFilter
from provisioning.model.mapping import DeclaredMapping, FlowBehavior, FlowType, ObjectKind
from provisioning.settings.mistakes import told


def camel(name: str) -> str:
    """Write a field's name as a setting: ``tenant_url`` is ``tenantUrl``."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


class Written(BaseModel):
    """What people write: camel case, nothing unknown, and nothing of it in an error's text."""

    model_config = ConfigDict(
        alias_generator=camel, extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True
    )


LARGEST = 2**31 - 1
"""What Graph's numbers hold (graph: attributemapping, ``matchingPriority`` is an Int32); assumed of the others."""


def _number(written: object) -> object:
    """Refuse a truth value, which Python takes for 1 or 0."""
    if isinstance(written, bool):
        raise PydanticCustomError("int_type", "must be a whole number")
    return written


Count = Annotated[int, Field(ge=0, le=LARGEST), BeforeValidator(_number)]
"""A whole number from 0."""


def _canonical_expression(text: str) -> str:
    """Give the canonical text, which is what is sent: it must not be too long either."""
    return str(Expression.parse(str(Expression.parse(text))))


def _text(written: object) -> object:
    """Refuse what YAML makes of an attribute's brackets: a list."""
    if isinstance(written, list):
        names = ", ".join(name for name in written if isinstance(name, str))
        raise ConfigurationError("is a list to YAML, because of its brackets.", hint=f'Quote it: "[{names}]".')
    return written


def _long_form(written: object) -> object:
    """Turn the short form, a bare expression, into the long one."""
    return {"source": written} if isinstance(_text(written), str) else written


_BareExpression = Annotated[
    str, Field(description="The expression that computes it, such as [mail].", examples=["[jobTitle]"])
]


class WrittenMapping(Written):
    """How one target attribute gets its value. What is not written stays as the service has it."""

    source: Annotated[
        Annotated[str, AfterValidator(told(_canonical_expression))] | None,
        BeforeValidator(told(_text), json_schema_input_type=str | None),
    ] = Field(
        default=None, description="The expression that computes it; null leaves it to the default.", examples=["[mail]"]
    )
    match: Count | None = Field(
        default=None,
        description="Its turn when looking for an existing account, from 1; 0: not used to match.",
        examples=[1],
    )
    default: str | None = Field(
        default=None, description="Used when the source gives nothing, and only when the account is created."
    )
    flow_type: FlowType = Field(default=FlowType.ALWAYS, description="When it is written, in Graph's words.")
    flow_behavior: FlowBehavior = Field(
        default=FlowBehavior.FLOW_WHEN_CHANGED, description="Whether an unchanged value is written again."
    )

    def declared(self, target: str) -> DeclaredMapping:
        """Give the model's value, naming only what was written."""
        named: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if named.get("source") is not None:
            named["source"] = Expression.parse(named["source"])
        if "match" in named:
            named["match"] = named["match"] or None
        return DeclaredMapping(target, named)


LongMapping = Annotated[
    WrittenMapping, BeforeValidator(told(_long_form), json_schema_input_type=_BareExpression | WrittenMapping)
]
Mappings = dict[str, LongMapping | None]
"""By target attribute; null removes the mapping."""

Clauses = list[str] | list[list[str]] | dict[str, list[str]]
"""Clauses that must all hold, such as ``department EQUALS Sales``; or lists of them, named or not: one must hold."""


def _shaped(written: object) -> object:
    """Refuse what is neither clauses nor lists of them, in one sentence for all the forms that a filter may have."""
    lists = list(written.values()) if isinstance(written, dict) else written
    parts = lists if isinstance(lists, list) else [None]
    if not all(isinstance(part, str) or (isinstance(part, list) and all(map(_is_text, part))) for part in parts):
        raise ConfigurationError("must be a list of clauses.", hint="Write each like: department EQUALS Sales.")
    if isinstance(written, dict) and any(map(_is_text, parts)):
        raise ConfigurationError("each title must have a list of clauses.")
    if any(map(_is_text, parts)) and not all(map(_is_text, parts)):
        raise ConfigurationError("clauses and lists of clauses are mixed.", hint="Put all of them into lists.")
    return written


def _is_text(part: object) -> bool:
    return isinstance(part, str)


def _readable(clauses: Clauses) -> Clauses:
    ScopingFilter.parse(clauses)
    return clauses


ReadableFilter = Annotated[
    Clauses, BeforeValidator(told(_shaped), json_schema_input_type=Clauses), AfterValidator(told(_readable))
]


class WrittenMappings(Written):
    """The attribute mappings of both kinds of objects."""

    users: Mappings = Field(
        default={},
        description="By target attribute; null removes a mapping.",
        examples=[{"userName": {"source": "[userPrincipalName]", "match": 1}, "title": "[jobTitle]", "nickName": None}],
    )
    groups: Mappings = Field(
        default={},
        description="By target attribute; null removes a mapping.",
        examples=[{"displayName": {"source": "[displayName]", "match": 1}}],
    )


class WrittenFilters(Written):
    """The scoping filters of both kinds of objects. Null removes a filter."""

    users: ReadableFilter | None = Field(
        default=None, description="Clauses that must all hold.", examples=[["department EQUALS Sales"]]
    )
    groups: ReadableFilter | None = Field(
        default=None, description="Clauses that must all hold.", examples=[["displayName Includes Elium"]]
    )


def declared_mappings(written: WrittenMappings) -> dict[ObjectKind, dict[str, DeclaredMapping | None]]:
    """Give the model's mappings, by kind and target attribute."""
    by_kind = {ObjectKind.USERS: written.users, ObjectKind.GROUPS: written.groups}
    return {
        kind: {target: mapping.declared(target) if mapping else None for target, mapping in mappings.items()}
        for kind, mappings in by_kind.items()
        if mappings
    }


def declared_filters(written: WrittenFilters) -> dict[ObjectKind, ScopingFilter | None]:
    """Give the model's filters, for the kinds that were written."""
    by_kind = {ObjectKind.USERS: written.users, ObjectKind.GROUPS: written.groups}
    return {
        kind: ScopingFilter.parse(clauses) if clauses else None
        for kind, clauses in by_kind.items()
        if kind.value in written.model_fields_set
    }
