"""Values that do not fit their target attribute, as far as that can be known of everybody.

Theory of operation. An expression gives what one of its *ends* gives: a constant, an attribute or a function, behind
whatever only chooses among them. Each end is held against the type of the target.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from provisioning.language import Expression
from provisioning.language.functions.table import FUNCTIONS, Kind
from provisioning.language.nodes import Attribute, Call, Number, Operand, Text
from provisioning.model.mapping import AttributeDefinition
from provisioning.planning.rules.case import Case, Touched
from provisioning.planning.rules.finding import Finding, picture_of
from provisioning.planning.rules.sources import SOURCE, expression_of

TRUTHS = frozenset({"true", "false"})

_WHOLE = re.compile(r"\s*[+-]?[0-9]+\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class _End:
    """One thing that a mapping may give."""

    touched: Touched
    target: AttributeDefinition
    node: Operand
    source: AttributeDefinition | None
    """What Entra says of the attribute, when it is one that Entra lists."""
    expression: Expression

    @property
    def is_alone(self) -> bool:
        return self.node is self.expression.root

    def mistake(self, sentence: str, hint: str = "") -> Finding:
        return self.touched.mistake(sentence, at=SOURCE, hint=hint, picture=self._picture)

    def warning(self, sentence: str, hint: str = "") -> Finding:
        return self.touched.warning(sentence, at=SOURCE, hint=hint, picture=self._picture)

    @property
    def _picture(self) -> str:
        return picture_of(str(self.expression), self.node.position)


def mismatched_types(case: Case) -> Iterator[Finding]:
    """Find values that are not of the target's type (Learn: customize-application-attributes, attribute types)."""
    for touched in case.touched():
        definition, mapping = touched.definition, touched.after
        if definition is None or mapping is None:
            continue
        default = mapping.default
        if definition.type == "Boolean" and default is not None and default.casefold() not in TRUTHS:
            yield touched.mistake(f"“{default}” is neither True nor False.", at=".default")
        expression = expression_of(touched)
        if expression is None:
            continue
        sources = case.sources(touched.kind)
        for node in expression.ends:
            source = sources.get(node.name) if isinstance(node, Attribute) else None
            yield from _about(_End(touched, definition, node, source, expression))


def _about(end: _End) -> Iterator[Finding]:
    match end.target.type:
        case "Boolean":
            yield from _boolean(end)
        case "Integer":
            yield from _integer(end)
        case "Reference":
            yield from _reference(end)
        case _ if end.source and end.source.type == "Reference":
            yield end.warning(f"[{end.source.name}] refers to another object, and {end.target.name} does not.")
    if not end.target.multivalued:
        yield from _several(end)


def _boolean(end: _End) -> Iterator[Finding]:
    """Only the texts True and False become booleans (provisioning-service 6)."""
    match end.node:
        case Text(value) | Number(value=value) if value.casefold() not in TRUTHS:
            yield end.mistake(f"“{value}” is neither True nor False, and {end.target.name} takes nothing else.")
        case Attribute(name) if end.source and end.source.type != "Boolean":
            yield end.warning(f"[{name}] is not a boolean, and {end.target.name} takes True and False alone.")
        case Call(name) if _gives(name) in {Kind.TEXT, Kind.NUMBER}:
            yield end.warning(f"{name} does not give a boolean, and {end.target.name} takes True and False alone.")
        case _:
            pass


def _integer(end: _End) -> Iterator[Finding]:
    match end.node:
        case Text(value) | Number(value=value) if not _WHOLE.fullmatch(value):
            yield end.mistake(f"“{value}” is not a whole number, and {end.target.name} takes nothing else.")
        case Call(name) if _gives(name) is Kind.BOOLEAN:
            yield end.mistake(f"{name} gives True or False, and {end.target.name} takes whole numbers.")
        case _:
            pass


def _reference(end: _End) -> Iterator[Finding]:
    """Find what is not a reference as it is: the service resolves nothing else (Learn: functions#switch)."""
    is_reference = isinstance(end.node, Attribute) and (end.source is None or end.source.type == "Reference")
    if not is_reference or not end.is_alone:
        yield end.mistake(
            f"{end.target.name} refers to another object, so only a reference can be mapped to it, as it is.",
            "Write an attribute such as [manager] alone.",
        )


def _several(end: _End) -> Iterator[Finding]:
    """Several values fail the person (Learn: concept-provisioning-logs, ``SchemaPropertyCanOnlyAcceptValue``)."""
    match end.node:
        case Attribute(name) if end.source and end.source.multivalued:
            yield end.mistake(
                f"[{name}] has several values, and {end.target.name} takes one.",
                f'Take one, as with Item([{name}], 1), or join them: Join(",", [{name}]).',
            )
        case Call(name) if _gives(name) is Kind.TEXTS:
            yield end.warning(f"{name} may give several values, and {end.target.name} takes one.")
        case _:
            pass


def _gives(name: str) -> Kind:
    return FUNCTIONS[name].gives
