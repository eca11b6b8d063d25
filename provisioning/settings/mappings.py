"""Mappings and scoping filters as people write them, in short forms and long ones, and the model's values of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from provisioning.errors import ConfigurationError
from provisioning.language import Expression, ScopingFilter
from provisioning.model.mapping import DeclaredMapping, FlowBehavior, FlowType, ObjectKind
from provisioning.settings.base import Count, SettingsModel
from provisioning.settings.mistakes import mistake_of, reporting


def _canonical_expression(text: str) -> str:
    """Give the canonical text, which is what is sent: it must not be too long either."""
    return str(Expression.parse(str(Expression.parse(text))))


def _text(written: object) -> object:
    """Refuse what YAML makes of an attribute's brackets: a list."""
    if isinstance(written, list):
        name = next((name for name in written if isinstance(name, str)), "mail")
        raise ConfigurationError("is a list to YAML, because of its brackets.", hint=f'Quote it: "[{name}]".')
    return written


def _long_form(written: object) -> object:
    """Turn the short form, a bare expression, into the long one."""
    if not isinstance(_text(written), str | dict | MappingSettings):
        raise ConfigurationError("must be an expression, or a table.", hint='Write it like "[mail]", in quotes.')
    return {"source": written} if isinstance(written, str) else written


_BareExpression = Annotated[
    str, Field(description="The expression that computes it, such as [mail].", examples=["[jobTitle]"])
]


class MappingSettings(SettingsModel):
    """How one target attribute gets its value. What is not written stays as the service has it."""

    source: Annotated[
        Annotated[str, AfterValidator(reporting(_canonical_expression))] | None,
        BeforeValidator(reporting(_text), json_schema_input_type=str | None),
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

    remove: bool = Field(
        default=False, exclude=True, description="Take the mapping away, as null does; nothing else is written then."
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
    MappingSettings, BeforeValidator(reporting(_long_form), json_schema_input_type=_BareExpression | MappingSettings)
]


def _unless_removed(written: object) -> object:
    """Take ``remove: true``, which every language can say, for null, which YAML programs and typed SDKs cannot."""
    if not isinstance(written, dict) or "remove" not in written:
        return written
    others = {name: value for name, value in written.items() if name != "remove" and value is not None}
    match written["remove"]:
        case True if others:
            raise ConfigurationError(f"is removed, and has {', '.join(sorted(others))}.", hint="Write remove alone.")
        case True:
            return None
        case False | None:
            return {name: value for name, value in written.items() if name != "remove"}
        case _:
            raise ConfigurationError("remove must be true or false.")


Mappings = dict[
    str,
    Annotated[
        LongMapping | None,
        BeforeValidator(reporting(_unless_removed), json_schema_input_type=_BareExpression | MappingSettings | None),
    ],
]
"""By target attribute; null, or ``remove: true``, removes the mapping."""

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
    """Refuse what is not a filter. Every clause that cannot be read is told, with its place."""
    findings = [(place, _mistake_in(clause)) for place, clause in _placed(clauses)]
    mistakes = [InitErrorDetails(type=mistake, loc=place, input=None) for place, mistake in findings if mistake]
    if mistakes:
        raise ValidationError.from_exception_data("filter", mistakes)
    ScopingFilter.parse(clauses)
    return clauses


def _mistake_in(clause: str) -> PydanticCustomError | None:
    try:
        ScopingFilter.parse([clause])
    except ConfigurationError as error:
        return mistake_of(error)
    return None


def _placed(clauses: Clauses) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Take a filter apart, each clause with its place in what was written."""
    lists = clauses.items() if isinstance(clauses, dict) else enumerate(clauses)
    for place, written in lists:
        if isinstance(written, str):
            yield (place,), written
        else:
            yield from (((place, number), clause) for number, clause in enumerate(written))


ReadableFilter = Annotated[
    Clauses, BeforeValidator(reporting(_shaped), json_schema_input_type=Clauses), AfterValidator(reporting(_readable))
]


class MappingsByKind(SettingsModel):
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


class FiltersByKind(SettingsModel):
    """The scoping filters of both kinds of objects. Null, or an empty list, removes a filter."""

    users: ReadableFilter | None = Field(
        default=None, description="Clauses that must all hold.", examples=[["department EQUALS Sales"]]
    )
    groups: ReadableFilter | None = Field(
        default=None, description="Clauses that must all hold.", examples=[["displayName Includes Elium"]]
    )


def declared_mappings(written: MappingsByKind) -> dict[ObjectKind, dict[str, DeclaredMapping | None]]:
    """Give the model's mappings, by kind and target attribute."""
    by_kind = {ObjectKind.USERS: written.users, ObjectKind.GROUPS: written.groups}
    return {
        kind: {target: mapping.declared(target) if mapping else None for target, mapping in mappings.items()}
        for kind, mappings in by_kind.items()
        if mappings
    }


def declared_filters(written: FiltersByKind) -> dict[ObjectKind, ScopingFilter | None]:
    """Give the model's filters, for the kinds that were written."""
    by_kind = {ObjectKind.USERS: written.users, ObjectKind.GROUPS: written.groups}
    return {
        kind: ScopingFilter.parse(clauses) if clauses else None
        for kind, clauses in by_kind.items()
        if kind.value in written.model_fields_set
    }
